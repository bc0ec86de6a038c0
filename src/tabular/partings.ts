import { Table } from '../core/table.js';
import type { Parting } from '../release/report-figures.js';

/** A column of more categories than this makes parts too small to read. */
const mostParts = 12;
const mostPartings = 4;

/** The categorical columns of fewest categories: what a table's rows are parted by where nobody says. */
export function tablePartings(table: Table, categorical: readonly string[]): Parting[] {
  return categorical
    .map((by) => ({ by, names: Table.strings(table, by).map((value) => value || 'missing') }))
    .map((parting) => ({ parting, size: new Set(parting.names).size }))
    .filter(({ size }) => size > 1 && size <= mostParts)
    .sort((a, b) => a.size - b.size)
    .slice(0, mostPartings)
    .map(({ parting }) => parting);
}
