// Long CSV files: one row a series and time.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** Cells of a line; quotes may hold commas and doubled quotes. */
function cells(line) {
  if (!line.includes('"')) return line.split(',');
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain,
  );
}

/** A cell to write. */
export const quoted = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Milliseconds since 1970 UTC; a plain number stays one. */
export function timeOf(text) {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  const date = text.replace(' ', 'T');
  const time = Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(date) || !date.includes('T') ? date : `${date}Z`);
  if (Number.isNaN(time)) throw new Error(`${text} is no time`);
  return time;
}

/**
 * Series by id, each sorted by time.
 * @returns {Map<string, { time: number[], [column: string]: number[] }>} an empty cell is NaN
 */
export function readLong(file) {
  const [head, ...lines] = readFileSync(file, 'utf8').trimEnd().split(/\r?\n/);
  const names = cells(head);
  const rows = new Map();
  for (const line of lines) {
    const row = cells(line);
    if (row.length !== names.length) throw new Error(`${basename(file)}: ${row.length} cells in: ${line}`);
    const id = row[names.indexOf('id')];
    if (!rows.has(id)) rows.set(id, []);
    rows.get(id).push({ time: timeOf(row[names.indexOf('time')]), row });
  }
  const numbers = names.flatMap((name, c) => (name === 'id' || name === 'time' ? [] : [[name, c]]));
  const series = new Map();
  for (const [id, found] of rows) {
    found.sort((a, b) => a.time - b.time);
    const columns = numbers.map(([name, c]) => [
      name,
      found.map(({ row }) => (row[c] === '' ? NaN : Number(row[c]))),
    ]);
    series.set(id, { time: found.map(({ time }) => time), ...Object.fromEntries(columns) });
  }
  return series;
}
