import { ConfigError } from '../core/errors.js';
import { checkScores } from './check-input.js';
import { type MetricKernel, valueOf } from './metric.js';
import { tieGroups } from './tie-groups.js';

/**
 * Lift: the share of positives among the highest-scored `fraction` of the rows, over their share among all. Rows
 * tied at the cut count in proportion, as the mean over all ways to break the tie. In [0, 1 / fraction], higher is
 * better, 1 is chance.
 * @param y labels `[nRows]`, 0 or 1
 * @param score `[nRows]`, higher = more positive
 * @param fraction in (0, 1]
 * @param sampleWeight `[nRows]`; 1 each when left out
 * @throws {DataError} for a NaN, naming the row, and where there is no positive row
 * @throws {ConfigError} for a fraction outside (0, 1]
 */
export function liftAt(
  y: ArrayLike<number>,
  score: ArrayLike<number>,
  fraction: number,
  sampleWeight?: ArrayLike<number>,
): number {
  return valueOf('lift', 'a positive row', prepareLift(y, score, fraction), y.length, sampleWeight);
}

/** `liftAt` with the sort done. */
export function prepareLift(y: ArrayLike<number>, score: ArrayLike<number>, fraction: number): MetricKernel {
  if (!(fraction > 0 && fraction <= 1)) throw new ConfigError(`fraction=${fraction} must be in (0, 1]`);
  checkScores('lift', y, score);
  const { order, ends } = tieGroups(score);
  const positive = Float64Array.from(order, (row) => y[row]);
  return (weight) => {
    let total = 0;
    let positives = 0;
    for (let i = 0; i < order.length; i++) {
      const w = weight[order[i]];
      total += w;
      positives += w * positive[i];
    }
    const wanted = fraction * total;
    let taken = 0;
    let caught = 0;
    for (let g = ends.length - 1; g >= 0 && taken < wanted; g--) {
      const start = g === 0 ? 0 : ends[g - 1];
      let group = 0;
      let groupPositives = 0;
      for (let i = start; i < ends[g]; i++) {
        const w = weight[order[i]];
        group += w;
        groupPositives += w * positive[i];
      }
      if (group === 0) continue;
      caught += groupPositives * Math.min(1, (wanted - taken) / group);
      taken += group;
    }
    return Math.min(1 / fraction, caught / wanted / (positives / total));
  };
}
