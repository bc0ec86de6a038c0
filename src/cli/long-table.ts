import { ConfigError, DataError } from '../core/errors.js';
import { Table } from '../core/table.js';
import type { LongRows } from '../forecast/panel.js';
import { timeTextOf, type TimeText } from '../forecast/time-text.js';
import { openDataFile } from '../sources/data-file.js';
import type { DataFileOptions } from '../sources/data-file-types.js';

/** The columns of a long table, one row per series and time. */
export interface LongColumns {
  /** Names the series; left out where the file holds one. */
  readonly id?: string;
  readonly time: string;
  readonly target: string;
}

/** A long table as read. */
export interface LongTable {
  readonly rows: LongRows;
  readonly time: TimeText;
  /** Rows set aside. */
  readonly rejected: number;
}

/** Times that tell how all of them are written. */
const sampleRows = 2_000;

/**
 * Reads a long CSV or Parquet table into series.
 * @throws {ConfigError} when one column is named twice
 * @throws {DataError} naming file, row and column of what cannot be used
 */
export async function readLongTable(
  path: string,
  columns: LongColumns,
  options: { readonly skipBadRows?: string; readonly signal: AbortSignal },
): Promise<LongTable> {
  const names = [...(columns.id === undefined ? [] : [columns.id]), columns.time, columns.target];
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined)
    throw new ConfigError(`column ${twice} is named twice; id, time and target differ`);
  const ofFile = (readAs: TimeText['readAs']): DataFileOptions => ({
    types: {
      ...(columns.id !== undefined && { [columns.id]: 'string' as const }),
      [columns.time]: readAs,
      [columns.target]: 'number',
    },
    required: names,
    only: names,
    ...options,
  });
  const time = await sniffTime(path, columns.time, ofFile('string'));
  const file = await openDataFile(path, ofFile(time.readAs));
  const series = new Map<string, { times: number[]; values: number[] }>();
  let row = 0;
  for await (const batch of file.batches({ signal: options.signal })) {
    const ids = columns.id === undefined ? undefined : Table.strings(batch, columns.id);
    const times = timesOf(batch, columns.time, time);
    const values = Table.numbers(batch, columns.target);
    for (let i = 0; i < batch.nRows; i++) {
      row++;
      const id = ids === undefined ? '' : ids[i];
      if (id === null)
        throw new DataError(`${path}: row ${row}: column ${columns.id} is empty, expected an id`);
      if (Number.isNaN(times[i])) {
        throw new DataError(`${path}: row ${row}: column ${columns.time} holds no time like the others`);
      }
      if (!Number.isFinite(values[i]) && !Number.isNaN(values[i])) {
        throw new DataError(
          `${path}: row ${row}: column ${columns.target} is infinite; leave it empty where the value is missing`,
        );
      }
      let held = series.get(id);
      if (held === undefined) series.set(id, (held = { times: [], values: [] }));
      held.times.push(times[i]);
      held.values.push(values[i]);
    }
  }
  const all = [...series.values()];
  return {
    rows: {
      ids: [...series.keys()],
      times: all.map(({ times }) => Float64Array.from(times)),
      values: all.map(({ values }) => Float64Array.from(values)),
    },
    time,
    rejected: file.rejected,
  };
}

async function sniffTime(path: string, name: string, options: DataFileOptions): Promise<TimeText> {
  const file = await openDataFile(path, options);
  const samples: string[] = [];
  for await (const batch of file.batches(options.signal && { signal: options.signal })) {
    for (const value of Table.strings(batch, name)) {
      if (value !== null && value !== '' && samples.length < sampleRows) samples.push(value.trim());
    }
    if (samples.length > 0) break;
  }
  return timeTextOf(samples, `${path}: column ${name}`);
}

function timesOf(batch: Table, name: string, { parse, readAs }: TimeText): ArrayLike<number> {
  if (readAs === 'timestamp') return Table.numbers(batch, name);
  if (readAs === 'number') return Table.numbers(batch, name).map(parse);
  return Table.strings(batch, name).map((value) => (value === null ? NaN : parse(value.trim())));
}
