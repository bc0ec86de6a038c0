import type { ChampionModel, InputColumn } from '../../champion/model.js';
import type { Rng } from '../../core/rng.js';
import { Table, type Column } from '../../core/table.js';
import { adversarialTable } from '../../onnx/parity.js';
import { textCases } from './texts.js';

/** Rows that a graph is asked for, by what is unusual about them; one batch each. */
export interface ContractCase {
  readonly case: string;
  readonly table: Table;
}

const typicalRows = 64;
const extremeRows = 48;
const nullRows = 32;

/**
 * About 200 raw rows that every consumer must score alike. Cases of texts are left out where the model reads none.
 * @param table training rows, of which the typical ones are taken
 */
export function championCases(model: ChampionModel, table: Table, rng: Rng): ContractCase[] {
  const inputs = Table.select(
    table,
    model.inputs.map(({ name }) => name),
  );
  const typical = Table.rows(inputs, spread(inputs.nRows, typicalRows));
  const hostile = adversarialTable(model, typical, rng);
  const extreme = Table.rows(hostile, spread(hostile.nRows, extremeRows));
  const texts = model.inputs.some(({ type }) => type === 'string') ? Object.entries(textCases) : [];
  return [
    { case: 'typical', table: typical },
    { case: 'extreme', table: extreme },
    { case: 'null', table: eachMissing(model.inputs, typical) },
    ...texts.map(([name, values]) => ({ case: name, table: withTexts(typical, values) })),
    { case: 'all-empty', table: nothing(model.inputs, 4) },
    { case: 'one-row', table: Table.rows(typical, [typical.nRows - 1]) },
  ];
}

/** Up to `wanted` row numbers, evenly over `[0, nRows)`. */
function spread(nRows: number, wanted: number): number[] {
  const n = Math.min(nRows, wanted);
  return Array.from({ length: n }, (_, i) => Math.floor((i * nRows) / n));
}

/** Typical rows, each without one of the columns; then one column after the other is gone for good. */
function eachMissing(inputs: readonly InputColumn[], typical: Table): Table {
  const rows = Array.from({ length: nullRows }, (_, i) => i % typical.nRows);
  const columns = Object.entries(Table.rows(typical, rows).columns).map(([name, column], c) => {
    const isGone = (row: number): boolean =>
      row % inputs.length === c || (row >= nullRows / 2 && c < (row - nullRows / 2) * 2);
    return [name, masked(column, isGone)] as const;
  });
  return Table.fromColumns(Object.fromEntries(columns));
}

function masked(column: Column, isGone: (row: number) => boolean): Column {
  return column.type === 'string'
    ? { type: 'string', values: column.values.map((value, row) => (isGone(row) ? null : value)) }
    : { type: column.type, values: column.values.map((value, row) => (isGone(row) ? NaN : value)) };
}

/** Typical rows in which every text column in turn holds each of the texts, the last ones in all columns. */
function withTexts(typical: Table, texts: readonly (string | null)[]): Table {
  const names = Object.entries(typical.columns).flatMap(([name, { type }]) =>
    type === 'string' ? [name] : [],
  );
  const rows = texts.map((_, i) => i % typical.nRows);
  const host = Table.rows(typical, rows);
  const columns = Object.entries(host.columns).map(([name, column]): [string, Column] => {
    if (column.type !== 'string') return [name, column];
    const at = names.indexOf(name);
    const values = column.values.map((value, row) =>
      row % (names.length + 1) === at || row % (names.length + 1) === names.length ? texts[row] : value,
    );
    return [name, { type: 'string', values }];
  });
  return Table.fromColumns(Object.fromEntries(columns));
}

/** Rows of which nothing is known. */
function nothing(inputs: readonly InputColumn[], nRows: number): Table {
  return Table.fromColumns(
    Object.fromEntries(
      inputs.map(({ name, type }): [string, Column] => [
        name,
        type === 'string'
          ? { type, values: Array.from({ length: nRows }, (_, i) => (i % 2 === 0 ? '' : null)) }
          : { type, values: new Float64Array(nRows).fill(NaN) },
      ]),
    ),
  );
}
