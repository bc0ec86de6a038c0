import { DataError } from '../core/errors.js';
import { checkLevel, checkScores } from './check-input.js';
import { criticalValue, type Interval } from './interval.js';
import { normalCdf } from './normal.js';
import { tieGroups } from './tie-groups.js';

export interface DelongInterval extends Interval {
  readonly auc: number;
  readonly standardError: number;
}

export interface DelongDifference extends Interval {
  /** AUC of a minus AUC of b. */
  readonly difference: number;
  readonly standardError: number;
  /** difference / standardError; 0 where both are 0, infinite where only the standard error is. */
  readonly z: number;
  /** Two-sided. */
  readonly pValue: number;
}

/**
 * ROC-AUC with the standard error of DeLong, DeLong & Clarke-Pearson (1988), by sorting in O(n log n) (Sun & Xu
 * 2014), ties included. The interval is the normal one, cut to [0, 1]. Where every pair is ordered alike (AUC 0 or
 * 1) that would have no width; there the exact bound of min(positives, negatives) independent pairs is used:
 * (alpha / 2)^(1 / pairs).
 * @param y labels `[nRows]`, 0 or 1; at least two of each
 * @param score `[nRows]`, higher = more positive
 * @throws {DataError} for a NaN, naming the row, and with fewer than two rows of a class
 * @throws {ConfigError} for a level outside (0, 1)
 */
export function delong(y: ArrayLike<number>, score: ArrayLike<number>, level = 0.95): DelongInterval {
  checkLevel(level);
  const { auc, ofPositives, ofNegatives } = placements(y, score);
  const standardError = Math.sqrt(
    variance(ofPositives, auc) / ofPositives.length + variance(ofNegatives, auc) / ofNegatives.length,
  );
  if (auc === 0 || auc === 1) {
    const bound = ((1 - level) / 2) ** (1 / Math.min(ofPositives.length, ofNegatives.length));
    return { auc, standardError, lower: auc === 1 ? bound : 0, upper: auc === 1 ? 1 : 1 - bound };
  }
  const half = criticalValue(level) * standardError;
  return { auc, standardError, lower: Math.max(0, auc - half), upper: Math.min(1, auc + half) };
}

/**
 * The difference of two ROC-AUCs on the same rows, with the standard error, normal interval and two-sided test of
 * DeLong, DeLong & Clarke-Pearson (1988). Complexity as `delong`.
 * @param y labels `[nRows]`, 0 or 1; at least two of each
 * @param a scores `[nRows]` of one model
 * @param b scores `[nRows]` of the other
 * @throws {DataError} for a NaN, naming the row, and with fewer than two rows of a class
 * @throws {ConfigError} for a level outside (0, 1)
 */
export function delongPaired(
  y: ArrayLike<number>,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  level = 0.95,
): DelongDifference {
  checkLevel(level);
  const ofA = placements(y, a);
  const ofB = placements(y, b);
  const difference = ofA.auc - ofB.auc;
  const positives = subtract(ofA.ofPositives, ofB.ofPositives);
  const negatives = subtract(ofA.ofNegatives, ofB.ofNegatives);
  const standardError = Math.sqrt(
    variance(positives, difference) / positives.length + variance(negatives, difference) / negatives.length,
  );
  const half = criticalValue(level) * standardError;
  const z = difference === 0 ? 0 : difference / standardError;
  return {
    difference,
    standardError,
    lower: Math.max(-1, difference - half),
    upper: Math.min(1, difference + half),
    z,
    pValue: 2 * normalCdf(-Math.abs(z)),
  };
}

/**
 * For every positive row the share of negatives below it, for every negative the share of positives above it, ties
 * one half: the structural components whose covariance is DeLong's. What Sun & Xu get from midranks falls out of one
 * pass over the sorted scores.
 */
function placements(y: ArrayLike<number>, score: ArrayLike<number>) {
  checkScores('delong', y, score);
  let nPositives = 0;
  for (let i = 0; i < y.length; i++) nPositives += y[i];
  const nNegatives = y.length - nPositives;
  if (nPositives < 2 || nNegatives < 2) {
    throw new DataError(
      `delong: ${nPositives} positive and ${nNegatives} negative rows, expected at least two of each`,
    );
  }
  const { order, ends } = tieGroups(score);
  const ofRow = new Float64Array(y.length);
  let wins = 0;
  let positivesBelow = 0;
  let negativesBelow = 0;
  let start = 0;
  for (const end of ends) {
    let positives = 0;
    for (let i = start; i < end; i++) positives += y[order[i]];
    const negatives = end - start - positives;
    const below = (negativesBelow + negatives / 2) / nNegatives;
    const above = (nPositives - positivesBelow - positives / 2) / nPositives;
    for (let i = start; i < end; i++) ofRow[order[i]] = y[order[i]] === 1 ? below : above;
    wins += positives * (negativesBelow + negatives / 2);
    positivesBelow += positives;
    negativesBelow += negatives;
    start = end;
  }
  return {
    auc: wins / (nPositives * nNegatives),
    ofPositives: ofRow.filter((_, i) => y[i] === 1),
    ofNegatives: ofRow.filter((_, i) => y[i] === 0),
  };
}

/** Sample variance about a mean that is already known. */
function variance(values: Float64Array, mean: number): number {
  let sum = 0;
  for (const value of values) sum += (value - mean) ** 2;
  return sum / (values.length - 1);
}

function subtract(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value - b[i]);
}
