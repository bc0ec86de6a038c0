import { calibrationInTheLarge } from '../calibration-in-the-large.js';
import { fitCalibrationLine } from '../calibration-line.js';
import { equalMassBins } from '../equal-mass-bins.js';
import { formatNumber } from '../format-number.js';
import { criticalValue } from '../interval.js';
import { tieGroups } from '../tie-groups.js';
import { type Check, doubtOn, notApplicable } from './context.js';
import type { CheckResult, CheckVerdict } from './gate.js';
import type { GatePolicy } from './policy.js';
import type { HeldOutRows } from './subject.js';

const title = 'Calibration';

/** Whether probabilities mean what they say: error over bins, slope and intercept, each with its interval. */
export const calibrationCheck: Check = {
  code: 'calibration',
  title,
  run({ subject, policy }) {
    const { task, rows } = subject;
    if (task !== 'binary')
      return [notApplicable('calibration', title, 'only probabilities of two classes are checked')];
    return rows.flatMap((on) =>
      [errorOf(on, policy), ...lineOf(on, policy)].map((found) =>
        found.verdict === 'inconclusive' ? { ...found, verdict: doubtOn(subject, on) } : found,
      ),
    );
  },
};

interface Measured {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Well where the value keeps to the limits, or its interval holds the ideal; wrong where all of the interval lies
 * beyond the limits.
 */
function verdictOf(
  { value, lower, upper }: Measured,
  [least, most]: readonly [number, number],
  ideal: number,
): CheckVerdict {
  if (value >= least && value <= most) return 'pass';
  if (lower > most || upper < least) return 'fail';
  return lower <= ideal && upper >= ideal ? 'pass' : 'inconclusive';
}

function result(
  on: HeldOutRows,
  what: { readonly name: string; readonly label: string; readonly ideal: number },
  measured: Measured,
  limits: readonly [number, number],
  threshold: number | string,
): CheckResult {
  const { value, lower, upper } = measured;
  const verdict = verdictOf(measured, limits, what.ideal);
  const interval = `${formatNumber(value)} [${formatNumber(lower)}, ${formatNumber(upper)}]`;
  return {
    code: `calibration/${on.kind}/${what.name}`,
    title: `${what.label}, ${on.title}`,
    value,
    threshold,
    verdict,
    evidence: { lower, upper, nRows: on.y.length },
    words:
      verdict === 'pass'
        ? `calibrated within the limits on the ${on.title}: ${what.label.toLowerCase()} ${interval}`
        : `${verdict === 'fail' ? 'miscalibrated' : 'perhaps miscalibrated'} on the ${on.title}: ${what.label.toLowerCase()} ${interval}, limit ${threshold}`,
  };
}

/** The calibration error over equal-mass bins, less what a calibrated model of these probabilities has by chance. */
function errorOf(on: HeldOutRows, { calibration, level }: GatePolicy): CheckResult {
  const { y } = on;
  const [p] = on.challenger;
  const nRows = y.length;
  const sums = equalMassBins(tieGroups(p), y, p, new Float64Array(nRows).fill(1), calibration.bins);
  let error = 0;
  let byChance = 0;
  let variance = 0;
  for (let b = 0; b < calibration.bins; b++) {
    const n = sums.weight[b];
    if (n === 0) continue;
    const observed = sums.observed[b] / n;
    const predicted = sums.predicted[b] / n;
    error += Math.abs(sums.predicted[b] - sums.observed[b]) / nRows;
    // The mean of |N(0, σ)| is σ √(2 / π), and the share of the bin n / nRows.
    byChance += Math.sqrt((2 * n * predicted * (1 - predicted)) / Math.PI) / nRows;
    variance += (n * observed * (1 - observed)) / nRows ** 2;
  }
  const half = criticalValue(level) * Math.sqrt(variance);
  const value = error - byChance;
  const limit = calibration.error * (on.kind === 'newest' ? calibration.newest : 1);
  const what = { name: 'error', label: 'Calibration error beyond chance', ideal: 0 };
  return result(on, what, { value, lower: value - half, upper: value + half }, [-Infinity, limit], limit);
}

function lineOf(on: HeldOutRows, { calibration, level }: GatePolicy): CheckResult[] {
  const { y } = on;
  // A calibrator may say 0 or 1; no number of rows can show more than about one in twice as many.
  const least = 1 / (2 * y.length);
  const p = on.challenger[0].map((value) => Math.min(Math.max(value, least), 1 - least));
  const line = fitCalibrationLine(y, p, new Float64Array(y.length).fill(1));
  const large = calibrationInTheLarge(y, p);
  const wider = on.kind === 'newest' ? calibration.newest : 1;
  const z = criticalValue(level);
  const around = (value: number, error: number): Measured => ({
    value,
    lower: value - z * error,
    upper: value + z * error,
  });
  const [low, high] = calibration.slope;
  const slopes: [number, number] = [1 - (1 - low) * wider, 1 + (high - 1) * wider];
  const most = calibration.intercept * wider;
  return [
    line === null
      ? notApplicable(
          `calibration/${on.kind}/slope`,
          `Calibration slope, ${on.title}`,
          `there is no calibration line on the ${on.title}: they are of one class, or separated`,
        )
      : result(
          on,
          { name: 'slope', label: 'Calibration slope', ideal: 1 },
          around(line.slope, line.slopeStandardError),
          slopes,
          slopes.map(formatNumber).join(' to '),
        ),
    ...(large === null
      ? []
      : [
          result(
            on,
            { name: 'intercept', label: 'Calibration in the large', ideal: 0 },
            around(large.intercept, large.standardError),
            [-most, most],
            most,
          ),
        ]),
  ];
}
