import { checkValues } from '../check-input.js';

/**
 * Symmetric mean absolute percentage error as the M4 competition defines it: the mean of 2 |y - f| / (|y| + |f|), in
 * percent, from 0 to 200. A step where both are 0 counts 0. Lower is better. (Makridakis, Spiliotis & Assimakopoulos
 * 2020, "The M4 Competition".)
 * @param actual `[horizon]`
 * @param forecast `[horizon]`
 * @throws {DataError} for a value that is not finite, naming the step, and where there is no step
 */
export function smape(actual: ArrayLike<number>, forecast: ArrayLike<number>): number {
  checkValues('smape', actual, forecast);
  let sum = 0;
  for (let h = 0; h < actual.length; h++) {
    const size = Math.abs(actual[h]) + Math.abs(forecast[h]);
    if (size > 0) sum += Math.abs(actual[h] - forecast[h]) / size;
  }
  return (200 * sum) / actual.length;
}
