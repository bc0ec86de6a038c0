import { countByClass, rowSums, type FactoredRows } from './factored-rows.js';
import type { TfidfModel } from './model.js';

/** What occurrences are multiplied by. */
export interface Factors {
  /** `[nRows]` 1 / the norm of a text, 0 where it holds no term. */
  readonly row: Float64Array;
  /** `[nTerms]` */
  readonly term: Float64Array;
}

/**
 * TF-IDF, with the terms of each vectoriser scaled to a mean squared length of 1: in the norm that they share, the
 * many n-grams of characters would otherwise leave the few words next to nothing, and the penalty would fall on the
 * words hardest. An occurrence counts as if no other of its term stood in the text.
 */
export function tfidfFactors(vectorizers: readonly TfidfModel[], rows: FactoredRows): Factors {
  const squares = new Float64Array(rows.nTerms);
  let offset = 0;
  for (const { idf } of vectorizers) {
    idf.forEach((value, t) => (squares[offset + t] = value * value));
    offset += idf.length;
  }
  const norms = rowSums(rows, squares);
  const row = norms.map((norm) => (norm > 0 ? 1 / Math.sqrt(norm) : 0));
  const term = new Float64Array(rows.nTerms);
  offset = 0;
  for (const { idf } of vectorizers) {
    const own = new Float64Array(rows.nTerms);
    own.set(squares.subarray(offset, offset + idf.length), offset);
    const length = rowSums(rows, own).reduce((sum, part, i) => sum + part * row[i] * row[i], 0);
    const scale = length > 0 ? Math.sqrt(rows.nRows / length) : 1;
    idf.forEach((value, t) => (term[offset + t] = value * scale));
    offset += idf.length;
  }
  return { row, term };
}

/** Occurrences that every class is granted of every term. */
const smoothing = 1;

/**
 * How much a term says by its counts alone: the largest |log ratio| of its share in one class and its share in the
 * others (Wang & Manning 2012, smoothed).
 *
 * @param y `[nRows]` class indices below `nClasses`
 * @returns `[nTerms]`
 */
export function logCountRatios(
  rows: FactoredRows,
  y: Float64Array,
  weight: Float64Array,
  nClasses: number,
): Float64Array {
  const K = nClasses;
  const totals = new Float64Array(K);
  for (let i = 0; i < rows.nRows; i++) totals[y[i]] += weight[i];
  const counts = countByClass(rows, y, weight, K);
  const allRows = totals.reduce((sum, total) => sum + total, 0);
  const ratios = new Float64Array(rows.nTerms);
  for (let t = 0; t < rows.nTerms; t++) {
    let all = 0;
    for (let k = 0; k < K; k++) all += counts[t * K + k];
    for (let k = 0; k < K; k++) {
      const inside = (counts[t * K + k] + smoothing) / (totals[k] + smoothing);
      const outside = (all - counts[t * K + k] + smoothing) / (allRows - totals[k] + smoothing);
      ratios[t] = Math.max(ratios[t], Math.abs(Math.log(inside / outside)));
    }
  }
  return ratios;
}

/**
 * Factors in which terms that tell classes apart by their counts weigh more, so that the penalty spares them; the mean
 * squared length of all rows stays.
 *
 * @param share 0 leaves the factors, 1 multiplies them by the ratios, between them lies a mixture
 */
export function weightByRatios(
  rows: FactoredRows,
  { row, term }: Factors,
  ratios: Float64Array,
  share: number,
): Factors {
  if (share === 0 || rows.nTerms === 0) return { row, term };
  const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
  const weighted = term.map((factor, t) => factor * ((1 - share) * mean + share * ratios[t]));
  const length = (factors: Float64Array): number =>
    rowSums(
      rows,
      factors.map((factor) => factor * factor),
    ).reduce((sum, part, i) => sum + part * row[i] * row[i], 0);
  const after = length(weighted);
  const scale = after > 0 ? Math.sqrt(length(term) / after) : 1;
  return { row, term: weighted.map((factor) => factor * scale) };
}
