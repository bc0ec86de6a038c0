import { readBatches } from './csv-batches.js';
import type { Delimiter } from './csv-dialect.js';
import { sniffDialect } from './csv-dialect.js';
import { checkNotOneColumn, readHeader } from './csv-header.js';
import { inferTypes } from './csv-infer.js';
import type { CsvSource } from './csv-source.js';
import type { DataFile, DataFileOptions } from './data-file-types.js';
import { checkRequired, isWanted } from './data-file-columns.js';
import type { ColumnSchema } from './table-source.js';

/**
 * Opens a delimited text file whose first bytes are `head`. Columns without a forced type are typed by one pass over
 * the whole file; reading is a second pass.
 * @throws {DataError} for every way in which the file is not a table, naming file, line, column and value
 */
export async function openCsv(
  path: string,
  head: Buffer,
  whole: boolean,
  options: DataFileOptions & { readonly delimiter?: Delimiter },
): Promise<DataFile> {
  const skip = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  const body = head.subarray(skip);
  const dialect = sniffDialect(body, whole, options.delimiter);
  const source: CsvSource = { path, skip, dialect, names: readHeader(path, body, whole, dialect) };
  checkRequired(path, source.names, options.required ?? []);
  if (source.names.length === 1) checkNotOneColumn(path, body, whole, source);

  const kept = source.names.map((_, j) => j).filter((j) => isWanted(source.names[j], options));
  const forced = new Map(Object.entries(options.types ?? {}));
  for (const name of options.textColumns ?? []) forced.set(name, 'string');
  const inferred = await inferTypes(source, kept, forced, options);
  const schema = kept.map((j): ColumnSchema => {
    const name = source.names[j];
    return { name, type: forced.get(name) ?? inferred.types.get(name) ?? 'string' };
  });

  let rejected = 0;
  return {
    path,
    schema,
    ...(inferred.nRows === undefined ? {} : { nRows: inferred.nRows }),
    get rejected() {
      return rejected;
    },
    batches: ({ signal } = {}) =>
      readBatches(source, kept, schema, options.skipBadRows, signal, (count) => (rejected = count)),
  };
}
