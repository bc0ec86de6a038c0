import { ConfigError } from '../../core/errors.js';
import { checkValues } from '../check-input.js';

/**
 * Pinball loss of a quantile forecast, in the unit of the series, from 0: an actual value above the forecast costs
 * `quantile` per unit, one below it 1 - `quantile`. Lower is better; at quantile 0.5 it is half the mean absolute error.
 * (Koenker & Bassett 1978, "Regression quantiles".)
 * @param actual `[horizon]`
 * @param forecast `[horizon]`, of the quantile
 * @param quantile between 0 and 1
 * @throws {DataError} for a value that is not finite, naming the step, and where there is no step
 * @throws {ConfigError} for a quantile outside (0, 1)
 */
export function pinballLoss(
  actual: ArrayLike<number>,
  forecast: ArrayLike<number>,
  quantile: number,
): number {
  if (!(quantile > 0 && quantile < 1)) throw new ConfigError(`quantile=${quantile} must be between 0 and 1`);
  checkValues('pinball loss', actual, forecast);
  let sum = 0;
  for (let h = 0; h < actual.length; h++) {
    const above = actual[h] - forecast[h];
    sum += above > 0 ? quantile * above : (quantile - 1) * above;
  }
  return sum / actual.length;
}
