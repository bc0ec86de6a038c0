import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../core/errors.js';
import { createFileAtomically, makeFolder } from './atomic-file.js';
import { errnoOf } from './storage-error.js';

/** What one look at held-out rows was for. */
export interface Look {
  /** Milliseconds since 1970-01-01 UTC. */
  readonly at: number;
  /** The challenger that was tested, by its run or file. */
  readonly challenger: string;
}

/**
 * A ledger of tests on the same held-out rows: files numbered 1, 2, … in `<folder>/<rows>`, never rewritten, so that of
 * two looks at once each has a number of its own.
 * @param rows names the rows, such as a digest of their keys
 * @returns the number of this look, 1 for the first
 */
export async function countLook(folder: string, rows: string, look: Look): Promise<number> {
  const ledger = join(folder, rows);
  await makeFolder(ledger);
  const names = await readdir(ledger).catch((error: unknown) => {
    throw new DataError(`cannot read ${ledger} (${errnoOf(error)})`, { cause: error });
  });
  let next = 1 + names.filter((name) => /^\d{6}\.json$/.test(name)).length;
  const path = (): string => join(ledger, `${String(next).padStart(6, '0')}.json`);
  while (!(await createFileAtomically(path(), `${JSON.stringify(look)}\n`))) next++;
  return next;
}
