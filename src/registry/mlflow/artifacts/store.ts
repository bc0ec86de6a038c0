import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { InterruptedError, ServiceError } from '../../../core/errors.js';

/** What is put into a store: bytes, or a file that is read as it goes. */
export type ArtifactContent = Uint8Array | { readonly file: string; readonly size: number };

/** A file in a store, by its path within it. */
export interface StoredArtifact {
  readonly path: string;
  readonly size: number;
}

/** The artifacts of one run or model. Paths have forward slashes and stay inside. */
export interface ArtifactStore {
  readonly location: string;
  /** Stores content under a path, in the place of what lay there. */
  put(path: string, content: ArtifactContent, signal?: AbortSignal): Promise<void>;
  /** Every file, those in folders included. */
  list(signal?: AbortSignal): Promise<readonly StoredArtifact[]>;
  /** The bytes of a file as they come; undefined where there is none. */
  read(path: string, signal?: AbortSignal): Promise<Readable | undefined>;
}

/**
 * Size and SHA-256 of what is there, read back byte for byte; undefined where nothing is.
 * @throws {ServiceError} when the reading breaks off each time it is tried
 */
export async function readBack(
  store: ArtifactStore,
  path: string,
  signal?: AbortSignal,
): Promise<{ readonly sha256: string; readonly size: number } | undefined> {
  for (let tries = 1; ; tries++) {
    const stream = await store.read(path, signal);
    if (stream === undefined) return undefined;
    const hash = createHash('sha256');
    let size = 0;
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        hash.update(chunk);
        size += chunk.length;
      }
      return { sha256: hash.digest('hex'), size };
    } catch (error) {
      if (signal?.aborted) throw new InterruptedError(undefined, { cause: error });
      if (tries >= 4)
        throw new ServiceError(`${path} cannot be read back from ${store.location}: ${String(error)}`, {
          cause: error,
        });
    }
  }
}

/** Bytes of content. */
export function sizeOf(content: ArtifactContent): number {
  return content instanceof Uint8Array ? content.length : content.size;
}

/** Content, or a part of it, as a stream. */
export function streamOf(content: ArtifactContent, start = 0, end = sizeOf(content)): Readable {
  if (content instanceof Uint8Array) return Readable.from([Buffer.from(content.subarray(start, end))]);
  if (content.size === 0) return Readable.from([]);
  return createReadStream(content.file, { start, end: end - 1 });
}

/** A path as the tail of an address. */
export function encodedPath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
