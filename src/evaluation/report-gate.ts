import { escapeHtml } from './escape-html.js';
import { formatNumber } from './format-number.js';
import type { CheckResult, CheckVerdict, Gate } from './gate/gate.js';
import { type Page, renderSection } from './report-page.js';

/** What is wrong comes first, what could not be looked at last. */
const order: readonly CheckVerdict[] = ['fail', 'inconclusive', 'pass', 'not-applicable'];
/** The style of a verdict: those of a comparison. */
const styles: Readonly<Record<CheckVerdict, string>> = {
  fail: 'worse',
  inconclusive: 'inconclusive',
  pass: 'better',
  'not-applicable': 'soft',
};

/** Every check of a gate as a section of the report. */
export function renderGate({ decision, checks, champion, look, alpha }: Gate, page: Page): string {
  const sorted = [...checks].sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  const rows = sorted.map(
    (check) =>
      `<tr><th scope="row">${escapeHtml(check.title)}</th><td><span class="${styles[check.verdict]}">${check.verdict}</span></td><td class="number">${shown(check.value)}</td><td class="number">${shown(check.threshold)}</td><td class="text">${escapeHtml(check.words)}</td></tr>`,
  );
  const counts = order
    .map((verdict) => [checks.filter((check) => check.verdict === verdict).length, verdict] as const)
    .filter(([n]) => n > 0)
    .map(([n, verdict]) => `${n} ${verdict}`)
    .join(', ');
  const looks =
    champion === null
      ? ''
      : ` Look number ${look} at these held-out rows, which may spend ${formatNumber(alpha)} of the chance of error.`;
  return renderSection(
    page,
    `Gate: ${decision}`,
    `<p class="soft">${counts}.${looks}</p>
<div class="scroll" tabindex="0"><table><caption>Every check, its value, what it is held against, and what it says</caption>
<thead><tr><th scope="col">Check</th><th scope="col">Verdict</th><th scope="col" class="number">Value</th><th scope="col" class="number">Threshold</th><th scope="col">In words</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>`,
  );
}

/** A figure, or a text cut to what a cell holds. */
function shown(value: CheckResult['value']): string {
  if (value === null) return '';
  if (typeof value === 'number') return formatNumber(value);
  return escapeHtml(value.length > 24 ? `${value.slice(0, 23)}…` : value);
}
