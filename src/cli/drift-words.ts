import type { DriftMeasure } from '../evaluation/drift/column-drift.js';
import type {
  DriftReport,
  JudgedColumn,
  JudgedMeasure,
  JudgedRule,
} from '../evaluation/drift/drift-report.js';
import type { EstimatedMetric } from '../evaluation/drift/estimated-performance.js';
import type { DriftVerdict } from '../evaluation/drift/thresholds.js';
import { figure, textTable, wrap } from './summary.js';

const metricLabels: Readonly<Record<EstimatedMetric, string>> = {
  roc_auc: 'ROC-AUC',
  brier_score: 'Brier score',
  accuracy: 'accuracy',
};
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const mostNamed = 5;

/** The report for a person: what happened first, then every column. */
export function driftInWords(report: DriftReport, input: string): string {
  const { rows, columns, performance, rules } = report;
  const lines = [
    `${input}: ${rows.current} rows against ${rows.reference} of the training of ${report.model}: ${headline(report.verdict)}`,
    ...causes(report),
    '',
    textTable([
      ['', 'PSI', 'JS', 'KS', 'missing', 'new', 'verdict'],
      ...columns.map((column) => [
        `  ${column.name}`,
        cell(column, 'psi'),
        cell(column, 'jensenShannon'),
        cell(column, 'kolmogorovSmirnov'),
        percent(column.missingNow),
        column.kind === 'category' ? percent(column.measures.find(is('unseen'))?.raw ?? 0) : '',
        column.verdict,
      ]),
    ]),
    wrap(
      `PSI and JS are less what ${rows.current} rows reach by chance; a difference counts where chance explains it with at most ${report.thresholds.alpha} over all columns.`,
    ),
  ];
  if (performance !== null) {
    lines.push(
      '',
      'Expected performance, from the confidence of the model (no labels were used):',
      textTable([
        ['', 'expected [95 %]', 'held out [95 %]', 'verdict'],
        ...performance.figures.map((row) => [
          `  ${metricLabels[row.metric]}`,
          figure(row),
          figure(row.before),
          performance.verdicts[row.metric],
        ]),
        ['  positive', percent(performance.positives), percent(performance.positivesBefore), ''],
      ]),
      wrap('It cannot see where the same inputs have come to mean something else: that takes labels.'),
    );
  }
  for (const rule of rules) lines.push('', ruleInWords(rule));
  return lines.join('\n');
}

/** What reached a verdict, one cause each. */
export function causesOf(report: DriftReport, verdict: DriftVerdict): string[] {
  return [
    ...report.columns
      .filter((column) => column.verdict === verdict)
      .flatMap((column) =>
        column.measures
          .filter((measure) => measure.verdict === verdict)
          .slice(0, 1)
          .map((m) => cause(column, m)),
      ),
    ...(report.performance?.figures ?? [])
      .filter(({ metric }) => report.performance?.verdicts[metric] === verdict)
      .map(
        (row) => `expected ${metricLabels[row.metric]} ${figure(row)} after ${row.before.value.toFixed(4)}`,
      ),
    ...report.rules
      .filter((rule) => rule.verdict === verdict)
      .map((rule) => `${rule.rule} at ${rule.departures.length} of ${rule.judged} KOLs`),
  ];
}

function causes(report: DriftReport): string[] {
  return (['drift', 'watch'] as const).flatMap((verdict) =>
    causesOf(report, verdict).map((text) => wrap(`${verdict}: ${text}`)),
  );
}

function headline(verdict: DriftVerdict): string {
  switch (verdict) {
    case 'drift':
      return 'they drifted';
    case 'watch':
      return 'worth a look, no drift';
    case 'steady':
      return 'no drift';
  }
}

function cause(
  { name, role, missingBefore, missingNow, unseen }: JudgedColumn,
  found: JudgedMeasure,
): string {
  const what = role === 'score' ? `the score ${name}` : name;
  switch (found.measure) {
    case 'psi':
      return `${what} is distributed otherwise (PSI ${found.value.toFixed(2)})`;
    case 'jensenShannon':
      return `${what} is distributed otherwise (Jensen-Shannon ${found.value.toFixed(2)})`;
    case 'kolmogorovSmirnov':
      return `${what} has moved (Kolmogorov-Smirnov ${found.value.toFixed(2)})`;
    case 'missing':
      return `${what} is missing in ${percent(missingNow)} of the rows, ${percent(missingBefore)} in the training`;
    case 'unseen': {
      const named = unseen.slice(0, mostNamed).map(([category]) => JSON.stringify(category));
      return `${what} has new categories in ${percent(found.raw)} of the rows (${named.join(', ')})`;
    }
  }
}

function is(name: DriftMeasure): (measure: JudgedMeasure) => boolean {
  return ({ measure }) => measure === name;
}

function cell(column: JudgedColumn, name: DriftMeasure): string {
  return column.measures.find(is(name))?.value.toFixed(3) ?? '';
}

const ruleTitles: Readonly<Record<JudgedRule['rule'], string>> = {
  'follower-spike': 'Follower spikes',
  'sentiment-drop': 'Sentiment drops',
  'forecast-gap': 'Forecast gaps',
};

function ruleInWords({ rule, judged, departures, verdict }: JudgedRule): string {
  const title = ruleTitles[rule];
  const named = departures
    .slice(0, mostNamed)
    .map(({ id, change }) =>
      rule === 'sentiment-drop'
        ? `${id} (${change.toFixed(2)})`
        : `${id} (${change > 0 ? '+' : ''}${percent(change)})`,
    );
  if (judged === 0) return wrap(`${title}: no KOL has enough history to be judged by it`, 78, '');
  const found =
    departures.length === 0
      ? 'none'
      : `${departures.length}: ${named.join(', ')}${departures.length > mostNamed ? ', …' : ''}`;
  return wrap(`${title} among ${judged} KOLs: ${found} (${verdict})`, 78, '');
}
