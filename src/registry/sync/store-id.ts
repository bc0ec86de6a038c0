import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../../core/errors.js';
import { createFileAtomically, makeFolder } from '../atomic-file.js';

/**
 * Tells a store from others that send to the same MLflow; chosen once, at the first sync.
 * @throws {DataError} when its file is damaged
 */
export async function storeId(storeFolder: string): Promise<string> {
  const folder = join(storeFolder, 'sync');
  const path = join(folder, 'store-id');
  await makeFolder(folder);
  await createFileAtomically(path, `${randomUUID().slice(0, 18)}\n`);
  const id = (await readFile(path, 'utf8')).trim();
  if (!/^[0-9a-f-]{18}$/.test(id))
    throw new DataError(`${path} is not the id of a store; it was damaged or changed by hand: remove it`);
  return id;
}
