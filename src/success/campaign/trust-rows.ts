import type { InputColumn } from '../../champion/model.js';
import { Table, type Column } from '../../core/table.js';

const day = 86_400_000;

/**
 * Accounts as a trust champion reads them: the age in days at `asOf`, and nothing where it reads what the lakehouse does
 * not know of a KOL.
 * @param accounts the rows of `accountsQuery`
 * @param asOf milliseconds since 1970 UTC
 * @returns the table, and the inputs that hold nothing
 */
export function trustRows(
  accounts: Table,
  inputs: readonly InputColumn[],
  asOf: number,
): { readonly table: Table; readonly unknown: readonly string[] } {
  const created = Table.numbers(accounts, 'account_created_at');
  const known: Readonly<Record<string, Column>> = {
    ...accounts.columns,
    account_age_days: { type: 'number', values: created.map((time) => (asOf - time) / day) },
  };
  const unknown = inputs.filter(({ name }) => !Object.hasOwn(known, name));
  const nothing = (type: InputColumn['type']): Column =>
    type === 'string'
      ? { type, values: new Array<null>(accounts.nRows).fill(null) }
      : { type, values: new Float64Array(accounts.nRows).fill(NaN) };
  return {
    table: Table.fromColumns({
      ...known,
      ...Object.fromEntries(unknown.map(({ name, type }) => [name, nothing(type)])),
    }),
    unknown: unknown.map(({ name }) => name),
  };
}
