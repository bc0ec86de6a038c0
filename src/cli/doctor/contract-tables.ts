import { optionalTables, schemas } from '../../sources/sample/schemas.js';
import { trustTrainingSchema } from '../../sources/trust-training.js';
import { failed, ok, warning, type Finding } from './check.js';

/** Tables that commands read, with the columns the lakehouse contract gives them. */
export const contractTables: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({ ...schemas, 'kol_gold.ml_trust_training': trustTrainingSchema })
    .filter(([table]) => !optionalTables.includes(table))
    .map(([table, columns]) => [table, columns.map(({ name }) => name)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1)),
);

/** Tables that `kol train success` writes. */
export const writtenTables = ['kol_gold.kol_scores', 'kol_gold.kol_forecasts'] as const;

/** Column names by table, from rows of (table, column). */
export function columnsByTable(
  rows: Iterable<readonly [table: string, column: string]>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const tables = new Map<string, Set<string>>();
  for (const [table, column] of rows) tables.set(table, (tables.get(table) ?? new Set()).add(column));
  return tables;
}

/** Whether every table of the contract is there. */
export function tablesFinding(present: readonly string[], mend: string): Finding {
  const missing = [...contractTables.keys()].filter((table) => !present.includes(table));
  if (missing.length === 0) return ok(`all ${contractTables.size} of the contract`);
  return warning(
    `${missing.length} of the contract's ${contractTables.size} are missing: ${missing.join(', ')}`,
    `commands that read them will fail; ${mend}`,
  );
}

/** Whether a table has the columns of the contract; `undefined` when it has. */
export function missingColumns(table: string, columns: ReadonlySet<string>): Finding | undefined {
  const missing = (contractTables.get(table) ?? []).filter((name) => !columns.has(name));
  if (missing.length === 0) return undefined;
  return failed(
    'data',
    `without ${missing.length === 1 ? 'column' : 'columns'} ${missing.join(', ')}`,
    'add the columns, null where nothing is known, or write the table anew',
  );
}
