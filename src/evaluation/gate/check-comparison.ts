import { formatDifference, formatNumber } from '../format-number.js';
import { type Check, type GateContext, notApplicable, type PairedRows } from './context.js';
import type { CheckResult, CheckVerdict } from './gate.js';
import type { PairedMetric } from './paired-metrics.js';
import type { GatePolicy } from './policy.js';

const title = 'Against the champion';

/** Whether the challenger is not worse than the champion by more than the margins, on rows of every kind. */
export const comparisonCheck: Check = {
  code: 'comparison',
  title,
  run(context) {
    const { subject, pairs } = context;
    if (subject.champion === null) {
      return [notApplicable('comparison', title, 'there is no champion to compare it with')];
    }
    return [
      ...pairs.flatMap((on) =>
        on.tooFew === undefined
          ? on.metrics.map((metric) => compared(context, on, metric))
          : [uncompared(on, on.tooFew, on === pairs[0])],
      ),
      claimed(context),
    ];
  },
};

/** How much of a metric may be lost on such rows. */
export function marginOf(
  policy: GatePolicy,
  on: Pick<PairedRows, 'kind'>,
  { metric, champion, method }: PairedMetric,
): number {
  const { margins } = policy;
  // Forecasts are judged on the newest window and nothing else.
  const isSecondary = on.kind === 'newest' && method !== 'diebold-mariano';
  const absolute: Readonly<Record<string, number>> = {
    roc_auc: margins.roc_auc,
    brier_score: margins.brier_score,
    log_loss: margins.log_loss,
    error_rate: margins.error_rate,
  };
  return (absolute[metric] ?? margins.relative * champion) * (isSecondary ? margins.newest : 1);
}

/** Whether the first metric is better on the first rows, beyond half of alpha. */
export function isBetter({ pairs, alpha }: Pick<GateContext, 'pairs' | 'alpha'>): boolean {
  if (pairs.length === 0 || alpha === 0) return false;
  const [{ tooFew, metrics }] = pairs;
  return tooFew === undefined && metrics[0].quantile(alpha / 2) > 0;
}

function compared({ policy, alpha }: GateContext, on: PairedRows, metric: PairedMetric): CheckResult {
  const margin = marginOf(policy, on, metric);
  const tail = (1 - policy.level) / 2;
  const [lower, upper] = [metric.quantile(tail), metric.quantile(1 - tail)];
  const surely = alpha === 0 ? -Infinity : metric.quantile(alpha);
  const verdict: CheckVerdict = surely > -margin ? 'pass' : upper < 0 ? 'fail' : 'inconclusive';
  const interval = `${formatDifference(metric.gain)} [${formatDifference(lower)}, ${formatDifference(upper)}]`;
  const meaning = {
    pass: 'not worse than the champion',
    fail: 'worse than the champion',
    inconclusive: 'not surely as good as the champion',
    'not-applicable': '',
  }[verdict];
  return {
    code: `comparison/${on.kind}/${metric.metric}`,
    title: `${metric.label} against the champion, ${on.title}`,
    value: metric.gain,
    threshold: -margin,
    verdict,
    evidence: {
      challenger: metric.challenger,
      champion: metric.champion,
      lower,
      upper,
      standardError: metric.standardError,
      lowerAtAlpha: Number.isFinite(surely) ? surely : null,
      alpha,
      nRows: on.nRows,
      method: metric.method,
    },
    words: `${meaning} in ${metric.label} on the ${formatNumber(on.nRows)} ${on.title}: won ${interval}, margin ${formatNumber(margin)}`,
  };
}

function uncompared(on: PairedRows, why: string, isFirst: boolean): CheckResult {
  return {
    code: `comparison/${on.kind}`,
    title: `Against the champion, ${on.title}`,
    value: on.nRows,
    threshold: null,
    // Rows move on: that the champion was judged on others must not hold every challenger for ever.
    verdict: isFirst && on.wasJudged ? 'inconclusive' : 'not-applicable',
    evidence: { nRows: on.nRows },
    words: why,
  };
}

/** What may be claimed, and whether the policy asks for more. */
function claimed(context: GateContext): CheckResult {
  const { policy, pairs, alpha, subject } = context;
  const better = isBetter(context);
  const wanted = policy.require === 'better';
  const label = pairs[0]?.metrics[0]?.label ?? 'the first metric';
  return {
    code: 'comparison/claim',
    title: 'Better than the champion',
    value: better ? 'better' : 'not shown to be better',
    threshold: policy.require,
    verdict: better || !wanted ? 'pass' : 'inconclusive',
    evidence: { look: subject.look, alpha, spending: policy.looks.spending },
    words: better
      ? `better than the champion in ${label}, beyond chance`
      : alpha === 0
        ? `these rows were looked at ${subject.look} times, more than planned: collect new ones`
        : `not shown to be better than the champion in ${label}${wanted ? ', which the policy asks for' : ''}`,
  };
}
