import { sigmoid } from './apply.js';
import type { CalibratorModel } from './model.js';
import { fitLogistic } from '../few-columns.js';

/**
 * Beta calibration (Kull, Silva Filho & Flach 2017): logistic regression on ln p and -ln(1 - p); a coefficient
 * that comes out negative would break the order of scores and is held at 0, as the authors do.
 * @param margins `[nRows]` out-of-fold log-odds
 * @param y `[nRows]` 0 or 1, both present
 */
export function fitBeta(margins: ArrayLike<number>, y: ArrayLike<number>): CalibratorModel {
  const held = (margin: number): number => Math.min(Math.max(sigmoid(margin), 1e-7), 1 - 1e-7);
  const logP = Float64Array.from(margins, (margin) => Math.log(held(margin)));
  const logQ = Float64Array.from(margins, (margin) => -Math.log(1 - held(margin)));
  const targets = Float64Array.from(y);
  let [c, a, b] = fitLogistic([logP, logQ], targets);
  if (a < 0) {
    [c, b] = fitLogistic([logQ], targets);
    a = 0;
  } else if (b < 0) {
    [c, a] = fitLogistic([logP], targets);
    b = 0;
  }
  return { kind: 'beta', format: 1, a: Math.max(a, 0), b: Math.max(b, 0), c };
}
