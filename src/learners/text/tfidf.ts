import type { SparseMatrix } from '../../core/sparse-matrix.js';
import { checkInteger, mergeParams } from '../params.js';
import { ConfigError } from '../../core/errors.js';
import { frequentTerms } from './frequent-terms.js';
import type { TfidfAnalyzer, TfidfModel } from './model.js';
import { ngramTrie } from './ngram-trie.js';
import { splitUnits } from './tokenize.js';
import { noUnit, unitIds } from './unit-ids.js';

/** Which terms a vectoriser keeps. */
export interface TfidfParams {
  /** Texts a term must occur in. */
  readonly minDocumentFrequency: number;
  /** The terms in the most texts are kept. */
  readonly maxTerms: number;
}

const defaults: TfidfParams = { minDocumentFrequency: 2, maxTerms: 200_000 };

/**
 * Refuses an analyser that cannot be written as an ONNX graph.
 * @throws {ConfigError} naming the part and its range
 */
export function checkAnalyzer(analyzer: TfidfAnalyzer): void {
  if (analyzer.unit !== 'word' && analyzer.unit !== 'char') {
    throw new ConfigError(`unit=${String(analyzer.unit)} must be one of word, char`);
  }
  // The ids of an n-gram are packed into 60 bits: five characters or three words.
  const longest = analyzer.unit === 'char' ? 5 : 3;
  checkInteger(analyzer, 'maxN', 1, longest);
  checkInteger(analyzer, 'minN', 1, analyzer.maxN);
  // RE2, which cuts the text in the graph, repeats a pattern up to 1000 times; two such repeats are joined.
  checkInteger(analyzer, 'maxLength', 1, 2000);
}

/**
 * Given bounds over the defaults.
 * @throws {ConfigError} naming the first bound that is unknown or out of its range
 */
export function tfidfParams(given: Partial<TfidfParams>): TfidfParams {
  const params = mergeParams('TF-IDF', defaults, given);
  checkInteger(params, 'minDocumentFrequency', 1, 2 ** 31 - 1);
  checkInteger(params, 'maxTerms', 1, 2 ** 20);
  return params;
}

/**
 * Learns the terms and their smoothed inverse document frequencies ln((1 + n) / (1 + df)) + 1 (Salton & Buckley
 * 1988; scikit-learn's `smooth_idf`).
 *
 * @param texts `[nTexts]`, sanitised
 * @throws {ConfigError} naming a part of the analyser or a parameter that is out of its range
 */
export function fitTfidf(
  texts: readonly string[],
  analyzer: TfidfAnalyzer,
  given: Partial<TfidfParams> = {},
): TfidfModel {
  checkAnalyzer(analyzer);
  const { minDocumentFrequency, maxTerms } = tfidfParams(given);
  const terms = frequentTerms(texts, analyzer, minDocumentFrequency, maxTerms);
  return Object.freeze({
    kind: 'tfidf',
    format: 1,
    analyzer: Object.freeze({ ...analyzer }),
    terms: terms.map(({ term }) => term),
    idf: Float64Array.from(terms, ({ documents }) => Math.log((1 + texts.length) / (1 + documents)) + 1),
  });
}

/**
 * How often every known term occurs in every text.
 * @param texts `[nTexts]`, sanitised
 * @returns `[nTexts, nTerms]` counts, the terms of a text in the order of their first occurrence
 */
export function transformTfidf(model: TfidfModel, texts: readonly string[]): SparseMatrix {
  const { analyzer, terms } = model;
  const parts = terms.map((term) => splitUnits(term, analyzer));
  const names = [...new Set(parts.flat())];
  const idOf = new Map(names.map((name, id) => [name, id]));
  const trie = ngramTrie();
  const ends = parts.map((part) => part.reduce((node, name) => trie.addChild(node, idOf.get(name)!), 0));
  const column = new Int32Array(trie.size()).fill(-1);
  ends.forEach((node, c) => (column[node] = c));

  const ids = unitIds(analyzer, names);
  const starts = new Uint32Array(texts.length + 1);
  const slot = new Int32Array(terms.length).fill(-1);
  let columns = new Uint32Array(1 << 12);
  let values = new Float64Array(1 << 12);
  let size = 0;
  texts.forEach((text, d) => {
    const units = ids.encode(text);
    if (size + units.length * analyzer.maxN > columns.length)
      reserve(2 * (size + units.length * analyzer.maxN));
    for (let i = 0; i < units.length; i++) {
      let node = 0;
      for (let j = i; j < i + analyzer.maxN && j < units.length && units[j] !== noUnit; j++) {
        node = trie.child(node, units[j]);
        if (node < 0) break;
        const c = column[node];
        if (c < 0) continue;
        if (slot[c] < starts[d]) {
          slot[c] = size;
          columns[size] = c;
          values[size++] = 0;
        }
        values[slot[c]]++;
      }
    }
    starts[d + 1] = size;
  });
  return {
    nRows: texts.length,
    nColumns: terms.length,
    starts,
    columns: columns.slice(0, size),
    values: values.slice(0, size),
  };

  function reserve(capacity: number): void {
    const widerColumns = new Uint32Array(capacity);
    widerColumns.set(columns);
    columns = widerColumns;
    const widerValues = new Float64Array(capacity);
    widerValues.set(values);
    values = widerValues;
  }
}
