import type { RowNumbers } from './objective.js';

/** Worth of a grade. */
export const gradeGain = (grade: number): number => 2 ** grade - 1;

/** What a place counts, from 0 on. */
export const placeDiscount = (place: number): number => 1 / Math.log2(place + 2);

/** Discounted gains of the best possible order of the rows `begin..end)`, counting `truncation` places. */
export function idealGain(y: ArrayLike<number>, begin: number, end: number, truncation: number): number {
  const grades = Float64Array.from({ length: end - begin }, (_, i) => -y[begin + i]).sort();
  let gain = 0;
  for (let place = 0; place < Math.min(truncation, grades.length); place++) {
    gain += gradeGain(-grades[place]) * placeDiscount(place);
  }
  return gain;
}

/** Rows `begin..end)` by margin, highest first, equal ones in row order. */
export function byMargin(margin: RowNumbers, begin: number, end: number): Int32Array {
  return Int32Array.from({ length: end - begin }, (_, i) => begin + i).sort(
    (a, b) => margin[b] - margin[a] || a - b,
  );
}

/**
 * Mean normalised discounted cumulative gain (Järvelin & Kekäläinen 2002) over queries, gain 2^grade - 1, `truncation`
 * places. Rows of equal margin share the mean of their gains, the expectation over their orders (McSherry & Najork
 * 2008). A query weighs as much as the mean of its rows; one with nothing to find has NDCG 1, as in LightGBM.
 *
 * @param queries `[nQueries + 1]` where each query's rows begin
 * @returns in [0, 1], higher is better
 */
export function meanNdcg(
  y: ArrayLike<number>,
  weight: ArrayLike<number>,
  margin: RowNumbers,
  queries: Int32Array,
  truncation: number,
): number {
  let sum = 0;
  let total = 0;
  for (let q = 0; q + 1 < queries.length; q++) {
    const [begin, end] = [queries[q], queries[q + 1]];
    let queryWeight = 0;
    for (let i = begin; i < end; i++) queryWeight += weight[i] / (end - begin);
    const ideal = idealGain(y, begin, end, truncation);
    const share = ideal === 0 ? 1 : orderedGain(y, margin, begin, end, truncation) / ideal;
    sum += queryWeight * share;
    total += queryWeight;
  }
  return sum / total;
}

function orderedGain(
  y: ArrayLike<number>,
  margin: RowNumbers,
  begin: number,
  end: number,
  truncation: number,
): number {
  const order = byMargin(margin, begin, end);
  let gain = 0;
  for (let first = 0; first < Math.min(truncation, order.length);) {
    let last = first;
    let gains = 0;
    let discounts = 0;
    for (; last < order.length && margin[order[last]] === margin[order[first]]; last++) {
      gains += gradeGain(y[order[last]]);
      if (last < truncation) discounts += placeDiscount(last);
    }
    gain += (gains / (last - first)) * discounts;
    first = last;
  }
  return gain;
}
