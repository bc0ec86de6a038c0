import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ConfigError, KolError, throwIfAborted } from '../core/errors.js';
import { errnoOf, isDiskFull, storageError } from './storage-error.js';

/**
 * Writes a whole file or none: to a new file beside it, fsync, rename, fsync of the folder. A reader sees the old
 * content or the new; a failure leaves the old.
 *
 * Not the package `write-file-atomic`: it takes a short write, as a nearly full disk gives, for a whole one.
 *
 * @throws {ConfigError} when the path may not or cannot be written
 * @throws {ServiceError} when the disk is full or fails
 */
export async function writeFileAtomically(path: string, content: Uint8Array | string): Promise<void> {
  await throughTemporary(path, content, (temporary) => rename(temporary, path));
}

/**
 * Creates a whole file unless there is one of that name; of several callers at once, one wins.
 * @returns whether this call created it
 * @throws {ConfigError} when the path may not be written, or its file system has no hard links
 * @throws {ServiceError} when the disk is full or fails
 */
export async function createFileAtomically(path: string, content: Uint8Array | string): Promise<boolean> {
  let created = true;
  await throughTemporary(path, content, async (temporary) => {
    try {
      // Unlike rename, link fails where the name is taken.
      await link(temporary, path);
    } catch (error) {
      if (errnoOf(error) === 'EEXIST') created = false;
      else if (['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(errnoOf(error))) {
        const message = `the file system of ${path} cannot make hard links; keep the registry on a local or NFS disk`;
        throw new ConfigError(message, { cause: error });
      } else throw error;
    }
    await rm(temporary);
  });
  return created;
}

async function throughTemporary(
  path: string,
  content: Uint8Array | string,
  publish: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = temporaryBeside(path);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await publish(temporary);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw storageError(error, path);
  }
}

/**
 * Makes a folder and those above it, and makes them last.
 * @throws {ConfigError} when it cannot be made there
 */
export async function makeFolder(folder: string): Promise<void> {
  const path = resolve(folder);
  try {
    if ((await stat(path).catch(() => undefined))?.isDirectory()) return;
    if (dirname(path) !== path) await makeFolder(dirname(path));
    // One level at a time: `recursive` never returns where a parent refuses with ENOENT, as /proc does.
    await mkdir(path).catch((error: unknown) => {
      if (errnoOf(error) !== 'EEXIST') throw error;
    });
    await syncFolder(dirname(path));
  } catch (error) {
    throw error instanceof KolError ? error : storageError(error, folder);
  }
}

/**
 * Builds a folder under a temporary name beside `final` and gives it that name when all of it is on disk; on an
 * error or an abort it is removed.
 *
 * @param final must not exist, or be an empty folder; with `replace`, a folder there gives way to the new one
 * @param build writes into the folder it is given
 * @returns what `build` returned
 * @throws {ConfigError} when `final` is taken or cannot be written
 * @throws {ServiceError} when the disk is full or fails
 * @throws {InterruptedError} once `signal` is aborted
 */
export async function withStagedFolder<Result>(
  final: string,
  build: (staging: string) => Promise<Result>,
  { signal, replace = false }: { readonly signal?: AbortSignal; readonly replace?: boolean } = {},
): Promise<Result> {
  throwIfAborted(signal);
  const target = resolve(final);
  const staging = temporaryBeside(target);
  if (!replace && (await isTaken(target))) throw takenError(target);
  await makeFolder(staging);
  try {
    const result = await build(staging);
    throwIfAborted(signal);
    await publishFolder(staging, target, replace).catch((error: unknown) => {
      throw storageError(error, target);
    });
    return result;
  } catch (error) {
    await rm(staging, { recursive: true, force: true }).catch(() => undefined);
    throw isDiskFull(error) ? storageError(error, target) : error;
  }
}

async function publishFolder(staging: string, target: string, replace: boolean): Promise<void> {
  await syncTree(staging);
  const retired = replace && (await isTaken(target)) ? temporaryBeside(target) : null;
  if (retired !== null) await rename(target, retired);
  try {
    await rename(staging, target);
  } catch (error) {
    if (retired !== null) await rename(retired, target);
    throw ['ENOTEMPTY', 'EEXIST'].includes(errnoOf(error)) ? takenError(target) : error;
  }
  await syncFolder(dirname(target));
  if (retired !== null) await rm(retired, { recursive: true, force: true });
}

async function isTaken(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length > 0;
  } catch (error) {
    return errnoOf(error) !== 'ENOENT';
  }
}

function takenError(folder: string): ConfigError {
  return new ConfigError(`${folder} exists and is not an empty folder; remove it or choose another`);
}

function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID()}.tmp`);
}

async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await syncTree(path);
    else if (entry.isFile()) await syncPath(path);
  }
  await syncFolder(folder);
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes names that were added to a folder last; where folders cannot be synced (Windows), the system does it. */
async function syncFolder(folder: string): Promise<void> {
  await syncPath(folder).catch((error: unknown) => {
    if (!['EPERM', 'EACCES', 'EISDIR', 'EINVAL', 'ENOTSUP'].includes(errnoOf(error))) throw error;
  });
}
