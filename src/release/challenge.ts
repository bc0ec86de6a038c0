import type { Assessment } from '../champion/assess.js';
import type { Rng } from '../core/rng.js';
import { compareBinary, type Comparison } from '../evaluation/compare.js';
import type { HeldOut } from './held-out.js';

/** What a comparison with the former champion says about promotion. */
export interface Challenge {
  readonly decision: 'promote' | 'hold';
  readonly reason: string;
  /** Rows that neither model was trained on. */
  readonly nRows: number;
  /** Challenger (a) against champion (b). */
  readonly comparisons: readonly Comparison[];
}

/** Fewer common held-out rows than this compare nothing. */
const leastRows = 200;

/**
 * Compares a challenger with the reigning champion on the rows that both were judged on out of training. It is held
 * back only where a figure is worse with an interval that excludes 0: equal models are exchanged for the fresher one.
 *
 * @param champion the champion's held-out rows, or undefined where there is no champion
 */
export function challenge(
  challenger: Assessment,
  y: Float64Array,
  keys: readonly string[],
  champion: HeldOut | undefined,
  rng: Rng,
): Challenge {
  if (champion === undefined) {
    return { decision: 'promote', reason: 'there was no champion before', nRows: 0, comparisons: [] };
  }
  const labels: number[] = [];
  const a: number[] = [];
  const b: number[] = [];
  challenger.rows.forEach((row, i) => {
    const former = champion.get(keys[row]);
    if (former?.y !== y[row]) return;
    labels.push(former.y);
    a.push(challenger.scores.values[i]);
    b.push(former.p);
  });
  const positives = labels.filter((label) => label === 1).length;
  if (labels.length < leastRows || positives === 0 || positives === labels.length) {
    const reason = `only ${labels.length} rows were held out from both models, too few to compare them; promote by hand with kol promote`;
    return { decision: 'hold', reason, nRows: labels.length, comparisons: [] };
  }
  const comparisons = compareBinary({ y: labels, a, b, rng });
  const worse = comparisons.filter(({ verdict }) => verdict === 'worse');
  const better = comparisons.filter(({ verdict }) => verdict === 'better');
  const named = (rows: readonly Comparison[]): string => rows.map(({ label }) => label).join(', ');
  if (worse.length > 0) {
    const reason = `worse than the champion in ${named(worse)} on ${labels.length} common held-out rows`;
    return { decision: 'hold', reason, nRows: labels.length, comparisons };
  }
  const reason =
    better.length > 0
      ? `better than the champion in ${named(better)}, worse in nothing, on ${labels.length} common held-out rows`
      : `as good as the champion on ${labels.length} common held-out rows, and fresher`;
  return { decision: 'promote', reason, nRows: labels.length, comparisons };
}
