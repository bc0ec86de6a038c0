import type { ColumnType } from '../core/table.js';
import { scanFile } from './csv-blocks.js';
import { recordError } from './csv-problems.js';
import type { CsvRecord } from './csv-records.js';
import type { CsvSource } from './csv-source.js';
import { noRows, recordProblem } from './csv-source.js';
import { decideType, newProfile, profileCell } from './csv-types.js';
import type { DataFileOptions } from './data-file-types.js';

/** What one pass over the file found. */
export interface Inferred {
  readonly types: ReadonlyMap<string, ColumnType>;
  readonly nRows: number | undefined;
}

/**
 * Types the kept columns that have no forced type, in one pass over the file.
 * @throws {DataError} for the first malformed record (unless bad rows are skipped), a spoiled column, a file without rows
 */
export async function inferTypes(
  source: CsvSource,
  kept: readonly number[],
  forced: ReadonlyMap<string, ColumnType>,
  { skipBadRows, signal }: DataFileOptions,
): Promise<Inferred> {
  const open = kept.filter((j) => !forced.has(source.names[j]));
  if (open.length === 0) {
    await assertHasRows(source, signal);
    return { types: new Map(), nRows: undefined };
  }
  const profiles = open.map(() => newProfile());
  const lenient = skipBadRows !== undefined;
  let isHeader = true;
  let records = 0;
  const visit = (record: CsvRecord): void => {
    if (isHeader) {
      isHeader = false;
      return;
    }
    const problem = recordProblem(record, source.names);
    if (problem !== undefined) {
      if (!lenient) throw recordError(source.path, record.line, problem.reason);
      return;
    }
    for (let k = 0; k < open.length; k++) profileCell(profiles[k], record, open[k]);
  };
  for await (records of scanFile(source.path, source.skip, source.dialect, signal, visit));
  if (records < 2) throw noRows(source.path);
  const types = new Map(
    open.map((j, k) => [source.names[j], decideType(profiles[k], source.path, source.names[j], lenient)]),
  );
  return { types, nRows: lenient ? undefined : records - 1 };
}

async function assertHasRows(source: CsvSource, signal: AbortSignal | undefined): Promise<void> {
  let records = 0;
  for await (records of scanFile(source.path, source.skip, source.dialect, signal, () => undefined)) {
    if (records > 1) return;
  }
  if (records < 2) throw noRows(source.path);
}
