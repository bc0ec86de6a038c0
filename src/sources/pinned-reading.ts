import type { Lineage } from '../core/lineage.js';
import { sha256 } from '../core/record.js';
import { tableDigest } from '../core/table-digest.js';
import type { Table } from '../core/table.js';
import { readAll, tablesOf, type Query, type QueryRun, type TableSource } from './table-source.js';

/** Which state of the lakehouse to read. */
export interface ReadingMoment {
  /** The query's own bound of knowledge (ISO 8601), kept with the lineage. */
  readonly asOf?: string | undefined;
  /** Snapshot ids by `schema.table`; tables that are not named are read in their newest. */
  readonly snapshots?: Readonly<Record<string, string>> | undefined;
}

/**
 * The rows of a query, all of them from the snapshots that were newest (or wanted) when the reading began.
 * @throws {DataError} as the source does; nothing is returned of a reading that did not end
 * @throws {InterruptedError} once `signal` is aborted
 */
export async function readPinned(
  source: TableSource,
  query: Query,
  { asOf, snapshots: wanted }: ReadingMoment,
  signal: AbortSignal | undefined,
): Promise<{ readonly table: Table; readonly lineage: Lineage }> {
  const snapshots = await source.snapshot(tablesOf(query, source.dialect), wanted, signal);
  let run: QueryRun = { sql: '' };
  const table = await readAll(source, query, {
    snapshots,
    onRun: (started) => (run = started),
    ...(signal && { signal }),
  });
  return {
    table,
    lineage: {
      sources: snapshots.map(({ table: name, ...snapshot }) => ({ name, ...snapshot })),
      query: run.sql,
      queryHash: sha256(run.sql),
      ...(run.queryId !== undefined && { queryId: run.queryId }),
      rows: table.nRows,
      digest: tableDigest(table),
      ...(asOf !== undefined && { asOf }),
    },
  };
}
