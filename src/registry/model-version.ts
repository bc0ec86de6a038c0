import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { ConfigError, DataError } from '../core/errors.js';
import { createFileAtomically, makeFolder } from './atomic-file.js';
import type { Artifact } from './run-record.js';
import { errnoOf } from './storage-error.js';

const modelVersion = z.object({
  format: z.literal(1),
  name: z.string(),
  version: z.int().min(1),
  runId: z.string(),
  artifacts: z
    .array(z.object({ path: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/), size: z.int().min(0) }))
    .min(1),
  tags: z.record(z.string(), z.string()),
  description: z.string(),
  /** Milliseconds since 1970-01-01 UTC. */
  createdAt: z.int(),
  createdBy: z.string(),
});

/** A numbered version of a model: artifacts of one run, by their hashes. */
export type ModelVersion = Readonly<z.infer<typeof modelVersion>>;

/** The version numbers in a folder, ascending. */
export async function listVersionNumbers(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw new DataError(`cannot read ${folder} (${errnoOf(error)})`, { cause: error });
  });
  return names
    .filter((name) => /^[1-9]\d*\.json$/.test(name))
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => a - b);
}

/**
 * Writes the version under the next free number; of two at once, both get one of their own.
 * @returns the number
 */
export async function appendVersion(
  folder: string,
  about: Omit<ModelVersion, 'format' | 'version'>,
): Promise<number> {
  await makeFolder(folder);
  let version = ((await listVersionNumbers(folder)).at(-1) ?? 0) + 1;
  const write = (): Promise<boolean> =>
    createFileAtomically(
      join(folder, `${version}.json`),
      `${JSON.stringify({ format: 1, version, ...about } satisfies ModelVersion, null, 2)}\n`,
    );
  while (!(await write())) version++;
  return version;
}

/**
 * Reads one version.
 * @throws {ConfigError} when there is none of that number, naming those that exist
 * @throws {DataError} when its file is damaged
 */
export async function readVersion(folder: string, name: string, version: number): Promise<ModelVersion> {
  const path = join(folder, `${version}.json`);
  const known = await listVersionNumbers(folder);
  if (!known.includes(version)) {
    throw new ConfigError(`model ${name} has no version ${version}, only ${known.join(', ') || 'none yet'}`);
  }
  try {
    const read = modelVersion.parse(JSON.parse(await readFile(path, 'utf8')));
    if (read.name !== name || read.version !== version) throw new DataError(`${read.name} ${read.version}`);
    return Object.freeze(read);
  } catch (error) {
    throw new DataError(`${path} is not version ${version} of ${name}; it was damaged or changed by hand`, {
      cause: error,
    });
  }
}

/**
 * Reads a file back and compares its size and SHA-256.
 * @throws {DataError} naming the file when it is missing, unreadable or not what was logged
 */
export async function verifyArtifact(file: string, { sha256, size }: Artifact): Promise<void> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    await pipeline(createReadStream(file), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        hash.update(chunk);
        bytes += chunk.length;
      }
    });
  } catch (error) {
    throw new DataError(`cannot read ${file} (${errnoOf(error)})`, { cause: error });
  }
  const found = hash.digest('hex');
  if (bytes !== size || found !== sha256) {
    throw new DataError(
      `${file} was changed after it was logged: ${bytes} bytes with SHA-256 ${found}, expected ${size} bytes with ${sha256}`,
    );
  }
}
