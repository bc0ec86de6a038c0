import { formatNumber } from '../../format-number.js';
import { criticalValue } from '../../interval.js';
import { type GateCheck, notApplicable } from '../check.js';
import type { GateEvidence } from '../evidence.js';
import type { GatePolicy } from '../policy.js';

/**
 * Probabilities mean what they say, on rows held out at random: expected calibration error, slope and intercept (Cox
 * 1958). Each fails only where its whole interval lies outside: the error is above 0 even for a perfect model.
 */
export function checkCalibration({ random }: GateEvidence, policy: GatePolicy): readonly GateCheck[] {
  const title = 'Calibration error';
  if (random.task !== 'binary') {
    return [notApplicable('calibration-error', title, 'a question for probabilities of two classes')];
  }
  const error = random.metrics.find(({ name }) => name === 'calibration_error');
  const line = random.calibrationLine;
  const half = criticalValue(random.level);
  const checks: GateCheck[] = [];
  if (error !== undefined) {
    checks.push({
      code: 'calibration-error',
      title,
      verdict:
        error.value <= policy.calibrationError
          ? 'pass'
          : error.lower <= policy.calibrationError
            ? 'inconclusive'
            : 'fail',
      value: error.value,
      threshold: policy.calibrationError,
      words: `expected calibration error ${formatNumber(error.value)} (${formatNumber(error.lower)} to ${formatNumber(error.upper)}), at most ${formatNumber(policy.calibrationError)} allowed`,
      evidence: { lower: error.lower, upper: error.upper },
    });
  }
  if (line === null) return checks;
  const [low, high] = policy.calibrationSlope;
  const within = (value: number, error_: number, from: number, to: number): GateCheck['verdict'] =>
    value >= from && value <= to
      ? 'pass'
      : value + half * error_ >= from && value - half * error_ <= to
        ? 'inconclusive'
        : 'fail';
  const { calibrationIntercept: far } = policy;
  return [
    ...checks,
    {
      code: 'calibration-slope',
      title: 'Calibration slope',
      verdict: within(line.slope, line.slopeStandardError, low, high),
      value: line.slope,
      threshold: line.slope < 1 ? low : high,
      words: `slope ${formatNumber(line.slope)} (standard error ${formatNumber(line.slopeStandardError)}), ${formatNumber(low)} to ${formatNumber(high)} allowed: ${line.slope < 1 ? 'below 1 it is too sure of itself' : 'above 1 it is too timid'}`,
    },
    {
      code: 'calibration-intercept',
      title: 'Calibration intercept',
      verdict: within(line.intercept, line.interceptStandardError, -far, far),
      value: line.intercept,
      threshold: far,
      words: `intercept ${formatNumber(line.intercept)} (standard error ${formatNumber(line.interceptStandardError)}), at most ${formatNumber(far)} from 0 allowed`,
    },
  ];
}
