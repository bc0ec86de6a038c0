import { Table } from '../core/table.js';

/** Rows of a table that belong together, such as the accounts of a platform. */
export interface Slice {
  readonly name: string;
  /** Places among the rows that were asked about. */
  readonly members: Uint32Array;
}

/** Values of a text column that are slices of their own; the rarer ones are none. */
const shownValues = 12;

/**
 * The slices of some rows by the values of columns: each of the commonest texts, each value of a column of two, and the
 * lower, middle and upper third of numbers. Columns that the table lacks are passed over.
 * @param rows `[n]` rows of the table
 */
export function slicesOf(table: Table, rows: Uint32Array, columns: readonly string[]): readonly Slice[] {
  const part = Table.rows(table, rows);
  return columns
    .filter((name) => name in part.columns)
    .flatMap((name) => {
      const column = Table.column(part, name);
      const labels =
        column.type === 'string'
          ? Array.from(column.values, (value) => value ?? 'missing')
          : thirds(Float64Array.from(column.values));
      return byLabel(name, labels);
    });
}

function byLabel(column: string, labels: readonly string[]): Slice[] {
  const members = new Map<string, number[]>();
  labels.forEach((label, i) => {
    const own = members.get(label);
    if (own === undefined) members.set(label, [i]);
    else own.push(i);
  });
  return [...members]
    .sort(([p, a], [q, b]) => b.length - a.length || (p < q ? -1 : 1))
    .slice(0, shownValues)
    .map(([label, own]) => ({ name: `${column}=${label}`, members: Uint32Array.from(own) }));
}

function thirds(values: Float64Array): string[] {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const distinct = new Set(sorted);
  if (distinct.size <= 2)
    return Array.from(values, (value) => (Number.isNaN(value) ? 'missing' : String(value)));
  const [low, high] = [1 / 3, 2 / 3].map((share) => sorted[Math.floor(share * (sorted.length - 1))]);
  return Array.from(values, (value) =>
    Number.isNaN(value) ? 'missing' : value <= low ? 'low' : value <= high ? 'middle' : 'high',
  );
}
