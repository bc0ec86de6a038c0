import type { InputColumn } from '../champion/model.js';
import { Table } from '../core/table.js';
import type { ProbedInputs } from '../evaluation/gate/subject.js';

/** Rows in which leaks are looked for; more show no more. */
const mostRows = 20_000;

/** The inputs of a model on some rows, to look for leaks. */
export function probedInputs(
  inputs: readonly InputColumn[],
  rows: Table,
  { y, time, known }: Omit<ProbedInputs, 'columns'>,
): ProbedInputs {
  const n = Math.min(rows.nRows, mostRows);
  const columns = Object.fromEntries(
    inputs.map(({ name }) => [name, Table.column(rows, name).values.slice(0, n)]),
  );
  return { columns, y: y.slice(0, n), time: time?.slice(0, n), known };
}

/** The texts of declared columns; columns that are not there are left out. */
export function sliceTexts(rows: Table, columns: readonly string[]): Record<string, readonly string[]> {
  return Object.fromEntries(
    columns
      .filter((name) => Object.hasOwn(rows.columns, name))
      .map((name) => [
        name,
        Array.from<string | number | null, string>(
          Table.column(rows, name).values,
          (value) => `${value ?? 'missing'}`,
        ),
      ]),
  );
}
