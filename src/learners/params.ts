import { ConfigError } from '../core/errors.js';

/**
 * Given parameters over the defaults.
 * @param learner the learner's name in words, for the message
 * @throws {ConfigError} naming the first parameter that the learner does not know
 */
export function mergeParams<Params extends object>(
  learner: string,
  defaults: Params,
  given: Partial<Params>,
): Params {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(defaults, name)) {
      throw new ConfigError(
        `${name} is not a parameter of ${learner}; known are ${Object.keys(defaults).join(', ')}`,
      );
    }
  }
  return { ...defaults, ...given };
}

/** Lower end of a range that leaves out 0. */
export const aboveZero = Number.MIN_VALUE;

/**
 * Refuses a number outside [low, high].
 * @param low `aboveZero` for an open lower end at 0
 * @throws {ConfigError} `name=value must be …`
 */
export function checkWithin<Name extends string>(
  params: Readonly<Record<Name, unknown>>,
  name: Name,
  low: number,
  high: number,
): void {
  const value = params[name];
  if (typeof value !== 'number' || !(value >= low && value <= high)) {
    const lower = low === aboveZero ? 'above 0' : `at least ${low}`;
    const upper = high < Number.MAX_VALUE ? ` and at most ${high}` : ' and finite';
    throw new ConfigError(`${name}=${String(value)} must be ${lower}${upper}`);
  }
}

/**
 * Refuses what is not a whole number in [low, high].
 * @throws {ConfigError} `name=value must be a whole number from … to …`
 */
export function checkInteger<Name extends string>(
  params: Readonly<Record<Name, unknown>>,
  name: Name,
  low: number,
  high: number,
): void {
  const value = params[name];
  if (!Number.isInteger(value) || (value as number) < low || (value as number) > high) {
    throw new ConfigError(`${name}=${String(value)} must be a whole number from ${low} to ${high}`);
  }
}

/**
 * Refuses a number outside the open interval (low, high).
 * @throws {ConfigError} `name=value must be above … and below …`
 */
export function checkBetween<Name extends string>(
  params: Readonly<Record<Name, unknown>>,
  name: Name,
  low: number,
  high: number,
): void {
  const value = params[name];
  if (typeof value !== 'number' || !(value > low && value < high)) {
    throw new ConfigError(`${name}=${String(value)} must be above ${low} and below ${high}`);
  }
}

/**
 * Refuses what is none of the words allowed.
 * @throws {ConfigError} `name=value must be one of …`
 */
export function checkOneOf<Name extends string>(
  params: Readonly<Record<Name, unknown>>,
  name: Name,
  allowed: readonly string[],
): void {
  const value = params[name];
  if (typeof value !== 'string' || !allowed.includes(value)) {
    throw new ConfigError(`${name}=${String(value)} must be one of ${allowed.join(', ')}`);
  }
}
