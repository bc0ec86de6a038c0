import { wilsonInterval } from '../interval.js';
import { normalQuantile } from '../normal.js';
import { binShares, jeffreysCount } from './bin-shares.js';
import type { ColumnCounts } from './column-counts.js';
import { jensenShannonDistance } from './jensen-shannon.js';
import { binnedKolmogorovSmirnov } from './kolmogorov.js';
import { populationStabilityIndex } from './population-stability-index.js';
import type { ColumnReference } from './reference.js';
import { homogeneityPValue, stabilityNoise } from './stability-noise.js';

export type DriftMeasure = 'psi' | 'jensenShannon' | 'kolmogorovSmirnov' | 'missing' | 'unseen';

/** One measure of one column. JSON-plain. */
export interface Measured {
  readonly measure: DriftMeasure;
  /** As measured. */
  readonly raw: number;
  /** What is judged: the size of a change, less what sampling alone is expected to add to the measures over bins. */
  readonly value: number;
  /** 95 % interval of `value`, where there is one. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** The probability of a difference as large if nothing changed. */
  readonly pValue: number;
}

/** A column of the rows to judge beside what the training saw. JSON-plain. */
export interface ColumnMeasures {
  readonly name: string;
  readonly kind: ColumnReference['kind'];
  readonly nRows: number;
  readonly missingBefore: number;
  readonly missingNow: number;
  /** New categories with their rows, the most frequent first. */
  readonly unseen: readonly (readonly [string, number])[];
  readonly measures: readonly Measured[];
}

/** Bins that are compared, at most; fewer where a bin would expect fewer than `leastExpected` rows. */
const mostBins = 10;
const leastExpected = 5;
const namedCategories = 20;

/** Compares the rows counted with the reference of their column. */
export function measureColumn(reference: ColumnReference, counts: ColumnCounts): ColumnMeasures {
  const before = reference.kind === 'category' ? reference.categories.map(([, n]) => n) : reference.counts;
  const n = sum(before);
  const m = sum(counts.bins) + counts.unseenRows;
  const measures: Measured[] = [];
  if (n > 0 && m > 0 && reference.kind !== 'time') {
    measures.push(...binMeasures(before, [...counts.bins], counts.unseenRows, reference.kind === 'category'));
    if (reference.kind !== 'category') {
      const { statistic, pValue } = binnedKolmogorovSmirnov(before, counts.bins);
      measures.push({
        measure: 'kolmogorovSmirnov',
        raw: statistic,
        value: statistic,
        lower: null,
        upper: null,
        pValue,
      });
    }
  }
  const nRows = m + counts.missing;
  const nBefore = n + reference.missing;
  measures.push(missingMeasure(reference.missing, nBefore, counts.missing, nRows));
  if (reference.kind === 'category' && m > 0) {
    measures.push(unseenMeasure(unmetShare(before, n), counts.unseenRows, m));
  }
  return {
    name: reference.name,
    kind: reference.kind,
    nRows,
    missingBefore: nBefore === 0 ? 0 : reference.missing / nBefore,
    missingNow: counts.missing / Math.max(nRows, 1),
    unseen: [...counts.unseen].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, namedCategories),
    measures,
  };
}

/** @param unseenRows rows in none of the bins; they join the last one of a category */
function binMeasures(
  before: readonly number[],
  now: readonly number[],
  unseenRows: number,
  isCategory: boolean,
): Measured[] {
  const n = sum(before);
  const m = sum(now) + unseenRows;
  const wanted = Math.min(mostBins, Math.max(2, Math.floor(Math.min(n, m) / leastExpected)));
  const group = isCategory ? rankedGroups(before.length, wanted) : massGroups(before, wanted);
  const nGroups = Math.max(0, ...group) + 1 + (isCategory && group.length < wanted ? 1 : 0);
  const current = gather(now, group, nGroups);
  // Categories that nobody knew are a bin of their own, or join the rare ones where there are too many bins.
  current[nGroups - 1] += unseenRows;
  const [a, b] = withoutThinBins(gather(before, group, nGroups), current);
  const filled = a.filter((count, i) => count > 0 || b[i] > 0).length;
  const noise = stabilityNoise(filled, n, m);
  const pValue = homogeneityPValue(a, b);
  const psi = populationStabilityIndex(a, b);
  const distance = jensenShannonDistance(a, b);
  const value = Math.max(0, psi - noise.expected);
  const error = normalQuantile(0.975) * stabilityError(a, b, noise.expected, filled);
  return [
    { measure: 'psi', raw: psi, value, lower: Math.max(0, value - error), upper: value + error, pValue },
    {
      measure: 'jensenShannon',
      raw: distance,
      value: Math.sqrt(Math.max(0, distance ** 2 - noise.expected / (8 * Math.LN2))),
      lower: null,
      upper: null,
      pValue,
    },
  ];
}

/**
 * Standard error of the index by the delta method, with the variance it has where nothing changed (there, its
 * slope is 0 and the delta method would say 0).
 */
function stabilityError(a: Float64Array, b: Float64Array, expected: number, filled: number): number {
  const { reference: p, current: q } = binShares('population stability index', a, b, jeffreysCount);
  const variance = (own: Float64Array, other: Float64Array, rows: number): number => {
    let mean = 0;
    let square = 0;
    for (let i = 0; i < own.length; i++) {
      const slope = Math.log(own[i] / other[i]) + 1 - other[i] / own[i];
      mean += own[i] * slope;
      square += own[i] * slope * slope;
    }
    return (square - mean * mean) / rows;
  };
  const atNull = filled < 2 ? 0 : (2 * expected ** 2) / (filled - 1);
  return Math.sqrt(variance(q, p, sum(b)) + variance(p, q, sum(a)) + atNull);
}

function missingMeasure(before: number, nBefore: number, now: number, nNow: number): Measured {
  const difference = nBefore === 0 || nNow === 0 ? 0 : now / nNow - before / nBefore;
  const pValue =
    nBefore === 0 || nNow === 0 ? 1 : homogeneityPValue([before, nBefore - before], [now, nNow - now], 0.5);
  return {
    measure: 'missing',
    raw: difference,
    value: Math.abs(difference),
    lower: null,
    upper: null,
    pValue,
  };
}

/**
 * The share of rows that a further sample of the training's kind would have in categories not met before, at most:
 * two standard errors above the share of categories met once (Good 1953); 3 / n where there is none.
 */
function unmetShare(rows: readonly number[], n: number): number {
  const once = rows.filter((count) => count === 1).length;
  const twice = rows.filter((count) => count === 2).length;
  return Math.min(1, (once + 1 + 2 * Math.sqrt(once + 2 * twice + 1)) / (n + 1));
}

/**
 * @param expected share of rows in new categories that does not surprise
 */
function unseenMeasure(expected: number, rows: number, nRows: number): Measured {
  const share = rows / nRows;
  const { lower, upper } = wilsonInterval(rows, nRows);
  return {
    measure: 'unseen',
    raw: share,
    value: share,
    lower,
    upper,
    pValue: binomialUpperTail(rows, nRows, expected),
  };
}

/** P(X >= rows) of a binomial. */
function binomialUpperTail(rows: number, nRows: number, probability: number): number {
  if (rows === 0) return 1;
  if (probability >= 1) return 1;
  let logTerm = nRows * Math.log1p(-probability);
  let below = Math.exp(logTerm);
  for (let k = 1; k < rows; k++) {
    logTerm += Math.log(((nRows - k + 1) / k) * (probability / (1 - probability)));
    below += Math.exp(logTerm);
  }
  return Math.min(1, Math.max(0, 1 - below));
}

/** The most frequent categories by themselves, the rest together. */
function rankedGroups(nCategories: number, wanted: number): number[] {
  return Array.from({ length: nCategories }, (_, i) => Math.min(i, wanted - 1));
}

/**
 * Bins that would hold too few rows of either sample, if both were alike, join their smaller neighbour: the
 * chi-squared distribution is none of theirs (Cochran 1954).
 */
function withoutThinBins(before: Float64Array, now: Float64Array): [Float64Array, Float64Array] {
  const a = [...before];
  const b = [...now];
  const smaller = Math.min(sum(a), sum(b)) / (sum(a) + sum(b));
  for (;;) {
    const both = a.map((count, i) => count + b[i]);
    const thinnest = both.indexOf(Math.min(...both));
    if (both.length < 2 || both[thinnest] * smaller >= leastExpected)
      return [Float64Array.from(a), Float64Array.from(b)];
    const [left, right] = [both[thinnest - 1] ?? Infinity, both[thinnest + 1] ?? Infinity];
    const neighbour = left <= right ? thinnest - 1 : thinnest + 1;
    a[neighbour] += a[thinnest];
    b[neighbour] += b[thinnest];
    a.splice(thinnest, 1);
    b.splice(thinnest, 1);
  }
}

/** Neighbouring bins together, so that each group holds about as many rows of the reference. */
function massGroups(counts: readonly number[], wanted: number): number[] {
  const total = sum(counts);
  let below = 0;
  let last = -1;
  let lastSlot = -1;
  return counts.map((count) => {
    const slot = Math.min(wanted - 1, Math.floor((wanted * (below + count / 2)) / total));
    below += count;
    if (slot !== lastSlot) last++;
    lastSlot = slot;
    return last;
  });
}

function gather(counts: ArrayLike<number>, group: readonly number[], nGroups: number): Float64Array {
  const sums = new Float64Array(nGroups);
  group.forEach((g, i) => (sums[g] += counts[i]));
  return sums;
}

function sum(counts: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i];
  return total;
}
