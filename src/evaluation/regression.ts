import { checkValues } from './check-input.js';
import { meanKernel, type MetricKernel, valueOf } from './metric.js';

/**
 * Root of the mean squared error, in the unit of y. Lower is better.
 * @param y targets `[nRows]`
 * @param prediction `[nRows]`
 * @param sampleWeight `[nRows]`; 1 each when left out
 * @throws {DataError} for a value that is not finite, naming the row
 */
export function rmse(
  y: ArrayLike<number>,
  prediction: ArrayLike<number>,
  sampleWeight?: ArrayLike<number>,
): number {
  return valueOf('rmse', 'a positive weight', prepareRmse(y, prediction), y.length, sampleWeight);
}

/** `rmse` with the row losses computed. */
export function prepareRmse(y: ArrayLike<number>, prediction: ArrayLike<number>): MetricKernel {
  checkValues('rmse', y, prediction);
  const mean = meanKernel(Float64Array.from(y, (yi, i) => (yi - prediction[i]) ** 2));
  return (weight) => Math.sqrt(mean(weight));
}

/**
 * Mean absolute error, in the unit of y. Lower is better.
 * @param y targets `[nRows]`
 * @param prediction `[nRows]`
 * @param sampleWeight `[nRows]`; 1 each when left out
 * @throws {DataError} for a value that is not finite, naming the row
 */
export function mae(
  y: ArrayLike<number>,
  prediction: ArrayLike<number>,
  sampleWeight?: ArrayLike<number>,
): number {
  return valueOf('mae', 'a positive weight', prepareMae(y, prediction), y.length, sampleWeight);
}

/** `mae` with the row losses computed. */
export function prepareMae(y: ArrayLike<number>, prediction: ArrayLike<number>): MetricKernel {
  checkValues('mae', y, prediction);
  return meanKernel(Float64Array.from(y, (yi, i) => Math.abs(yi - prediction[i])));
}

/**
 * Share of the variance of y that the prediction explains: 1 - squared error / squared deviation from the mean. At
 * most 1, below 0 where the mean would do better. Higher is better.
 * @param y targets `[nRows]`
 * @param prediction `[nRows]`
 * @param sampleWeight `[nRows]`; 1 each when left out
 * @throws {DataError} for a value that is not finite, naming the row, and where y is constant
 */
export function r2(
  y: ArrayLike<number>,
  prediction: ArrayLike<number>,
  sampleWeight?: ArrayLike<number>,
): number {
  return valueOf('r2', 'two different targets', prepareR2(y, prediction), y.length, sampleWeight);
}

/** `r2` with the row losses computed. */
export function prepareR2(y: ArrayLike<number>, prediction: ArrayLike<number>): MetricKernel {
  checkValues('r2', y, prediction);
  return (weight) => {
    let total = 0;
    let sum = 0;
    let lowest = Infinity;
    let highest = -Infinity;
    for (let i = 0; i < y.length; i++) {
      if (weight[i] === 0) continue;
      total += weight[i];
      sum += weight[i] * y[i];
      if (y[i] < lowest) lowest = y[i];
      if (y[i] > highest) highest = y[i];
    }
    if (!(lowest < highest)) return NaN;
    const mean = sum / total;
    let error = 0;
    let deviation = 0;
    for (let i = 0; i < y.length; i++) {
      error += weight[i] * (y[i] - prediction[i]) ** 2;
      deviation += weight[i] * (y[i] - mean) ** 2;
    }
    return 1 - error / deviation;
  };
}
