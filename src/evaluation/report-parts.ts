import { boostingChart } from './charts/boosting-chart.js';
import { comparisonChart, decayChart, driftChart, partsChart } from './charts/interval-charts.js';
import type { Comparison } from './compare.js';
import { escapeHtml } from './escape-html.js';
import { formatDifference, formatNumber, formatShare } from './format-number.js';
import type { Gate } from './gate/gate.js';
import type { Estimate, PartFigures } from './part-figures.js';
import type { BoostingCurve, ReportDrift } from './report.js';
import { hint, type Page, renderChart, renderCharts, renderSection, renderTable } from './report-page.js';

/** Champion against challenger, paired. */
export function renderComparison(rows: readonly Comparison[], page: Page): string {
  const head = ['Metric', 'Verdict', 'This model', 'Other', 'Difference', 'Interval'];
  const body = rows.map((row) => [
    escapeHtml(row.label) + hint(row.direction),
    `<span class="${row.verdict}">${row.verdict}</span>`,
    formatNumber(row.a),
    formatNumber(row.b),
    formatDifference(row.difference),
    `${formatDifference(row.lower)} to ${formatDifference(row.upper)}`,
  ]);
  return renderSection(
    page,
    'Against the other model',
    `${renderTable('Difference: this model minus the other, on the same rows', head, body)}
${renderCharts([comparisonChart(rows)], page, true)}`,
  );
}

/** How the model does on parts of the rows: what fairness asks for first. */
export function renderParts(sets: readonly PartFigures[], page: Page): string {
  const drawn = sets.map((figures) => {
    const chart = partsChart(figures);
    return `<h3>By ${escapeHtml(figures.by)}</h3>
${chart === undefined ? '' : `<div class="charts wide">${renderChart(chart, page)}</div>`}
${partsTable(figures)}`;
  });
  return renderSection(
    page,
    'Parts of the rows',
    `<p class="soft">On the rows held out at random. Intervals of ${formatShare(sets[0].level)} each, not corrected for their number: one in twenty misses its truth. Where intervals of two parts lie apart, the model serves them differently.</p>
${drawn.join('\n')}`,
  );
}

/** How the model does as rows get newer. */
export function renderDecay(figures: PartFigures, page: Page): string {
  const chart = decayChart(figures);
  return renderSection(
    page,
    'Newest rows over time',
    `<p class="soft">Rows newer than all that this judgement's model was trained on, the oldest first: a figure that falls tells how soon to train again.</p>
${chart === undefined ? '' : `<div class="charts wide">${renderChart(chart, page)}</div>`}
${partsTable(figures)}`,
  );
}

function partsTable({ by, metric, direction, level, parts, rates, leftOut }: PartFigures): string {
  const rest =
    leftOut.parts === 0
      ? ''
      : `; ${leftOut.parts} smaller parts of ${formatNumber(leftOut.nRows)} rows are not shown`;
  return renderTable(
    `${metric} (${direction} is better) and more, with ${formatNumber(100 * level)} % intervals${rest}`,
    [by, 'Rows', metric, ...rates],
    parts.map(({ name, nRows, estimate, rates: values }) => [
      escapeHtml(name),
      formatNumber(nRows),
      estimated(estimate),
      ...values.map(estimated),
    ]),
  );
}

function estimated(estimate: Estimate | null): string {
  if (estimate === null) return '<span class="soft">too few</span>';
  const [value, lower, upper] = [estimate.value, estimate.lower, estimate.upper].map(brief);
  return `${value} <span class="soft">${lower} to ${upper}</span>`;
}

/** Three decimals tell as much of a part as it knows. */
function brief(x: number): string {
  return Math.abs(x) < 1 ? `${x < 0 ? '−' : ''}${Math.abs(x).toFixed(3)}` : formatNumber(x);
}

/** How the scores stand to the champion's, and how the inputs shifted. */
export function renderDrift(drift: ReportDrift | undefined, gate: Gate | undefined, page: Page): string {
  const scores = (gate?.checks ?? []).filter(({ code }) => code.startsWith('drift/'));
  if (drift === undefined && scores.length === 0) return '';
  return renderSection(
    page,
    'Drift',
    `${scores.length === 0 ? '' : scoreDrift(scores)}${drift === undefined || drift.inputs.length === 0 ? '' : inputDrift(drift, page)}`,
  );
}

function scoreDrift(checks: Gate['checks']): string {
  return `<h3>Scores against the champion's</h3>
${renderTable(
  'On the same rows; the gate holds above the limit',
  ['Measure', 'Value', 'Limit'],
  checks.map(({ title, value, threshold }) => [
    escapeHtml(title),
    typeof value === 'number' ? formatNumber(value) : '',
    typeof threshold === 'number' ? formatNumber(threshold) : '',
  ]),
)}
`;
}

function inputDrift(drift: ReportDrift, page: Page): string {
  const { inputs, nBefore, nNow, levels } = drift;
  const shifted = inputs.filter(({ lower }) => lower > levels[0]).length;
  return `<h3>Inputs of the newest rows</h3>
<p class="soft">${formatNumber(nNow)} newest rows against ${formatNumber(nBefore)} drawn at random: ${shifted === 0 ? `no input surely shifted beyond ${levels[0]}` : `${shifted} of the inputs shown surely shifted beyond ${levels[0]}`}.</p>
<div class="charts wide">${renderChart(driftChart(drift), page)}</div>
${renderTable(
  'Population stability index, and the share of rows without a value',
  ['Input', 'Index', 'Interval', 'Missing at random', 'Missing in the newest'],
  inputs.map(({ name, psi, lower, upper, missingBefore, missingNow }) => [
    escapeHtml(name),
    brief(psi),
    `${brief(lower)} to ${brief(upper)}`,
    formatShare(missingBefore),
    formatShare(missingNow),
  ]),
)}`;
}

/** The loss of the weightiest booster, round by round. */
export function renderBoosting(curve: BoostingCurve, page: Page): string {
  return renderSection(
    page,
    'Learning curve',
    `<p class="soft">The weightiest base model by itself, before stack and calibration, on ${formatNumber(curve.nHeldOut)} held-out rows${curve.points.some(({ train }) => train !== null) ? ` and on some of the ${formatNumber(curve.nTrain)} rows it was fitted on; the distance between the lines is what it knows by heart` : ''}.</p>
<div class="charts wide">${renderChart(boostingChart(curve), page)}</div>`,
  );
}
