import { Table } from '../../src/core/table.js';
import type { DataFile } from '../../src/sources/data-file-types.js';

/** All rows of a file as one table. */
export async function readAllBatches(file: DataFile): Promise<Table> {
  const batches: Table[] = [];
  for await (const batch of file.batches()) batches.push(batch);
  return Table.concat(batches);
}
