import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { cannotWrite } from './atomic-file.js';
import { isErrnoException } from './errno.js';

/** A hidden name beside `path`, which readers of a lakehouse pass over. */
export function hiddenBeside(path: string, suffix: 'partial' | 'old'): string {
  return join(dirname(path), `.${basename(path)}.${suffix}`);
}

/**
 * Puts the finished folder `from` in the place of `to`. Should the second rename fail, the old folder is put back.
 * @throws {ConfigError} when the place cannot be written
 */
export async function replaceFolder(from: string, to: string): Promise<void> {
  const old = hiddenBeside(to, 'old');
  await rm(old, { recursive: true, force: true });
  const hadOld = await rename(to, old).then(
    () => true,
    (error: unknown) => {
      if (isErrnoException(error) && error.code === 'ENOENT') return false;
      throw cannotWrite(to, error);
    },
  );
  try {
    await rename(from, to);
  } catch (error) {
    if (hadOld) await rename(old, to);
    throw cannotWrite(to, error);
  }
  await rm(old, { recursive: true, force: true });
}
