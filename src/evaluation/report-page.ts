import { escapeHtml } from './escape-html.js';
import type { Chart } from './charts/chart.js';
import type { ExplorerData } from './threshold-explorer.js';

/** Charts, tables of thresholds and headings of a page, by the ids of their places. */
export interface Page {
  readonly charts: Map<string, Chart['spec']>;
  readonly explorers: Map<string, ExplorerData>;
  /** `[nSections]` ids and titles. */
  readonly contents: { readonly id: string; readonly title: string }[];
}

/** An empty page. */
export function emptyPage(): Page {
  return { charts: new Map(), explorers: new Map(), contents: [] };
}

/** A section of the page, which its list of contents names; `body` is HTML. */
export function renderSection(page: Page, title: string, body: string, style = ''): string {
  const id = `section-${page.contents.length + 1}`;
  page.contents.push({ id, title });
  return `<section id="${id}"${style === '' ? '' : ` class="${style}"`}>
<h2>${escapeHtml(title)}</h2>
${body}
</section>`;
}

/** The place of a chart, which the script draws, and of its data as a table, which the script writes when asked to. */
export function renderChart({ title, description, spec }: Chart, page: Page): string {
  const id = `chart-${page.charts.size + 1}`;
  page.charts.set(id, spec);
  return `<figure>
<figcaption>${escapeHtml(title)}</figcaption>
<div id="${id}" class="chart" role="img" aria-label="${escapeHtml(`${title}. ${description}`)}"></div>
<p class="soft">${escapeHtml(description)}</p>
<details class="data" data-chart="${id}"><summary>Data: ${escapeHtml(title)}</summary></details>
</figure>`;
}

/** Charts side by side where there is room; `wide` ones below each other. */
export function renderCharts(charts: readonly Chart[], page: Page, wide = false): string {
  if (charts.length === 0) return '';
  const drawn = charts.map((chart) => renderChart(chart, page)).join('\n');
  return `<div class="charts${wide ? ' wide' : ''}">${drawn}</div>`;
}

/** A table whose first column heads its rows and whose others are numbers; cells are HTML. */
export function renderTable(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
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

/** Which way a metric is better. */
export function hint(direction: 'higher' | 'lower'): string {
  const [arrow, words] = direction === 'higher' ? ['↑', 'higher is better'] : ['↓', 'lower is better'];
  return ` <span class="soft" role="img" aria-label="${words}" title="${words}">${arrow}</span>`;
}

/** Keys and values; values are HTML. */
export function renderPairs(
  caption: string,
  pairs: readonly (readonly [key: string, value: string])[],
): string {
  const rows = pairs.map(
    ([key, value]) => `<tr><th scope="row">${escapeHtml(key)}</th><td class="text">${value}</td></tr>`,
  );
  return `<table><caption>${escapeHtml(caption)}</caption><tbody>${rows.join('\n')}</tbody></table>`;
}
