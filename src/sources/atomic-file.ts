import type { FileHandle } from 'node:fs/promises';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConfigError } from '../core/errors.js';
import { isErrnoException } from './errno.js';

/** A file that appears under its name only when it is whole. */
export interface AtomicFile {
  write(text: string): Promise<void>;
  /** Flushes to disk and renames into place. */
  close(): Promise<void>;
  /** Leaves nothing behind; harmless after `close`. */
  abort(): Promise<void>;
}

const flushAt = 1 << 20;

/** The name under which a file is written until it is whole: beside it, so that the rename stays on one disk. */
export function temporaryName(path: string): string {
  return `${path}.partial`;
}

/**
 * Opens `path` for writing through a temporary file beside it; memory is bounded by one megabyte of text.
 * @throws {ConfigError} when the folder is missing or not writable, or the disk is full
 */
export async function openAtomicFile(path: string): Promise<AtomicFile> {
  const temporary = temporaryName(path);
  const handle: FileHandle = await open(temporary, 'w').catch((error: unknown) => {
    throw cannotWrite(path, error);
  });
  let pending: string[] = [];
  let size = 0;
  let open_ = true;

  async function flush(): Promise<void> {
    const text = pending.join('');
    pending = [];
    size = 0;
    try {
      await handle.appendFile(text);
    } catch (error) {
      throw cannotWrite(path, error);
    }
  }

  return {
    write: async (text) => {
      pending.push(text);
      size += text.length;
      if (size >= flushAt) await flush();
    },
    close: async () => {
      await flush();
      await handle.sync();
      await handle.close();
      open_ = false;
      await moveIntoPlace(temporary, path);
    },
    abort: async () => {
      if (!open_) return;
      open_ = false;
      await handle.close();
      await rm(temporary, { force: true });
    },
  };
}

/** Flushes a finished temporary file, gives it its name, and flushes the folder, so that a crash leaves one or the other. */
export async function moveIntoPlace(temporary: string, path: string): Promise<void> {
  try {
    await syncPath(temporary);
    await rename(temporary, path);
    await syncPath(dirname(path));
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The error of a failed write in the words of the person who named the path. */
export function cannotWrite(path: string, error: unknown): ConfigError {
  const text = error instanceof Error ? error.message : String(error);
  const code = isErrnoException(error) ? error.code : undefined;
  const options = { cause: error };
  if (
    code === 'ENOSPC' ||
    code === 'EDQUOT' ||
    code === 'EFBIG' ||
    /no space left on device|disk quota|file too large/i.test(text)
  ) {
    return new ConfigError(`${path}: the disk is full; free some space or name another place`, options);
  }
  if (
    code === 'EACCES' ||
    code === 'EPERM' ||
    code === 'EROFS' ||
    /permission denied|read-only file system/i.test(text)
  ) {
    return new ConfigError(`${path}: no permission to write here; name another place`, options);
  }
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new ConfigError(`${path}: its folder does not exist; make ${dirname(path)} first`, options);
  }
  if (code === 'EISDIR') return new ConfigError(`${path}: is a folder, expected the name of a file`, options);
  return new ConfigError(`${path}: cannot be written (${text.split('\n')[0]})`, options);
}
