import { binaryCharts } from './charts/binary-charts.js';
import { regressionCharts } from './charts/regression-charts.js';
import { escapeHtml } from './escape-html.js';
import type { BinaryEvaluation, Evaluation, MulticlassEvaluation } from './evaluate.js';
import { formatNumber, formatShare } from './format-number.js';
import type { MetricEstimate } from './metric.js';
import { hint, type Page, renderCharts, renderTable } from './report-page.js';
import { explorerData, renderThresholdExplorer } from './threshold-explorer.js';

/** The figures and charts of rows that were held out. */
export function renderEvaluation(evaluation: Evaluation, page: Page): string {
  switch (evaluation.task) {
    case 'binary':
      return renderBinary(evaluation, page);
    case 'regression':
      return `<div class="tables"><div>${renderMetrics(on(evaluation), evaluation.metrics)}</div></div>
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
<div>${renderMetrics(on(evaluation), evaluation.metrics)}
${
  line === null
    ? ''
    : `<p class="soft">Calibration slope ${formatNumber(line.slope)} (standard error ${formatNumber(line.slopeStandardError)}, ideal 1), intercept ${formatNumber(line.intercept)} (${formatNumber(line.interceptStandardError)}, ideal 0).</p>`
}</div>
<div><h3>Called positive from ${formatNumber(threshold)}</h3>
${renderTable(`${formatNumber(evaluation.positives)} of ${formatNumber(evaluation.nRows)} rows are positive (${formatShare(evaluation.positives / evaluation.nRows)})`, ['Truth', 'Called positive', 'Called negative'], confusion)}
${renderMetrics(on(evaluation), metrics)}</div>
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
<div>${renderMetrics(on(evaluation), evaluation.metrics)}</div>
<div>${renderTable('Each class by itself', ['Class', 'Rows', 'Precision', 'Recall', 'F1'], perClass)}</div>
</div>
<h3>Confusion</h3>
<div class="scroll" tabindex="0"><table class="confusion"><caption>Rows by true class (down) and most probable class (across)</caption>
<thead><tr><th scope="col">Truth</th>${classes.map((label) => `<th scope="col">${label}</th>`).join('')}</tr></thead>
<tbody>${matrix.join('\n')}</tbody></table></div>`;
}

function on({ nRows, level }: Evaluation): { readonly what: string; readonly level: number } {
  return { what: `${formatNumber(nRows)} rows`, level };
}

/** Metrics with their intervals. */
export function renderMetrics(
  { what, level }: { readonly what: string; readonly level: number },
  metrics: readonly MetricEstimate[],
): string {
  const rows = metrics.map((metric) => [
    escapeHtml(metric.label) + hint(metric.direction),
    formatNumber(metric.value),
    `${formatNumber(metric.lower)} to ${formatNumber(metric.upper)}`,
  ]);
  const head = ['Metric', 'Value', `${formatNumber(100 * level)} % interval`];
  return renderTable(`On ${what}`, head, rows);
}
