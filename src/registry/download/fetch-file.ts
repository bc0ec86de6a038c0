import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { DataError, InterruptedError, ServiceError } from '../../core/errors.js';
import { sha256 } from '../../core/record.js';
import { makeFolder, writeFileAtomically } from '../atomic-file.js';
import type { ArtifactStore } from '../mlflow/artifacts/store.js';

const attempts = 4;

/** A file that is known by what is in it. */
export interface KnownFile {
  readonly path: string;
  readonly sha256: string;
}

/**
 * A file by its content: from `<store>/downloads/<sha256>`, or else from where it lies, and then kept there. What is
 * kept is hashed again at every use, so that a damaged copy is fetched anew.
 * @param open opens the place of the original; not called where there is a copy
 * @throws {DataError} where the original is gone or is not what was released
 * @throws {ServiceError} when the reading breaks off each time it is tried
 */
export async function fetchFile(
  folder: string,
  file: KnownFile,
  open: () => Promise<ArtifactStore>,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const copy = join(folder, 'downloads', file.sha256);
  const kept = await readFile(copy).catch(() => undefined);
  if (kept !== undefined && sha256(kept) === file.sha256) return kept;
  const bytes = await download(await open(), file, signal);
  await makeFolder(join(folder, 'downloads'));
  await writeFileAtomically(copy, bytes);
  return bytes;
}

async function download(
  store: ArtifactStore,
  { path, sha256: expected }: KnownFile,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  for (let tries = 1; ; tries++) {
    const stream = await store.read(path, signal);
    if (stream === undefined)
      throw new DataError(
        `${path} is not at ${store.location} any more; send it again with kol sync --verify`,
      );
    try {
      const bytes = await buffer(stream);
      if (sha256(bytes) === expected) return bytes;
    } catch (cause) {
      if (signal?.aborted) throw new InterruptedError(undefined, { cause });
      if (tries < attempts) continue;
      throw new ServiceError(`${path} cannot be read from ${store.location}: ${String(cause)}`, { cause });
    }
    if (tries >= attempts)
      throw new DataError(
        `${path} at ${store.location} is not what was released (its SHA-256 is not ${expected}); send it again with kol sync --verify`,
      );
  }
}
