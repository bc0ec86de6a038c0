import type { Comparison } from './compare.js';
import { escapeHtml } from './escape-html.js';
import type { BinaryEvaluation, Evaluation, MulticlassEvaluation } from './evaluate.js';
import { formatDifference, formatNumber, formatShare } from './format-number.js';
import { renderGate } from './report-gate.js';
import type { MetricEstimate } from './metric.js';
import type { FeatureImportance, Report, ReportExplanation, ReportSection } from './report.js';
import { sha256 } from '../core/record.js';
import type { Chart } from './charts/chart.js';
import { binaryCharts } from './charts/binary-charts.js';
import { beeswarmChart, dependenceChart } from './charts/explanation-charts.js';
import { regressionCharts } from './charts/regression-charts.js';
import { reportScript } from './report-script.js';
import { reportStyle } from './report-style.js';
import { type ExplorerData, explorerData, renderThresholdExplorer } from './threshold-explorer.js';

/** Most features an importance table shows. */
const shownFeatures = 30;
/** Features whose dependence is drawn. */
const shownDependences = 6;

/** Charts and tables of thresholds of a page, by the ids of their places. */
interface Page {
  readonly charts: Map<string, Chart['spec']>;
  readonly explorers: Map<string, ExplorerData>;
}

/**
 * The report as one HTML file that needs nothing else: styles, scripts and data are inside, addresses are none, and its
 * security policy allows no script but those. All texts are escaped. Equal reports give equal bytes.
 *
 * @param runtime scripts that define `vega`, `vegaLite` and `expressionInterpreter` (`chartRuntime`)
 */
export function renderReport(report: Report, runtime: string): string {
  const page: Page = { charts: new Map(), explorers: new Map() };
  const body = renderBody(report, page);
  const scripts = [runtime, reportScript].map((text) => `\n${text}\n`);
  const allowed = scripts.map((text) => `'sha256-${Buffer.from(sha256(text), 'hex').toString('base64')}'`);
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src ${allowed.join(' ')}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(report.title)}</title>
<style>
${reportStyle}
</style>
</head>
<body>
<main>
${body}
</main>
${renderData('charts', Object.fromEntries(page.charts))}
${[...page.explorers].map(([id, data]) => renderData(id, data)).join('\n')}
${scripts.map((text) => `<script>${text}</script>`).join('\n')}
</body>
</html>
`;
}

function renderBody(report: Report, page: Page): string {
  return [
    `<header>\n<h1>${escapeHtml(report.title)}</h1>`,
    report.subtitle === '' ? '' : `<p class="soft">${escapeHtml(report.subtitle)}</p>`,
    report.facts.length === 0 ? '' : `<dl class="facts">${report.facts.map(renderFact).join('')}</dl>`,
    '</header>',
    report.verdict === '' ? '' : renderVerdict(report.verdict),
    report.gate === undefined ? '' : renderGate(report.gate),
    report.comparison.length === 0 ? '' : renderComparison(report.comparison),
    ...report.sections.map((section) => renderSection(section, page)),
    report.importance.length === 0 ? '' : renderImportance(report.importance),
    report.explanation === undefined ? '' : renderExplanation(report.explanation, page),
    report.lineage.length === 0 ? '' : renderLineage(report.lineage),
    report.howToUse.length === 0 ? '' : renderHowToUse(report.howToUse),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** Data for the script; no text in it can end the element. */
function renderData(id: string, data: unknown): string {
  return `<script type="application/json" id="${id}">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`;
}

/** The place of a chart; the script draws it. */
function renderChart({ title, description, spec }: Chart, page: Page): string {
  const id = `chart-${page.charts.size + 1}`;
  page.charts.set(id, spec);
  return `<figure>
<figcaption>${escapeHtml(title)}</figcaption>
<div id="${id}" class="chart" role="img" aria-label="${escapeHtml(`${title}. ${description}`)}"></div>
<p class="soft">${escapeHtml(description)}</p>
</figure>`;
}

function renderCharts(charts: readonly Chart[], page: Page): string {
  return `<div class="charts">${charts.map((chart) => renderChart(chart, page)).join('\n')}</div>`;
}

function renderFact([label, value]: readonly [string, string]): string {
  return `<div><dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd></div>`;
}

function renderVerdict(verdict: string): string {
  return `<section class="verdict">\n<h2>Verdict</h2>\n<p>${escapeHtml(verdict)}</p>\n</section>`;
}

function renderComparison(rows: readonly Comparison[]): string {
  const head = ['Metric', 'Verdict', 'This model', 'Other', 'Difference', 'Interval'];
  const body = rows.map((row) => [
    escapeHtml(row.label) + hint(row.direction),
    `<span class="${row.verdict}">${row.verdict}</span>`,
    formatNumber(row.a),
    formatNumber(row.b),
    formatDifference(row.difference),
    `${formatDifference(row.lower)} to ${formatDifference(row.upper)}`,
  ]);
  return `<section>
<h2>Against the other model</h2>
${renderTable('Difference: this model minus the other, on the same rows', head, body)}
</section>`;
}

function renderSection({ title, note, evaluation }: ReportSection, page: Page): string {
  return `<section>
<h2>${escapeHtml(title)}</h2>
${note === '' ? '' : `<p class="soft">${escapeHtml(note)}</p>\n`}${renderEvaluation(evaluation, page)}
</section>`;
}

function renderEvaluation(evaluation: Evaluation, page: Page): string {
  switch (evaluation.task) {
    case 'binary':
      return renderBinary(evaluation, page);
    case 'regression':
      return `<div class="tables"><div>${renderMetrics(evaluation, evaluation.metrics)}</div></div>
${renderCharts(regressionCharts(evaluation), page)}`;
    case 'multiclass':
      return renderMulticlass(evaluation);
  }
}

function renderBinary(evaluation: BinaryEvaluation, page: Page): string {
  const charts = binaryCharts(evaluation);
  const firstChart = page.charts.size + 1;
  const drawn = renderCharts(charts, page);
  const moved = charts.flatMap(({ spec }, i) => ('params' in spec ? [`chart-${firstChart + i}`] : []));
  const explorer = explorerData(evaluation, moved);
  const id = `thresholds-${page.explorers.size + 1}`;
  page.explorers.set(id, explorer);
  const { threshold, tp, fp, tn, fn, metrics } = evaluation.threshold;
  const line = evaluation.calibrationLine;
  const confusion = [
    ['Positive', tp, fn],
    ['Negative', fp, tn],
  ].map((row) => row.map((cell) => (typeof cell === 'number' ? formatNumber(cell) : cell)));
  return `<div class="tables">
<div>${renderMetrics(evaluation, evaluation.metrics)}
${
  line === null
    ? ''
    : `<p class="soft">Calibration slope ${formatNumber(line.slope)} (standard error ${formatNumber(line.slopeStandardError)}, ideal 1), intercept ${formatNumber(line.intercept)} (${formatNumber(line.interceptStandardError)}, ideal 0).</p>`
}</div>
<div><h3>Called positive from ${formatNumber(threshold)}</h3>
${renderTable(`${formatNumber(evaluation.positives)} of ${formatNumber(evaluation.nRows)} rows are positive (${formatShare(evaluation.positives / evaluation.nRows)})`, ['Truth', 'Called positive', 'Called negative'], confusion)}
${renderMetrics(evaluation, metrics)}</div>
</div>
${drawn}
${renderThresholdExplorer(id, explorer)}`;
}

function renderMulticlass(evaluation: MulticlassEvaluation): string {
  const classes = evaluation.classes.map(escapeHtml);
  const perClass = evaluation.perClass.map((row) => [
    escapeHtml(row.label),
    formatNumber(row.nRows),
    formatNumber(row.precision),
    formatNumber(row.recall),
    formatNumber(row.f1),
  ]);
  const matrix = evaluation.confusion.map((counts, k) => {
    const total = Math.max(1, evaluation.perClass[k].nRows);
    const cells = counts.map(
      (count) => `<td class="cell" style="--part:${(count / total).toFixed(3)}">${formatNumber(count)}</td>`,
    );
    return `<tr><th scope="row">${classes[k]}</th>${cells.join('')}</tr>`;
  });
  return `<div class="tables">
<div>${renderMetrics(evaluation, evaluation.metrics)}</div>
<div>${renderTable('Each class by itself', ['Class', 'Rows', 'Precision', 'Recall', 'F1'], perClass)}</div>
</div>
<h3>Confusion</h3>
<div class="scroll" tabindex="0"><table class="confusion"><caption>Rows by true class (down) and most probable class (across)</caption>
<thead><tr><th scope="col">Truth</th>${classes.map((label) => `<th scope="col">${label}</th>`).join('')}</tr></thead>
<tbody>${matrix.join('\n')}</tbody></table></div>`;
}

function renderMetrics({ nRows, level }: Evaluation, metrics: readonly MetricEstimate[]): string {
  const rows = metrics.map((metric) => [
    escapeHtml(metric.label) + hint(metric.direction),
    formatNumber(metric.value),
    `${formatNumber(metric.lower)} to ${formatNumber(metric.upper)}`,
  ]);
  const head = ['Metric', 'Value', `${formatNumber(100 * level)} % interval`];
  return renderTable(`On ${formatNumber(nRows)} rows`, head, rows);
}

function renderImportance(importance: readonly FeatureImportance[]): string {
  const sorted = [...importance].sort((a, b) => b.gain - a.gain);
  const total = sorted.reduce((sum, { gain }) => sum + Math.max(0, gain), 0) || 1;
  const highest = Math.max(sorted[0].gain, 0) || 1;
  const rows = sorted.slice(0, shownFeatures).map(({ feature, gain }) => {
    const share = `<rect class="bar first" width="${((100 * Math.max(0, gain)) / highest).toFixed(1)}" height="10"/>`;
    return `<tr><th scope="row">${escapeHtml(feature)}</th><td class="share"><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">${share}</svg></td><td class="number">${formatShare(Math.max(0, gain) / total)}</td></tr>`;
  });
  const rest = sorted.length - rows.length;
  return `<section>
<h2>Feature importance</h2>
<table><caption>Share of the total gain${rest > 0 ? `; ${rest} more features are not shown` : ''}</caption>
<tbody>${rows.join('\n')}</tbody></table>
</section>`;
}

function renderExplanation({ unit, features, examples }: ReportExplanation, page: Page): string {
  const nRows = features[0]?.contributions.length ?? 0;
  const rows = examples.map(({ key, score, reasons }) => {
    const cells = reasons.map(
      ({ name, value, contribution }) =>
        `<td class="text">${escapeHtml(name)}${value === null ? '' : ` = ${formatNumber(value)}`} <span class="soft">${formatDifference(contribution)}</span></td>`,
    );
    return `<tr><th scope="row">${escapeHtml(key)}</th><td class="number">${formatNumber(score)}</td>${cells.join('')}</tr>`;
  });
  const nReasons = Math.max(0, ...examples.map(({ reasons }) => reasons.length));
  return `<section>
<h2>Why rows have their scores</h2>
<p class="soft">Exact SHAP values of ${formatNumber(nRows)} rows, in ${escapeHtml(unit)}, before calibration.</p>
<div class="charts wide">${renderChart(beeswarmChart(features, unit), page)}</div>
<h3>How a contribution depends on the value</h3>
${renderCharts(
  features
    .filter(({ values }) => values.some((value) => value !== null))
    .slice(0, shownDependences)
    .map((feature) => dependenceChart(feature, unit)),
  page,
)}
<h3>Examples</h3>
<div class="scroll" tabindex="0"><table><caption>Rows with their weightiest reasons and what each adds</caption>
<thead><tr><th scope="col">Row</th><th scope="col" class="number">Score</th>${Array.from({ length: nReasons }, (_, i) => `<th scope="col">Reason ${i + 1}</th>`).join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>
</section>`;
}

function renderLineage(lineage: Report['lineage']): string {
  const rows = lineage.map(
    ([key, value]) =>
      `<tr><th scope="row">${escapeHtml(key)}</th><td class="text">${escapeHtml(value)}</td></tr>`,
  );
  return `<section>\n<h2>Lineage</h2>\n<table><tbody>${rows.join('\n')}</tbody></table>\n</section>`;
}

function renderHowToUse(lines: readonly string[]): string {
  return `<section>\n<h2>How to use it</h2>\n<pre>${lines.map(escapeHtml).join('\n')}</pre>\n</section>`;
}

/** A table whose first column heads its rows and whose others are numbers; cells are HTML. */
function renderTable(caption: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const heads = head.map(
    (label, j) => `<th scope="col"${j === 0 ? '' : ' class="number"'}>${escapeHtml(label)}</th>`,
  );
  const body = rows.map(
    ([first, ...cells]) =>
      `<tr><th scope="row">${first}</th>${cells.map((cell) => `<td class="number">${cell}</td>`).join('')}</tr>`,
  );
  return `<div class="scroll" tabindex="0"><table><caption>${escapeHtml(caption)}</caption>
<thead><tr>${heads.join('')}</tr></thead>
<tbody>${body.join('\n')}</tbody></table></div>`;
}

function hint(direction: 'higher' | 'lower'): string {
  const [arrow, words] = direction === 'higher' ? ['↑', 'higher is better'] : ['↓', 'lower is better'];
  return ` <span class="soft" role="img" aria-label="${words}" title="${words}">${arrow}</span>`;
}
