import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { throwIfAborted } from '../core/errors.js';
import { batchValues, type Batch, type BatchTarget } from './batch-target.js';
import { tableWriter } from './write-table.js';

/** Writes into the tables of an embedded lakehouse: one Parquet file per batch, named by what names the batch. */
export function embeddedTarget(folder: string): BatchTarget {
  return {
    async replace(batch, signal) {
      throwIfAborted(signal);
      const [schema, table] = batch.table.split('.');
      const path = join(folder, schema, table, `${fileName(batch)}.parquet`);
      await mkdir(join(folder, schema, table), { recursive: true });
      const writer = await tableWriter(path, batch.columns);
      try {
        await writer.write(batch.rows);
        await writer.close();
      } finally {
        await writer.abort();
      }
      return { where: path, nRows: batch.rows.nRows };
    },
  };
}

function fileName(batch: Batch): string {
  return batchValues(batch)
    .map((value, i) => {
      const { type } = batch.columns.find(({ name }) => name === batch.within[i]) ?? {};
      const isTime = type === 'timestamp' || type === 'date';
      const text = isTime ? new Date(value).toISOString() : String(value);
      return text.replaceAll(/[^\w]/g, '');
    })
    .join('-');
}
