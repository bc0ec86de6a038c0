import type { Assessment } from '../champion/assess.js';
import type { Rng } from '../core/rng.js';
import { compareClasses } from '../evaluation/compare-classes.js';
import { compareBinary, type Comparison } from '../evaluation/compare.js';
import type { ClassHeldOut, HeldOut } from './held-out.js';

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
    return tooFew(labels.length);
  }
  const comparisons = compareBinary({ y: labels, a, b, rng });
  return decide(comparisons, labels.length);
}

/** The same for a champion of several classes. */
export function challengeClasses(
  challenger: Assessment,
  y: Float64Array,
  keys: readonly string[],
  champion: ClassHeldOut | undefined,
  rng: Rng,
): Challenge {
  if (champion === undefined) {
    return { decision: 'promote', reason: 'there was no champion before', nRows: 0, comparisons: [] };
  }
  const { classProbabilities } = challenger.scores;
  const labels: number[] = [];
  const a = classProbabilities.map((): number[] => []);
  const b = classProbabilities.map((): number[] => []);
  challenger.rows.forEach((row, i) => {
    const former = champion.get(keys[row]);
    if (former?.y !== y[row]) return;
    labels.push(former.y);
    classProbabilities.forEach((column, k) => {
      a[k].push(column[i]);
      b[k].push(former.P[k]);
    });
  });
  if (labels.length < leastRows) return tooFew(labels.length);
  return decide(compareClasses({ y: labels, a, b, rng }), labels.length);
}

function tooFew(nRows: number): Challenge {
  const reason = `only ${nRows} rows were held out from both models, too few to compare them; promote by hand with kol promote`;
  return { decision: 'hold', reason, nRows, comparisons: [] };
}

function decide(comparisons: readonly Comparison[], nRows: number): Challenge {
  const worse = comparisons.filter(({ verdict }) => verdict === 'worse');
  const better = comparisons.filter(({ verdict }) => verdict === 'better');
  const named = (rows: readonly Comparison[]): string => rows.map(({ label }) => label).join(', ');
  if (worse.length > 0) {
    const reason = `worse than the champion in ${named(worse)} on ${nRows} common held-out rows`;
    return { decision: 'hold', reason, nRows, comparisons };
  }
  const reason =
    better.length > 0
      ? `better than the champion in ${named(better)}, worse in nothing, on ${nRows} common held-out rows`
      : `as good as the champion on ${nRows} common held-out rows, and fresher`;
  return { decision: 'promote', reason, nRows, comparisons };
}
