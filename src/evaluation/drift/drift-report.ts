import type { ColumnMeasures, DriftMeasure, Measured } from './column-drift.js';
import type { EstimatedMetric, EstimatedPerformance } from './estimated-performance.js';
import { holmAdjusted } from './holm.js';
import type { RuleOutcome } from './own-history.js';
import type { DriftReference } from './reference.js';
import { gravest, verdictOf, type DriftThresholds, type DriftVerdict } from './thresholds.js';

/** A measure with what is made of it. JSON-plain. */
export interface JudgedMeasure extends Measured {
  /** P-value adjusted for all measures of the batch. */
  readonly adjusted: number;
  readonly verdict: DriftVerdict;
}

/** JSON-plain. */
export interface JudgedColumn extends Omit<ColumnMeasures, 'measures'> {
  readonly role: 'input' | 'score';
  readonly measures: readonly JudgedMeasure[];
  readonly verdict: DriftVerdict;
}

/** A rule of the platform and what it found. JSON-plain. */
export interface JudgedRule extends RuleOutcome {
  readonly rule: 'follower-spike' | 'sentiment-drop' | 'forecast-gap';
  /** Share of the judged KOLs that depart. */
  readonly share: number;
  readonly verdict: DriftVerdict;
}

/** Everything that was found out about a batch. JSON-plain. */
export interface DriftReport {
  readonly format: 1;
  readonly model: string;
  readonly trainingSnapshot: string;
  readonly rows: { readonly reference: number; readonly current: number };
  readonly thresholds: DriftThresholds;
  /** Scores first, then inputs as the model names them. */
  readonly columns: readonly JudgedColumn[];
  readonly performance:
    (EstimatedPerformance & { readonly verdicts: Readonly<Record<string, DriftVerdict>> }) | null;
  readonly rules: readonly JudgedRule[];
  readonly verdict: DriftVerdict;
}

/** What was measured of a batch. */
export interface DriftFindings {
  readonly nRows: number;
  readonly scores: readonly ColumnMeasures[];
  readonly columns: readonly ColumnMeasures[];
  readonly performance: EstimatedPerformance | null;
  readonly rules: readonly (RuleOutcome & { readonly rule: JudgedRule['rule'] })[];
}

/** Puts thresholds and chance to what was measured. A difference that chance explains is steady. */
export function judgeDrift(
  reference: DriftReference,
  findings: DriftFindings,
  thresholds: DriftThresholds,
): DriftReport {
  const all = [
    ...findings.scores.map((column) => ({ column, role: 'score' as const })),
    ...findings.columns.map((column) => ({ column, role: 'input' as const })),
  ];
  const adjusted = holmAdjusted(all.flatMap(({ column }) => column.measures.map(({ pValue }) => pValue)));
  let at = 0;
  const columns = all.map(({ column, role }): JudgedColumn => {
    const measures = column.measures.map((measured): JudgedMeasure => {
      const p = adjusted[at++];
      return { ...measured, adjusted: p, verdict: judged(measured.measure, measured.value, p, thresholds) };
    });
    return { ...column, role, measures, verdict: gravest(measures.map(({ verdict }) => verdict)) };
  });
  const performance = findings.performance && {
    ...findings.performance,
    verdicts: performanceVerdicts(findings.performance, thresholds),
  };
  const rules = findings.rules.map((found): JudgedRule => {
    const levels = thresholds[thresholdsOf[found.rule]];
    const share = found.judged === 0 ? 0 : found.departures.length / found.judged;
    return { ...found, share, verdict: found.departures.length === 0 ? 'steady' : verdictOf(share, levels) };
  });
  return {
    format: 1,
    model: reference.model,
    trainingSnapshot: reference.trainingSnapshot,
    rows: { reference: reference.nRows, current: findings.nRows },
    thresholds,
    columns,
    performance,
    rules,
    verdict: gravest([
      ...columns.map(({ verdict }) => verdict),
      ...Object.values(performance?.verdicts ?? {}),
      ...rules.map(({ verdict }) => verdict),
    ]),
  };
}

const thresholdsOf = {
  'follower-spike': 'followerSpike',
  'sentiment-drop': 'sentimentDrop',
  'forecast-gap': 'forecastGap',
} as const satisfies Record<JudgedRule['rule'], keyof DriftThresholds>;

function judged(
  measure: DriftMeasure,
  value: number,
  adjusted: number,
  thresholds: DriftThresholds,
): DriftVerdict {
  return adjusted <= thresholds.alpha ? verdictOf(value, thresholds[measure]) : 'steady';
}

/** A loss counts where the interval of the estimate lies wholly beyond the interval of the held-out figure. */
function performanceVerdicts(
  { figures }: EstimatedPerformance,
  { performance }: DriftThresholds,
): Record<EstimatedMetric, DriftVerdict> {
  return Object.fromEntries(
    figures.map(({ metric, lower, upper, before, loss }) => {
      const apart = metric === 'brier_score' ? lower > before.upper : upper < before.lower;
      return [metric, apart ? verdictOf(loss, performance) : 'steady'];
    }),
  ) as Record<EstimatedMetric, DriftVerdict>;
}
