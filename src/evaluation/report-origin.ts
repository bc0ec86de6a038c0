import { escapeHtml } from './escape-html.js';
import { formatNumber } from './format-number.js';
import type { CardSection, Report, ReportSource } from './report.js';
import { type Page, renderPairs, renderSection, renderTable } from './report-page.js';

/** What to know before one uses the model; figures that the report shows at length are left to it. */
export function renderCard(card: readonly CardSection[], page: Page): string {
  const parts = card
    .filter(({ kind }) => kind === 'words')
    .map(
      ({ title, text, list }) => `<h3>${escapeHtml(title)}</h3>
${text.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n')}${list === undefined || list.length === 0 ? '' : `<ul>${list.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`}`,
    );
  return renderSection(page, 'Model card', parts.join('\n'));
}

/** Where the rows came from. */
export function renderLineage({ sources = [], lineage }: Report, page: Page): string {
  const pairs = lineage.map(([key, value]) => [key, shownValue(value)] as const);
  return renderSection(
    page,
    'Data lineage',
    `${sources.length === 0 ? '' : sourcesTable(sources)}${pairs.length === 0 ? '' : renderPairs('What was made of it', pairs)}`,
  );
}

function sourcesTable(sources: readonly ReportSource[]): string {
  return renderTable(
    'Tables and files, pinned by what they held',
    ['Source', 'Rows', 'Committed (UTC)', 'Snapshot or hash'],
    sources.map(({ name, id, rows, committedAt }) => [
      escapeHtml(name),
      rows === null ? '–' : formatNumber(rows),
      committedAt === null ? '–' : escapeHtml(committedAt.replace('T', ' ').slice(0, 16)),
      `<code>${escapeHtml(id)}</code>`,
    ]),
  );
}

/** Hashes stand in letters of one width, statements behind a line that opens. */
function shownValue(value: string): string {
  const text = escapeHtml(value);
  if (/^[0-9a-f]{32,}$/.test(value)) return `<code>${text}</code>`;
  return value.length > 160 ? `<details><summary>Show</summary><pre>${text}</pre></details>` : text;
}

/** Lines to be copied, with a button that does it. */
export function renderCommands(title: string, note: string, lines: readonly string[], page: Page): string {
  return renderSection(
    page,
    title,
    `${note === '' ? '' : `<p class="soft">${escapeHtml(note)}</p>`}
<div class="command"><pre tabindex="0">${lines.map(escapeHtml).join('\n')}</pre><button type="button" class="copy" hidden>Copy</button></div>`,
  );
}
