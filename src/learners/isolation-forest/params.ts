import { ConfigError } from '../../core/errors.js';

/** Parameters of an isolation forest, named as in scikit-learn. */
export interface IsolationForestParams {
  /** Trees, at least 1. */
  readonly nEstimators: number;
  /** Rows each tree sees, at least 2; all rows where there are fewer. */
  readonly maxSamples: number;
}

const defaults: IsolationForestParams = { nEstimators: 100, maxSamples: 256 };

/**
 * Given parameters over the defaults.
 * @throws {ConfigError} naming the first parameter that is unknown or out of its range
 */
export function isolationForestParams(given: Partial<IsolationForestParams>): IsolationForestParams {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(defaults, name)) {
      throw new ConfigError(
        `${name} is not a parameter of the isolation forest; known are ${Object.keys(defaults).join(', ')}`,
      );
    }
  }
  const params = { ...defaults, ...given };
  integer(params, 'nEstimators', 1, 1_000_000);
  integer(params, 'maxSamples', 2, 2 ** 24);
  return Object.freeze(params);
}

function integer(
  params: IsolationForestParams,
  name: keyof IsolationForestParams,
  low: number,
  high: number,
): void {
  if (!Number.isInteger(params[name]) || params[name] < low || params[name] > high) {
    throw new ConfigError(`${name}=${String(params[name])} must be a whole number from ${low} to ${high}`);
  }
}
