import { checkValues } from './check-input.js';
import { DataError } from '../core/errors.js';
import { type MetricKernel, valueOf } from './metric.js';

/**
 * Unit deviance of one amount under a mean, variance ~ mean^power: 1 is Poisson, between 1 and 2 Tweedie's compound
 * Poisson-gamma, 2 gamma (Jørgensen 1987). At least 0, and 0 where amount and mean agree.
 * @param y at least 0
 * @param mean above 0
 * @param power [1, 2)
 */
export function tweedieRowDeviance(y: number, mean: number, power: number): number {
  if (power === 1) return 2 * ((y === 0 ? 0 : y * Math.log(y / mean)) - y + mean);
  const own = y === 0 ? 0 : y ** (2 - power) / ((1 - power) * (2 - power));
  return 2 * (own - (y * mean ** (1 - power)) / (1 - power) + mean ** (2 - power) / (2 - power));
}

/**
 * Mean Tweedie deviance (scikit-learn `mean_tweedie_deviance`). Lower is better.
 * @param y amounts `[nRows]` of at least 0
 * @param prediction means `[nRows]` above 0
 * @param power [1, 2)
 * @param sampleWeight `[nRows]`; 1 each when left out
 * @throws {DataError} for a negative amount or a mean not above 0, naming the row
 */
export function tweedieDeviance(
  y: ArrayLike<number>,
  prediction: ArrayLike<number>,
  power: number,
  sampleWeight?: ArrayLike<number>,
): number {
  const kernel = prepareTweedieDeviance(y, prediction, power);
  return valueOf('tweedie deviance', 'a positive weight', kernel, y.length, sampleWeight);
}

/** `tweedieDeviance` with the row losses computed. */
export function prepareTweedieDeviance(
  y: ArrayLike<number>,
  prediction: ArrayLike<number>,
  power: number,
): MetricKernel {
  const losses = rowDeviances(y, prediction, power);
  return (weight) => weightedMean(losses, weight);
}

/**
 * Share of the deviance of the mean predictor that the prediction takes away. At most 1, below 0 where the mean of
 * these rows would do better. Higher is better.
 */
export function prepareDevianceExplained(
  y: ArrayLike<number>,
  prediction: ArrayLike<number>,
  power: number,
): MetricKernel {
  const losses = rowDeviances(y, prediction, power);
  const amounts = Float64Array.from(y);
  return (weight) => {
    const mean = weightedMean(amounts, weight);
    // A sample without any amount has nothing to explain.
    if (!(mean > 0)) return NaN;
    const ofMean = amounts.map((amount) => tweedieRowDeviance(amount, mean, power));
    const most = weightedMean(ofMean, weight);
    return most > 0 ? 1 - weightedMean(losses, weight) / most : NaN;
  };
}

/** How far the sum of the predictions is from the sum of the amounts, as a share of the latter. Lower is better. */
export function prepareLevelError(y: ArrayLike<number>, prediction: ArrayLike<number>): MetricKernel {
  checkValues('level error', y, prediction);
  const [amounts, means] = [Float64Array.from(y), Float64Array.from(prediction)];
  return (weight) => {
    const mean = weightedMean(amounts, weight);
    return mean === 0 ? NaN : Math.abs(weightedMean(means, weight) / mean - 1);
  };
}

function rowDeviances(y: ArrayLike<number>, prediction: ArrayLike<number>, power: number): Float64Array {
  checkValues('tweedie deviance', y, prediction);
  return Float64Array.from(y, (amount, i) => {
    if (!(amount >= 0)) throw new DataError(`tweedie deviance: y[${i}]=${amount} must be at least 0`);
    if (!(prediction[i] > 0)) {
      throw new DataError(`tweedie deviance: prediction[${i}]=${prediction[i]} must be above 0`);
    }
    return tweedieRowDeviance(amount, prediction[i], power);
  });
}

function weightedMean(values: Float64Array, weight: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    sum += weight[i] * values[i];
    total += weight[i];
  }
  return sum / total;
}
