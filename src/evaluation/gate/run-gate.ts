import type { Rng } from '../../core/rng.js';
import { spentAlpha } from '../alpha-spending.js';
import { type Comparison, verdictOf } from '../compare.js';
import { freezeDeep } from '../freeze.js';
import { checks } from './checks.js';
import { isBetter } from './check-comparison.js';
import { commonRows, takeRows } from './common-rows.js';
import type { GateContext, PairedRows } from './context.js';
import type { CheckResult, Gate, GateClaim, GateDecision } from './gate.js';
import { pairedMetrics } from './paired-metrics.js';
import type { GatePolicy } from './policy.js';
import type { GateSubject, HeldOutRows } from './subject.js';
import { reasonOf } from './words.js';

/**
 * Whether a challenger may become champion: every check of the policy on what was measured of it. Pure: the same
 * subject, policy and seed give the same gate.
 * @throws {DataError} for a NaN or a probability outside [0, 1], naming the row
 */
export function runGate(subject: GateSubject, policy: GatePolicy, rng: Rng): Gate {
  const { spending, planned } = policy.looks;
  const alpha = spentAlpha(policy.alpha, subject.look, spending, planned);
  const pairs =
    subject.champion === null ? [] : subject.rows.map((rows) => paired(subject, rows, policy, alpha, rng));
  const context: GateContext = { subject, policy, alpha, pairs, rng };
  const results = checks.flatMap((check) => check.run(context));
  const decision = decide(results);
  const claim = claimOf(context, decision);
  return freezeDeep({
    format: 1,
    decision,
    claim,
    reason: reasonOf({ decision, claim, results, pairs }),
    challenger: subject.challenger,
    champion: subject.champion,
    nRows: pairs.at(0)?.nRows ?? 0,
    look: subject.champion === null ? 0 : subject.look,
    alpha,
    checks: results,
    comparisons:
      pairs.length === 0 || pairs[0].tooFew !== undefined ? [] : comparisonsOf(pairs[0], policy.level),
  });
}

/** One wrong thing refuses, one doubt holds. */
function decide(results: readonly CheckResult[]): GateDecision {
  if (results.some(({ verdict }) => verdict === 'fail')) return 'refuse';
  return results.some(({ verdict }) => verdict === 'inconclusive') ? 'hold' : 'promote';
}

function claimOf(context: GateContext, decision: GateDecision): GateClaim {
  if (context.subject.champion === null) return decision === 'promote' ? 'first' : 'none';
  if (decision !== 'promote') return 'none';
  return isBetter(context) ? 'better' : 'non-inferior';
}

function paired(
  subject: GateSubject,
  rows: HeldOutRows,
  policy: GatePolicy,
  alpha: number,
  rng: Rng,
): PairedRows {
  const { kind, title } = rows;
  const { task, criterion } = subject;
  const { y, challenger, champion } = takeRows(rows, commonRows(rows));
  const { length: nRows } = y;
  const on = { kind, title, nRows, wasJudged: champion !== undefined };
  const tooFew = whyTooFew(subject, rows, y, policy);
  if (tooFew !== undefined || champion === undefined) return { ...on, tooFew: tooFew ?? '', metrics: [] };
  const smallestTail = Math.min(alpha / 2 || 1, (1 - policy.level) / 2);
  const options = { replicates: policy.replicates, smallestTail, rng: rng.split(`compare/${kind}`) };
  return { ...on, tooFew, metrics: pairedMetrics({ task, criterion, y, challenger, champion }, options) };
}

function whyTooFew(
  { task }: GateSubject,
  { champion, title }: HeldOutRows,
  y: Float64Array,
  { rows }: GatePolicy,
): string | undefined {
  if (champion === undefined) return `the champion was not judged on the ${title}, so they compare nothing`;
  const what = task === 'forecast' ? 'series were' : 'rows were';
  const least = task === 'forecast' ? rows.series : rows.atLeast;
  const advice = 'too few to compare them; a person may promote it: kol promote --force --why';
  if (y.length < least) return `only ${y.length} ${what} held out from both models (${title}), ${advice}`;
  if (task !== 'binary') return undefined;
  const positives = y.reduce((sum, label) => sum + label, 0);
  const fewer = Math.min(positives, y.length - positives);
  return fewer < rows.ofEachClass
    ? `only ${fewer} rows of one class were held out from both models (${title}), ${advice}`
    : undefined;
}

/** Challenger (a) against champion (b), as figures of the metric itself. */
function comparisonsOf({ metrics }: PairedRows, level: number): Comparison[] {
  const tail = (1 - level) / 2;
  return metrics.map(({ metric, label, direction, method, challenger, champion, gain, quantile }) => {
    const [low, high] = [quantile(tail), quantile(1 - tail)];
    const [difference, lower, upper] = direction === 'higher' ? [gain, low, high] : [-gain, -high, -low];
    return {
      metric,
      label,
      direction,
      a: challenger,
      b: champion,
      difference: difference + 0,
      lower: lower + 0,
      upper: upper + 0,
      verdict: verdictOf(direction, lower, upper),
      method,
    };
  });
}
