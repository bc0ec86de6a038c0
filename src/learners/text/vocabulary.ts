import { characterNgrams } from './character-ngrams.js';
import { chooseTerms, type ChosenTerms, type VocabularyLimits } from './choose-terms.js';
import type { FactoredRows } from './factored-rows.js';
import { growingList } from './growing-list.js';
import type { TfidfAnalyzer, TfidfModel } from './model.js';
import { tokenKey, tokenRows, type TokenRows } from './token-rows.js';
import { wordNgrams, type WordNgrams } from './word-ngrams.js';

/** What texts are made of, in the terms of some vectorisers. */
export interface Vocabulary {
  readonly vectorizers: readonly TfidfModel[];
  /** The texts it was learnt from, the terms of all vectorisers side by side. */
  readonly rows: FactoredRows;
}

/** Which terms a unit holds, of one vectoriser: lists by unit. */
interface UnitTerms {
  readonly start: Int32Array;
  /** Term of the vectoriser, -1 for an n-gram that became none. */
  readonly term: Int32Array;
}

/**
 * Learns terms and their inverse document frequencies (Spärck Jones 1972; smoothed as in scikit-learn), and which of
 * them occur in which text. Character n-grams keep to the 4093 characters that occur in most texts.
 */
export function learnVocabulary(
  texts: readonly (string | null)[],
  analyzers: readonly TfidfAnalyzer[],
  limits: VocabularyLimits,
): Vocabulary {
  const chosen = new Array<ChosenTerms>(analyzers.length);
  const parts: { ngrams: WordNgrams; terms: { analyzer: number; held: UnitTerms }[] }[] = [];
  const idf = new Array<Float64Array>(analyzers.length);
  const idfOf = (count: number): number => Math.log((1 + texts.length) / (1 + count)) + 1;
  for (const group of groupBy(analyzers)) {
    const rows = tokenRows(texts, analyzers[group[0]]);
    const longest = Math.max(1, ...group.map((a) => (analyzers[a].unit === 'word' ? analyzers[a].maxN : 1)));
    const ngrams = wordNgrams(rows, longest, limits.minDocumentFrequency);
    const terms = group.map((a) => {
      const learn = analyzers[a].unit === 'word' ? wordTerms : characterTerms;
      const { own, held, documentsOf } = learn(analyzers[a], rows, ngrams, limits);
      chosen[a] = own;
      idf[a] = Float64Array.from(own.ids, (id) => idfOf(documentsOf(id)));
      return { analyzer: a, held };
    });
    parts.push({ ngrams, terms });
  }
  const offsets: number[] = [];
  let nTerms = 0;
  for (const { terms } of chosen) {
    offsets.push(nTerms);
    nTerms += terms.length;
  }
  const vectorizers = analyzers.map((analyzer, a): TfidfModel =>
    Object.freeze({
      kind: 'tfidf',
      format: (analyzer.tokens ?? 'words') === 'words' ? 1 : 2,
      analyzer: Object.freeze({ ...analyzer }),
      terms: Object.freeze(chosen[a].terms),
      idf: idf[a],
    }),
  );
  return { vectorizers, rows: joinUnits(texts.length, nTerms, offsets, parts) };
}

/** Analyzers that cut texts into the same tokens. */
function groupBy(analyzers: readonly TfidfAnalyzer[]): number[][] {
  const groups = new Map<string, number[]>();
  analyzers.forEach((analyzer, a) => {
    const key = tokenKey(analyzer);
    groups.set(key, [...(groups.get(key) ?? []), a]);
  });
  return [...groups.values()];
}

interface LearntTerms {
  readonly own: ChosenTerms;
  readonly held: UnitTerms;
  readonly documentsOf: (id: number) => number;
}

function wordTerms(
  { minN, maxN }: TfidfAnalyzer,
  _rows: TokenRows,
  ngrams: WordNgrams,
  limits: VocabularyLimits,
): LearntTerms {
  const ids: number[] = [];
  for (let id = 0; id < ngrams.size; id++) {
    if (ngrams.documentsOf(id) < limits.minDocumentFrequency) continue;
    const order = ngrams.orderOf(id);
    if (order >= minN && order <= maxN) ids.push(id);
  }
  const { documentsOf, spell } = ngrams;
  const own = chooseTerms({ ids, documentsOf, spell }, limits);
  const start = new Int32Array(ngrams.size + 1);
  for (const id of own.ids) start[id + 1] = 1;
  for (let id = 0; id < ngrams.size; id++) start[id + 1] += start[id];
  const term = new Int32Array(own.ids.length);
  own.ids.forEach((id, t) => (term[start[id]] = t));
  return { own, held: { start, term }, documentsOf };
}

function characterTerms(
  analyzer: TfidfAnalyzer,
  rows: TokenRows,
  _ngrams: WordNgrams,
  limits: VocabularyLimits,
): LearntTerms {
  const { tokenStart, ngram, size, documentsOf, spell } = characterNgrams(rows, analyzer);
  const ids: number[] = [];
  for (let id = 1; id < size; id++) if (documentsOf(id) >= limits.minDocumentFrequency) ids.push(id);
  const own = chooseTerms({ ids, documentsOf, spell }, limits);
  const termOf = new Int32Array(size).fill(-1);
  own.ids.forEach((id, t) => (termOf[id] = t));
  return { own, held: { start: tokenStart, term: ngram.map((id) => termOf[id]) }, documentsOf };
}

/** The units of all parts side by side, without those that hold no term. */
function joinUnits(
  nRows: number,
  nTerms: number,
  offsets: readonly number[],
  parts: readonly { ngrams: WordNgrams; terms: readonly { analyzer: number; held: UnitTerms }[] }[],
): FactoredRows {
  const terms = growingList();
  const unitStart = growingList();
  unitStart.push(0);
  const unitOf = parts.map(({ ngrams, terms: lists }) => {
    const numbers = new Int32Array(ngrams.size).fill(-1);
    for (let id = 0; id < ngrams.size; id++) {
      const before = terms.length;
      for (const { analyzer, held } of lists) {
        // Longer n-grams of tokens hold no characters of their own.
        if (id + 1 >= held.start.length) continue;
        for (let s = held.start[id]; s < held.start[id + 1]; s++)
          if (held.term[s] >= 0) terms.push(offsets[analyzer] + held.term[s]);
      }
      if (terms.length === before) continue;
      numbers[id] = unitStart.length - 1;
      unitStart.push(terms.length);
    }
    return numbers;
  });
  const most = parts.reduce((sum, { ngrams }) => sum + ngrams.ngram.length, 0);
  const unit = new Int32Array(most);
  const rowStart = new Int32Array(nRows + 1);
  let at = 0;
  for (let i = 0; i < nRows; i++) {
    parts.forEach(({ ngrams }, p) => {
      const numbers = unitOf[p];
      for (let s = ngrams.rowStart[i]; s < ngrams.rowStart[i + 1]; s++) {
        const number = numbers[ngrams.ngram[s]];
        if (number >= 0) unit[at++] = number;
      }
    });
    rowStart[i + 1] = at;
  }
  return {
    nRows,
    nUnits: unitStart.length - 1,
    nTerms,
    rowStart,
    unit: unit.slice(0, at),
    unitStart: unitStart.values(),
    term: terms.values(),
  };
}
