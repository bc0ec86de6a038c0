import { DataError } from './errors.js';

/** `timestamp` counts milliseconds since 1970-01-01 UTC; `boolean` is 0 or 1; NaN and null mark a missing value. */
export type NumericType = 'number' | 'boolean' | 'timestamp';
/** What a column holds: numbers of some kind, or texts. */
export type ColumnType = NumericType | 'string';

/** `[nRows]` values of one type. */
export type Column =
  | { readonly type: NumericType; readonly values: Float64Array }
  | { readonly type: 'string'; readonly values: readonly (string | null)[] };

/** Frozen, typed columns of equal length: what a source hands over and what features read. */
export interface Table {
  /** Length of every column. */
  readonly nRows: number;
  /** By name, in the order of the source. */
  readonly columns: Readonly<Record<string, Column>>;
}

export const Table = {
  /**
   * A table of these columns; the values are shared.
   * @throws {DataError} when the columns differ in length
   */
  fromColumns(columns: Readonly<Record<string, Column>>): Table {
    const names = Object.keys(columns);
    const nRows = names.length === 0 ? 0 : columns[names[0]].values.length;
    for (const name of names) {
      const length = columns[name].values.length;
      if (length !== nRows)
        throw new DataError(`table: column ${name} has ${length} rows, expected ${nRows}`);
    }
    return Object.freeze({ nRows, columns: Object.freeze({ ...columns }) });
  },

  /** The given rows, in the given order, as a new table. */
  rows(table: Table, rows: ArrayLike<number>): Table {
    const gather = (column: Column): Column =>
      column.type === 'string'
        ? { type: 'string', values: Array.from(rows, (i) => column.values[i] ?? null) }
        : { type: column.type, values: Float64Array.from(rows, (i) => column.values[i]) };
    return Table.fromColumns(
      Object.fromEntries(Object.entries(table.columns).map(([name, column]) => [name, gather(column)])),
    );
  },

  /**
   * Several batches of one schema as one table.
   * @throws {DataError} when a batch lacks a column of the first, has one more, or holds it with another type
   */
  concat(batches: readonly Table[]): Table {
    const first = batches[0];
    if (first === undefined) return Table.fromColumns({});
    if (batches.length === 1) return first;
    const nRows = batches.reduce((sum, batch) => sum + batch.nRows, 0);
    for (const [b, batch] of batches.entries()) checkSchema(batch, first, b);

    function join(name: string, type: ColumnType): Column {
      if (type === 'string') {
        const values: (string | null)[] = [];
        for (const batch of batches) for (const value of Table.strings(batch, name)) values.push(value);
        return { type, values };
      }
      const values = new Float64Array(nRows);
      let offset = 0;
      for (const batch of batches) {
        values.set(Table.numbers(batch, name), offset);
        offset += batch.nRows;
      }
      return { type, values };
    }
    return Table.fromColumns(
      Object.fromEntries(Object.entries(first.columns).map(([name, { type }]) => [name, join(name, type)])),
    );
  },

  /**
   * The named columns, in that order; the values are shared with `table`.
   * @throws {DataError} naming the first column that `table` lacks
   */
  select(table: Table, names: readonly string[]): Table {
    return Table.fromColumns(Object.fromEntries(names.map((name) => [name, Table.column(table, name)])));
  },

  /**
   * One column with its type.
   * @throws {DataError} when the column is absent
   */
  column(table: Table, name: string): Column {
    const column = Object.hasOwn(table.columns, name) ? table.columns[name] : undefined;
    if (column === undefined) {
      throw new DataError(
        `column ${name} is missing; the table has ${Object.keys(table.columns).join(', ') || 'no columns'}`,
      );
    }
    return column;
  },

  /**
   * `[nRows]` values of a column that holds no text, NaN where missing.
   * @throws {DataError} when the column is absent or holds text
   */
  numbers(table: Table, name: string): Float64Array {
    const column = Table.column(table, name);
    if (column.type === 'string') throw new DataError(`column ${name} holds text, expected numbers`);
    return column.values;
  },

  /**
   * `[nRows]` texts of a column, null where missing.
   * @throws {DataError} when the column is absent or holds numbers
   */
  strings(table: Table, name: string): readonly (string | null)[] {
    const column = Table.column(table, name);
    if (column.type !== 'string') throw new DataError(`column ${name} holds ${column.type}s, expected text`);
    return column.values;
  },
} as const;

function checkSchema(batch: Table, first: Table, b: number): void {
  for (const name of Object.keys(batch.columns)) {
    if (!Object.hasOwn(first.columns, name)) {
      throw new DataError(`batch ${b} has a column ${name} that the first batch lacks`);
    }
  }
  for (const [name, { type }] of Object.entries(first.columns)) {
    const found = Table.column(batch, name).type;
    if (found !== type) {
      throw new DataError(`batch ${b} holds column ${name} as ${found}, the first batch as ${type}`);
    }
  }
}
