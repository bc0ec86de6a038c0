import { beeswarmChart, dependenceChart } from './charts/explanation-charts.js';
import { escapeHtml } from './escape-html.js';
import { formatDifference, formatNumber, formatShare } from './format-number.js';
import type { FeatureImportance, ReportExplanation } from './report.js';
import { type Page, renderChart, renderCharts, renderSection } from './report-page.js';

/** Most features an importance table shows. */
const shownFeatures = 30;
/** Features whose dependence is drawn. */
const shownDependences = 6;

/** What each feature adds to the trees, of all that they gain. */
export function renderImportance(importance: readonly FeatureImportance[], page: Page): string {
  const sorted = [...importance].sort((a, b) => b.gain - a.gain);
  const total = sorted.reduce((sum, { gain }) => sum + Math.max(0, gain), 0) || 1;
  const highest = Math.max(sorted[0].gain, 0) || 1;
  const rows = sorted.slice(0, shownFeatures).map(({ feature, gain }) => {
    const share = `<rect class="bar first" width="${((100 * Math.max(0, gain)) / highest).toFixed(1)}" height="10"/>`;
    return `<tr><th scope="row">${escapeHtml(feature)}</th><td class="share"><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">${share}</svg></td><td class="number">${formatShare(Math.max(0, gain) / total)}</td></tr>`;
  });
  const rest = sorted.length - rows.length;
  return renderSection(
    page,
    'Feature importance',
    `<table><caption>Share of the total gain${rest > 0 ? `; ${rest} more features are not shown` : ''}</caption>
<tbody>${rows.join('\n')}</tbody></table>`,
  );
}

/** Why rows have their scores: over all of them, feature by feature, and row by row in words. */
export function renderExplanation(explanation: ReportExplanation, page: Page): string {
  const { unit, features, examples } = explanation;
  const nRows = features[0]?.contributions.length ?? 0;
  return renderSection(
    page,
    'Why rows have their scores',
    `<p class="soft">Exact SHAP values of ${formatNumber(nRows)} rows, in ${escapeHtml(unit)}, before calibration.</p>
<div class="charts wide">${renderChart(beeswarmChart(features, unit), page)}</div>
<h3>How a contribution depends on the value</h3>
${renderCharts(
  features
    .filter(({ values }) => values.some((value) => value !== null))
    .slice(0, shownDependences)
    .map((feature) => dependenceChart(feature, unit)),
  page,
)}
<h3>Reason codes of single rows</h3>
<p class="soft">From the lowest score to the highest: the weightiest reasons first, and what each adds to the ${escapeHtml(unit)}.</p>
<div class="examples">${examples.map((example) => renderExample(example)).join('\n')}</div>`,
  );
}

function renderExample({ key, score, reasons }: ReportExplanation['examples'][number]): string {
  const lines = reasons.map(({ name, value, contribution, description }) => {
    const subject = description === undefined ? name : sentence(description);
    const is = value === null ? '' : `: <strong>${formatNumber(value)}</strong>`;
    return `<li>${escapeHtml(subject)}${is} <span class="${contribution > 0 ? 'raises' : 'lowers'}">${contribution > 0 ? 'raises' : 'lowers'} it, ${formatDifference(Number(contribution.toPrecision(3)))}</span></li>`;
  });
  return `<article><h4>${escapeHtml(key)} <span class="soft">score ${formatNumber(score)}</span></h4><ol>${lines.join('')}</ol></article>`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
