import type { InputColumn } from '../../champion/model.js';
import { Table, type Column } from '../../core/table.js';
import type { Batch } from '../../sources/batch-target.js';

/** Raw columns of KOLs, as one of the champions reads them. */
export interface RawColumns {
  readonly inputs: readonly InputColumn[];
  /** Rows in the order of the KOLs. */
  readonly table: Table;
}

/**
 * What the champions were scored with, as `kol_gold.kol_features`: a service that is asked about a KOL finds the raw
 * columns of all of them there, and needs no feature code. A column that two of them read is that of the first.
 * @param columns KOL, moment and what else is told of each row
 */
export function featureBatch(
  columns: Readonly<Record<'kol_id' | 'scored_at' | 'reason_codes', Column>>,
  champions: readonly RawColumns[],
): Batch {
  const inputs = new Map<string, InputColumn>();
  const values = new Map<string, Column>(Object.entries(columns));
  for (const { inputs: read, table } of champions) {
    for (const input of read) {
      if (values.has(input.name)) continue;
      inputs.set(input.name, input);
      values.set(input.name, Table.column(table, input.name));
    }
  }
  return {
    table: 'kol_gold.kol_features',
    columns: [
      ...Object.entries(columns).map(([name, { type }]) => ({ name, type })),
      // What a source delivers as another type (a flag as a number) is written as it came.
      ...[...inputs.keys()].map((name) => ({ name, type: values.get(name)?.type ?? 'number' })),
    ],
    within: ['scored_at'],
    key: ['kol_id'],
    rows: Table.fromColumns(Object.fromEntries(values)),
  };
}
