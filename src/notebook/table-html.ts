import { Table } from '../core/table.js';
import { escapeHtml } from '../evaluation/escape-html.js';

/** Rows of a table as people write them down: what the columns hold, by name. */
export type PlainRows = readonly Readonly<Record<string, unknown>>[];

/**
 * The first rows as an HTML table: numbers to four digits, times as ISO 8601, what is missing as a dash, every text
 * escaped.
 * @param limit rows that are shown; the rest is counted below
 */
export function tableHtml(rows: Table | PlainRows, limit = 12): string {
  const plain = isTable(rows) ? plainRows(rows, limit) : rows.slice(0, limit);
  const nRows = isTable(rows) ? rows.nRows : rows.length;
  const names = isTable(rows) ? Object.keys(rows.columns) : Object.keys(rows[0] ?? {});
  const head = names.map((name) => `<th>${escapeHtml(name)}</th>`).join('');
  const body = plain.map((row) => `<tr>${names.map((name) => cell(row[name])).join('')}</tr>`).join('\n');
  const rest = nRows > limit ? `<p>${(nRows - limit).toLocaleString('en')} more rows</p>` : '';
  return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table>${rest}`;
}

function isTable(rows: Table | PlainRows): rows is Table {
  return 'columns' in rows;
}

function plainRows(table: Table, limit: number): PlainRows {
  const names = Object.keys(table.columns);
  return Array.from({ length: Math.min(limit, table.nRows) }, (_, i) =>
    Object.fromEntries(
      names.map((name) => {
        const { type, values } = Table.column(table, name);
        const value = values[i];
        if (value === null || Number.isNaN(value)) return [name, null];
        if (type === 'timestamp')
          return [name, new Date(Number(value)).toISOString().replace(/T00:00:00.000Z$/, '')];
        return [name, type === 'boolean' ? value === 1 : value];
      }),
    ),
  );
}

function cell(value: unknown): string {
  if (typeof value === 'number')
    return `<td style="text-align:right">${Number.isNaN(value) ? '–' : formatNumber(value)}</td>`;
  const text =
    typeof value === 'string' || typeof value === 'boolean'
      ? String(value)
      : value === null || value === undefined
        ? '–'
        : JSON.stringify(value);
  return `<td style="text-align:left">${escapeHtml(text)}</td>`;
}

function formatNumber(value: number): string {
  return Number.isInteger(value)
    ? value.toLocaleString('en')
    : value.toLocaleString('en', { maximumSignificantDigits: 4 });
}
