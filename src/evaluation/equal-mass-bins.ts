import type { TieGroups } from './tie-groups.js';

/** Weighted sums of the rows in each bin, lowest predictions first; each array `[nBins]`. */
export interface BinSums {
  readonly weight: Float64Array;
  readonly predicted: Float64Array;
  readonly observed: Float64Array;
  readonly observedSquare: Float64Array;
}

/**
 * Sorts rows into bins of equal weight by their prediction. Rows with equal predictions stay together, in the bin
 * where the middle of their weight falls, so that the order of the rows does not matter and weight 2 equals a
 * duplicated row. With many ties a bin can be empty.
 */
export function equalMassBins(
  { order, ends }: TieGroups,
  y: ArrayLike<number>,
  prediction: ArrayLike<number>,
  weight: Float64Array,
  nBins: number,
): BinSums {
  const sums = {
    weight: new Float64Array(nBins),
    predicted: new Float64Array(nBins),
    observed: new Float64Array(nBins),
    observedSquare: new Float64Array(nBins),
  };
  let total = 0;
  for (const w of weight) total += w;
  let below = 0;
  let i = 0;
  for (const end of ends) {
    const predicted = prediction[order[i]];
    let group = 0;
    let observed = 0;
    let observedSquare = 0;
    for (; i < end; i++) {
      const row = order[i];
      const w = weight[row];
      group += w;
      observed += w * y[row];
      observedSquare += w * y[row] * y[row];
    }
    if (group === 0) continue;
    const bin = Math.min(nBins - 1, Math.floor((nBins * (below + group / 2)) / total));
    below += group;
    sums.weight[bin] += group;
    sums.predicted[bin] += group * predicted;
    sums.observed[bin] += observed;
    sums.observedSquare[bin] += observedSquare;
  }
  return sums;
}
