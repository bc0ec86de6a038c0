import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { InterruptedError, ServiceError, throwIfAborted } from '../core/errors.js';
import { createFileAtomically, makeFolder, writeFileAtomically } from './atomic-file.js';
import { isAlive } from './process-mark.js';
import { currentWriter } from './writer.js';

const holder = z.object({
  token: z.string(),
  user: z.string(),
  host: z.string(),
  pid: z.int(),
  mark: z.string().optional(),
  released: z.boolean(),
});
type Holder = z.infer<typeof holder>;

/** How often a holder shows that it lives, and how long it is believed where its process cannot be looked at. */
const beatMs = 10_000;
const silenceMs = 120_000;
const fileName = (turn: number): string => `${String(turn).padStart(10, '0')}.lock`;

/**
 * Does work that only one process may do at a time in this folder. The lock is a row of numbered files, of which the
 * newest counts; each is created exclusively, so of several that find a dead holder one wins. A holder is dead when its
 * process is gone; on another machine, when its file was not touched for two minutes.
 *
 * @throws {ServiceError} naming the holder, when the lock is not free within `waitMs`
 * @throws {InterruptedError} once `signal` is aborted
 */
export async function withProcessLock<Result>(
  folder: string,
  work: () => Promise<Result>,
  {
    busy,
    waitMs = 60_000,
    signal,
  }: {
    /** What to tell those who did not get it, given who has it. */
    readonly busy: (who: string) => string;
    readonly waitMs?: number;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Result> {
  await makeFolder(folder);
  const own: Holder = { token: randomUUID(), ...currentWriter(), released: false };
  const began = performance.now();
  let turn: number | null;
  for (;;) {
    throwIfAborted(signal);
    turn = await tryTake(folder, own);
    if (turn !== null) break;
    if (performance.now() - began > waitMs) throw new ServiceError(busy(await holderOf(folder)));
    await sleep(200, undefined, signal && { signal }).catch((cause: unknown) => {
      throw new InterruptedError(undefined, { cause });
    });
  }
  const path = join(folder, fileName(turn));
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, beatMs);
  beat.unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    // The file stays: a number is never given twice.
    await writeFileAtomically(path, JSON.stringify({ ...own, released: true }));
  }
}

/** The turn that this call took, or null while somebody else has it. */
async function tryTake(folder: string, own: Holder): Promise<number | null> {
  const newest = (await turns(folder)).at(-1);
  if (newest !== undefined && (await isHeld(join(folder, fileName(newest))))) return null;
  const turn = (newest ?? 0) + 1;
  if (!(await createFileAtomically(join(folder, fileName(turn)), JSON.stringify(own)))) return null;
  // Whoever looked long ago may have taken a number that is past.
  const now = await turns(folder);
  if (now.at(-1) !== turn) {
    await rm(join(folder, fileName(turn)), { force: true });
    return null;
  }
  for (const past of now.slice(0, -1)) await rm(join(folder, fileName(past)), { force: true });
  return turn;
}

async function turns(folder: string): Promise<number[]> {
  return (await readdir(folder))
    .filter((name) => /^\d{10}\.lock$/.test(name))
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => a - b);
}

async function read(path: string): Promise<Holder | undefined> {
  try {
    return holder.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    // Gone, since its holder was followed by another; or damaged, which no living holder leaves.
    return undefined;
  }
}

async function isHeld(path: string): Promise<boolean> {
  const held = await read(path);
  if (held === undefined || held.released) return false;
  if (held.host === hostname()) return isAlive(held.pid, held.mark);
  const touched = await stat(path).catch(() => undefined);
  return touched !== undefined && Date.now() - touched.mtimeMs < silenceMs;
}

async function holderOf(folder: string): Promise<string> {
  const newest = (await turns(folder)).at(-1) ?? 0;
  const held = await read(join(folder, fileName(newest)));
  return held === undefined ? 'another process' : `process ${held.pid} of ${held.user}@${held.host}`;
}
