import { sha256 } from '../core/record.js';
import { escapeHtml } from './escape-html.js';
import { formatNumber } from './format-number.js';
import type { MetricEstimate } from './metric.js';
import { renderEvaluation } from './report-evaluation.js';
import { renderExplanation, renderImportance } from './report-explanation.js';
import { renderForecast } from './report-forecast.js';
import { renderGate } from './report-gate.js';
import { renderCard, renderCommands, renderLineage } from './report-origin.js';
import { emptyPage, type Page, renderSection } from './report-page.js';
import { renderBoosting, renderComparison, renderDecay, renderDrift, renderParts } from './report-parts.js';
import { reportScript } from './report-script.js';
import { reportStyle } from './report-style.js';
import type { Report } from './report.js';

/** Figures that stand at the top. */
const headlined = 4;

/**
 * The report as one HTML file that needs nothing else: styles, scripts and data are inside, addresses are none, and its
 * security policy allows no script but those. All texts are escaped. Equal reports give equal bytes.
 *
 * @param runtime scripts that define `vega`, `vegaLite` and `expressionInterpreter` (`chartRuntime`)
 */
export function renderReport(report: Report, runtime: string): string {
  const page = emptyPage();
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
  const { gate, comparison, sections, importance, explanation, parts = [], decay, drift, boosting } = report;
  const { forecast, card = [], sources = [], lineage, reproduce = [], howToUse } = report;
  const body = [
    report.verdict === ''
      ? ''
      : renderSection(page, 'Verdict', `<p>${escapeHtml(report.verdict)}</p>`, 'verdict'),
    renderHeadline(report),
    comparison.length === 0 ? '' : renderComparison(comparison, page),
    ...sections.map(({ title, note, evaluation }) =>
      renderSection(
        page,
        title,
        `${note === '' ? '' : `<p class="soft">${escapeHtml(note)}</p>\n`}${renderEvaluation(evaluation, page)}`,
      ),
    ),
    forecast === undefined ? '' : renderForecast(forecast, page),
    parts.length === 0 ? '' : renderParts(parts, page),
    decay === undefined ? '' : renderDecay(decay, page),
    renderDrift(drift, gate, page),
    boosting === undefined ? '' : renderBoosting(boosting, page),
    importance.length === 0 ? '' : renderImportance(importance, page),
    explanation === undefined ? '' : renderExplanation(explanation, page),
    gate === undefined ? '' : renderGate(gate, page),
    card.length === 0 ? '' : renderCard(card, page),
    lineage.length + sources.length === 0 ? '' : renderLineage(report, page),
    reproduce.length === 0
      ? ''
      : renderCommands(
          'Make it again',
          'The same data and seed give the same bytes, on any number of threads.',
          reproduce,
          page,
        ),
    howToUse.length === 0 ? '' : renderCommands('How to use it', '', howToUse, page),
  ].filter((part) => part !== '');
  return [
    `<header>\n<h1>${escapeHtml(report.title)}</h1>`,
    report.subtitle === '' ? '' : `<p class="soft">${escapeHtml(report.subtitle)}</p>`,
    report.facts.length === 0 ? '' : `<dl class="facts">${report.facts.map(renderFact).join('')}</dl>`,
    '</header>',
    page.contents.length < 3 ? '' : renderContents(page),
    ...body,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** Where everything is. */
function renderContents({ contents }: Page): string {
  const items = contents.map(({ id, title }) => `<li><a href="#${id}">${escapeHtml(title)}</a></li>`);
  return `<nav aria-label="Contents"><ol>${items.join('')}</ol></nav>`;
}

/** The first figures of every judgement, with their intervals. */
function renderHeadline({ sections, forecast }: Report): string {
  const judged: readonly { title: string; metrics: readonly MetricEstimate[] }[] = [
    ...sections.slice(0, 2).map(({ title, evaluation }) => ({ title, metrics: evaluation.metrics })),
    ...(forecast === undefined || forecast.metrics.length === 0 ? [] : [forecast]),
  ];
  if (judged.length === 0) return '';
  const [first] = judged;
  const tiles = first.metrics.slice(0, headlined).map(({ name, label }) => {
    const values = judged.flatMap(({ title, metrics }) => {
      const found = metrics.find((metric) => metric.name === name);
      if (found === undefined) return [];
      const { value, lower, upper } = found;
      return `<dd>${formatNumber(value)} <span class="soft">${formatNumber(lower)} to ${formatNumber(upper)}${judged.length > 1 ? `, ${escapeHtml(title)}` : ''}</span></dd>`;
    });
    return `<div><dt>${escapeHtml(label)}</dt>${values.join('')}</div>`;
  });
  return `<dl class="facts headline">${tiles.join('')}</dl>`;
}

function renderFact([label, value]: readonly [string, string]): string {
  return `<div><dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd></div>`;
}

/** Data for the script; no text in it can end the element. */
function renderData(id: string, data: unknown): string {
  return `<script type="application/json" id="${id}">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`;
}
