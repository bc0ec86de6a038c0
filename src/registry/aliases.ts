import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DataError } from '../core/errors.js';
import { createFileAtomically, makeFolder } from './atomic-file.js';
import { errnoOf } from './storage-error.js';

const version = z.int().min(1).nullable();
/** What is optional came later: changes of before have none of it. */
const places = z.object({
  champion: version,
  previous: version,
  /** A version that answers a share of the requests. */
  canary: z.object({ version: z.int().min(1), share: z.number().gt(0).lte(1) }).optional(),
  /** A version that is asked too, and whose answers are only compared. */
  shadow: z.int().min(1).optional(),
});
/** One line of the audit trail, as it is kept. */
export const aliasChange = z.object({
  format: z.literal(1),
  generation: z.int().min(1),
  action: z.enum(['promote', 'rollback', 'canary', 'shadow']),
  /** Milliseconds since 1970-01-01 UTC. */
  at: z.int(),
  by: z.string(),
  why: z.string(),
  from: places,
  to: places,
});

/** The versions behind the aliases; null or left out where there is none. */
export type Aliases = Readonly<z.infer<typeof places>>;
/** One move of the aliases: who, when, why, from where to where. */
export type AliasChange = Readonly<z.infer<typeof aliasChange>>;

const none: Aliases = Object.freeze({ champion: null, previous: null });
/** Whether both name the same versions. */
export function sameAliases(a: Aliases, b: Aliases): boolean {
  return (
    a.champion === b.champion &&
    a.previous === b.previous &&
    a.canary?.version === b.canary?.version &&
    a.canary?.share === b.canary?.share &&
    a.shadow === b.shadow
  );
}

const fileName = (generation: number): string => `${String(generation).padStart(8, '0')}.json`;

/** The aliases after the given changes. */
export function aliasesAfter(last: AliasChange | null): Aliases {
  return last?.to ?? none;
}

/**
 * Every change in order. Changes are files numbered 1, 2, …, never rewritten: the newest one is the state, and all of
 * them are the audit log, so that the two cannot disagree.
 * @throws {DataError} naming the file that is damaged or missing
 */
export async function readChanges(folder: string): Promise<readonly AliasChange[]> {
  const generations = await listGenerations(folder);
  return Promise.all(generations.map((generation) => readChange(folder, generation)));
}

/** The newest change, or null. */
export async function readLastChange(folder: string): Promise<AliasChange | null> {
  const generations = await listGenerations(folder);
  return generations.length === 0 ? null : readChange(folder, generations.length);
}

/**
 * Appends a change if it is still the next one: a compare-and-swap by the exclusive creation of its file. There is no
 * lock that a killed process could leave behind.
 * @returns whether this call made it; false when another change came first
 */
export async function appendChange(folder: string, next: AliasChange): Promise<boolean> {
  await makeFolder(folder);
  return createFileAtomically(join(folder, fileName(next.generation)), `${JSON.stringify(next, null, 2)}\n`);
}

async function listGenerations(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw new DataError(`cannot read ${folder} (${errnoOf(error)})`, { cause: error });
  });
  const generations = names
    .filter((name) => /^\d{8}\.json$/.test(name))
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => a - b);
  generations.forEach((generation, i) => {
    if (generation !== i + 1) throw new DataError(`${join(folder, fileName(i + 1))} is missing`);
  });
  return generations;
}

/**
 * The change of that number.
 * @throws {DataError} when its file is missing or damaged
 */
export async function readChange(folder: string, generation: number): Promise<AliasChange> {
  const path = join(folder, fileName(generation));
  try {
    const read = aliasChange.parse(JSON.parse(await readFile(path, 'utf8')));
    if (read.generation !== generation) throw new DataError(`generation=${read.generation}`);
    return Object.freeze(read);
  } catch (error) {
    throw new DataError(
      `${path} is not change ${generation} of the aliases; it was damaged or changed by hand`,
      {
        cause: error,
      },
    );
  }
}
