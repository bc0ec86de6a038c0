import type { CalibratorModel } from './model.js';

/** Keeps the logarithms of beta calibration finite. */
const edge = 1e-7;

/** 1 / (1 + e^-margin) */
export function sigmoid(margin: number): number {
  return 1 / (1 + Math.exp(-margin));
}

/**
 * Calibrated probabilities of the positive class.
 * @param margins `[nRows]` log-odds
 * @returns `[nRows]` on [0, 1]
 */
export function calibrate(model: CalibratorModel, margins: ArrayLike<number>): Float64Array {
  return Float64Array.from(margins, mapOf(model));
}

function mapOf(model: CalibratorModel): (margin: number) => number {
  switch (model.kind) {
    case 'identity':
      return sigmoid;
    case 'platt':
      return (margin) => sigmoid(model.slope * margin + model.intercept);
    case 'beta':
      return (margin) => {
        const p = Math.min(Math.max(sigmoid(margin), edge), 1 - edge);
        return sigmoid(model.a * Math.log(p) - model.b * Math.log(1 - p) + model.c);
      };
    case 'isotonic':
      return (margin) => interpolate(model.x, model.y, sigmoid(margin));
  }
}

function interpolate(x: Float64Array, y: Float64Array, at: number): number {
  const last = x.length - 1;
  if (at <= x[0]) return y[0];
  if (at >= x[last]) return y[last];
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const mid = (low + high) >> 1;
    if (x[mid] <= at) low = mid;
    else high = mid;
  }
  return y[low] + ((y[high] - y[low]) * (at - x[low])) / (x[high] - x[low]);
}
