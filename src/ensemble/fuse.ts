import { checkWithin } from '../learners/params.js';

/** How success and trust become one value. */
export interface FusionPolicy {
  /** Probability of being trustworthy below which nothing is expected, [0, 1]. */
  readonly trustThreshold: number;
}

/** `held`: not trusted enough to be worth anything; `unjudged`: success or trust is not known. */
export type FusionState = 'valued' | 'held' | 'unjudged';

/** What is to be expected of a KOL. */
export interface Fusion {
  readonly state: FusionState;
  /** In the unit of the success value; 0 when held, NaN when unjudged. */
  readonly expectedValue: number;
}

/**
 * Expected value = value of success * probability that the KOL is trustworthy, as if nothing came of the others; 0
 * below the trust threshold. It never falls when either of the two rises.
 *
 * @param success expected value of success, at least 0: revenue, or a probability where there is no amount
 * @param trust probability that the KOL is trustworthy, [0, 1]
 * @throws {ConfigError} for a threshold outside [0, 1]
 */
export function fuse(success: number, trust: number, { trustThreshold }: FusionPolicy): Fusion {
  checkWithin({ trustThreshold }, 'trustThreshold', 0, 1);
  if (trust < trustThreshold) return { state: 'held', expectedValue: 0 };
  const expectedValue = success * trust;
  return { state: Number.isNaN(expectedValue) ? 'unjudged' : 'valued', expectedValue };
}

/** A declared rule: the code stands where the value of a column is on one side of a bound. */
export interface ReasonRule {
  /** Stable, upper case: consumers compare it. */
  readonly code: string;
  readonly column: string;
  readonly when: 'below' | 'above';
  readonly bound: number;
  /** One sentence for people. */
  readonly description: string;
}

/**
 * The codes of the rules that hold in every row, in the order of the rules. A missing value gives no reason.
 * @param columns values by name, `[nRows]` each; rules about other columns are passed over
 */
export function reasonCodes(
  rules: readonly ReasonRule[],
  columns: Readonly<Record<string, ArrayLike<number>>>,
  nRows: number,
): string[][] {
  const known = rules.filter(({ column }) => Object.hasOwn(columns, column));
  return Array.from({ length: nRows }, (_, i) =>
    known
      .filter(({ column, when, bound }) => {
        const value = columns[column][i];
        return when === 'below' ? value < bound : value > bound;
      })
      .map(({ code }) => code),
  );
}
