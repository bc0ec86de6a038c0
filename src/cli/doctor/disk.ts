import { access, constants, mkdtemp, rmdir, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { failed, ok, warning, type Examination, type Finding, type Steps } from './check.js';

/** Runs, models and a sample lakehouse take a few hundred megabytes. */
const scarceSpace = 2 ** 30;

/** Whether runs can be written, and how much room there is for them. */
export function runStore(folder: string): Examination {
  return {
    service: 'store',
    location: folder,
    mend: 'name another folder in KOL_STORE',
    *steps(): Steps {
      yield { name: 'folder', find: () => writable(folder) };
      yield { name: 'free space', find: () => freeSpace(folder) };
    },
  };
}

/** Free space where `folder` is or would be made. */
export async function freeSpace(folder: string): Promise<Finding> {
  const { bavail, bsize, blocks } = await statfs(await nearestFolder(folder));
  const free = bavail * bsize;
  const detail = `${bytesText(free)} of ${bytesText(blocks * bsize)}`;
  return free >= scarceSpace ? ok(detail) : warning(detail, `free space on the disk of ${folder}`);
}

/** Bytes for people. */
export function bytesText(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

async function writable(folder: string): Promise<Finding> {
  const name = 'name a folder that you may write to in KOL_STORE';
  const found = await stat(folder).catch(() => undefined);
  if (found !== undefined && !found.isDirectory())
    return failed('config', `${folder} is no folder`, `move it, or ${name}`);
  const nearest = await nearestFolder(folder);
  try {
    if (found === undefined) {
      await access(nearest, constants.W_OK | constants.X_OK);
      return ok('not made yet, but can be');
    }
    // Rights alone would not show a full quota.
    await rmdir(await mkdtemp(join(folder, '.doctor-')));
    return ok('can be written');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return failed('config', `${nearest} cannot be written (${code})`, `grant the right to, or ${name}`);
  }
}

/** The folder itself, or the first one above it that is there. */
async function nearestFolder(folder: string): Promise<string> {
  let path = resolve(folder);
  while (!(await stat(path).catch(() => undefined))?.isDirectory() && dirname(path) !== path)
    path = dirname(path);
  return path;
}
