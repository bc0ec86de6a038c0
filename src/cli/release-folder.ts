import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { ConfigError } from '../core/errors.js';
import { makeFolder, writeFileAtomically } from '../registry/atomic-file.js';
import type { RunStore } from '../registry/run-store.js';

/** What is written of any release. */
export interface ReleaseFiles {
  readonly files: Readonly<Record<string, Uint8Array | string>>;
}

/** How far a graph is from its model. */
export interface ParityFigures {
  readonly maxAbsDifference: number;
  readonly nRows: number;
}

/** Writes every file of a release into `folder`; model.json comes last, so that it never names what is not there. */
export async function writeRelease(folder: string, release: ReleaseFiles): Promise<void> {
  await makeFolder(folder);
  const { 'model.json': card, ...files } = release.files;
  for (const [name, content] of Object.entries(files)) await writeFileAtomically(join(folder, name), content);
  await writeFileAtomically(join(folder, 'model.json'), card);
}

/**
 * Finds out before a long training whether its release can be written; makes nothing.
 * @throws {ConfigError} when `folder` is a file, or neither it nor the folder it would be made in is writable
 */
export async function checkReleaseFolder(folder: string): Promise<void> {
  let nearest = resolve(folder);
  for (;;) {
    const status = await stat(nearest).catch(() => undefined);
    if (status?.isDirectory()) break;
    if (status !== undefined)
      throw new ConfigError(`--out ${folder}: ${nearest} is a file, expected a folder; name another`);
    nearest = dirname(nearest);
  }
  await access(nearest, constants.W_OK).catch((cause: unknown) => {
    throw new ConfigError(`--out ${folder}: no permission to write in ${nearest}; name another folder`, {
      cause,
    });
  });
}

/** Where the store keeps the release of a run, as short as it can be said from here. */
export function keptFolder(runs: RunStore, runId: string): string {
  const kept = dirname(runs.artifactPath(runId, 'model.onnx'));
  const fromHere = relative('', kept);
  return fromHere.length < kept.length ? fromHere : kept;
}
