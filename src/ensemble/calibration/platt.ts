import type { CalibratorModel } from './model.js';
import { fitLogistic } from '../few-columns.js';

/**
 * Platt scaling: sigmoid(slope * margin + intercept) by maximum likelihood on Platt's smoothed targets
 * (Platt 1999; Lin, Lin & Weng 2007). A negative slope would turn the order of scores round and is held at 0.
 * @param margins `[nRows]` out-of-fold log-odds
 * @param y `[nRows]` 0 or 1, both present
 */
export function fitPlatt(margins: ArrayLike<number>, y: ArrayLike<number>): CalibratorModel {
  let positives = 0;
  for (let i = 0; i < y.length; i++) positives += y[i];
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (y.length - positives + 2);
  const targets = Float64Array.from(y, (label) => (label === 1 ? high : low));
  const [intercept, slope] = fitLogistic([Float64Array.from(margins)], targets);
  if (slope >= 0) return { kind: 'platt', format: 1, slope, intercept };
  return { kind: 'platt', format: 1, slope: 0, intercept: fitLogistic([], targets)[0] };
}
