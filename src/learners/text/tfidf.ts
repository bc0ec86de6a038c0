import { SparseMatrix } from '../../core/sparse-matrix.js';
import { ConfigError } from '../../core/errors.js';
import { checkWhole } from '../linear/params.js';
import { knownCharacters } from './known-characters.js';
import type { TfidfAnalyzer, TfidfModel } from './model.js';
import { createNgrams } from './ngrams.js';
import { checkAnalyzer } from './tokenize.js';

/** Which n-grams become terms. */
export interface VocabularyLimits {
  /** Texts a term must occur in. */
  readonly minDocumentFrequency: number;
  /** Terms kept, those in most texts first, at most 2^20. */
  readonly maxTerms: number;
}

/** More terms than this cannot be named in 20 bits. */
export const largestVocabulary = 2 ** 20;

/**
 * Learns terms and their inverse document frequencies (Spärck Jones 1972; smoothed as in scikit-learn). Where
 * `maxTerms` cuts, terms in more texts stay, the smaller by code unit among equals; character n-grams keep to the
 * 4095 characters that occur in most texts.
 *
 * @throws {ConfigError} for an analyzer or a limit out of its range
 * @example
 * fitTfidf(['so good', 'so bad'], { unit: 'word', minN: 1, maxN: 1, maxLength: 400 },
 *   { minDocumentFrequency: 2, maxTerms: 10 }).terms // ['so']
 */
export function fitTfidf(
  texts: readonly (string | null)[],
  analyzer: TfidfAnalyzer,
  { minDocumentFrequency, maxTerms }: VocabularyLimits,
): TfidfModel {
  checkAnalyzer(analyzer, 'analyzer');
  checkWhole('minDocumentFrequency', minDocumentFrequency, 1, 2 ** 31);
  checkWhole('maxTerms', maxTerms, 1, largestVocabulary);
  const isKnown = analyzer.unit === 'char' ? knownCharacters(texts, analyzer.maxLength) : undefined;
  const ngrams = createNgrams(analyzer, isKnown);
  let documents = new Int32Array(1 << 12);
  let lastText = new Int32Array(1 << 12).fill(-1);
  texts.forEach((text, i) => {
    ngrams.learn(text, (ngram) => {
      if (ngram >= documents.length) {
        documents = enlarged(documents, ngram, 0);
        lastText = enlarged(lastText, ngram, -1);
      }
      if (lastText[ngram] === i) return;
      lastText[ngram] = i;
      documents[ngram]++;
    });
  });

  const kept: { term: string; count: number }[] = [];
  for (let ngram = 1; ngram < Math.min(ngrams.size, documents.length); ngram++) {
    const count = documents[ngram];
    if (count >= minDocumentFrequency) kept.push({ term: ngrams.spell(ngram), count });
  }
  const byTerm = (a: { term: string }, b: { term: string }): number => (a.term < b.term ? -1 : 1);
  if (kept.length > maxTerms) {
    kept.sort((a, b) => b.count - a.count || byTerm(a, b));
    kept.length = maxTerms;
  }
  kept.sort(byTerm);
  return Object.freeze({
    kind: 'tfidf',
    format: 1,
    analyzer: Object.freeze({ ...analyzer }),
    terms: Object.freeze(kept.map(({ term }) => term)),
    idf: Float64Array.from(kept, ({ count }) => Math.log((1 + texts.length) / (1 + count)) + 1),
  });
}

function enlarged(array: Int32Array, index: number, filler: number): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(2 * Math.max(index, array.length)).fill(filler);
  copy.set(array);
  return copy;
}

/**
 * How often each term occurs in each text.
 * @returns `[texts.length, nTerms]`
 */
export function countTerms(model: TfidfModel, texts: readonly (string | null)[]): SparseMatrix {
  const ngrams = createNgrams(model.analyzer);
  const nodes = model.terms.map((term) => ngrams.add(term));
  const termOf = new Int32Array(ngrams.size).fill(-1);
  nodes.forEach((node, term) => (termOf[node] = term));

  const rowStart = new Int32Array(texts.length + 1);
  let column = new Int32Array(1 << 12);
  let value = new Float64Array(1 << 12);
  const place = new Int32Array(model.terms.length).fill(-1);
  let at = 0;
  texts.forEach((text, i) => {
    const start = at;
    ngrams.visit(text, (ngram) => {
      const term = termOf[ngram];
      if (term < 0) return;
      if (place[term] >= start) {
        value[place[term]]++;
        return;
      }
      if (at === column.length) {
        column = enlarged(column, at, 0);
        const longer = new Float64Array(column.length);
        longer.set(value);
        value = longer;
      }
      place[term] = at;
      column[at] = term;
      value[at++] = 1;
    });
    rowStart[i + 1] = at;
  });
  return Object.freeze({
    nRows: texts.length,
    nColumns: model.terms.length,
    rowStart,
    column: column.slice(0, at),
    value: value.slice(0, at),
  });
}

/**
 * TF-IDF rows with the terms of all vectorisers side by side: term t of text d has the value
 * count * idf / sqrt(sum over the occurrences of all terms of idf²). Without repeated terms that is scikit-learn's
 * L2 norm.
 *
 * @returns `[texts.length, sum of nTerms]`; a text without a known term has an empty row
 * @throws {ConfigError} when there is no vectoriser
 */
export function tfidfRows(
  vectorizers: readonly TfidfModel[],
  texts: readonly (string | null)[],
): SparseMatrix {
  if (vectorizers.length === 0) throw new ConfigError('vectorizers must hold at least one');
  const counts = SparseMatrix.concat(vectorizers.map((model) => countTerms(model, texts)));
  const idf = new Float64Array(counts.nColumns);
  let offset = 0;
  for (const model of vectorizers) {
    idf.set(model.idf, offset);
    offset += model.idf.length;
  }
  const { rowStart, column } = counts;
  const value = counts.value.slice();
  for (let i = 0; i < counts.nRows; i++) {
    let squares = 0;
    for (let s = rowStart[i]; s < rowStart[i + 1]; s++) squares += value[s] * idf[column[s]] ** 2;
    const norm = Math.sqrt(squares);
    for (let s = rowStart[i]; s < rowStart[i + 1]; s++) value[s] *= idf[column[s]] / norm;
  }
  return Object.freeze({ ...counts, value });
}
