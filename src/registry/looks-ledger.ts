import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DataError } from '../core/errors.js';
import { makeFolder } from './atomic-file.js';
import { errnoOf, storageError } from './storage-error.js';

const entry = z.object({
  format: z.literal(1),
  /** The registered model's name. */
  model: z.string(),
  /** SHA-256 of the held-out rows that two models were compared on. */
  rows: z.string(),
  /** Tells two comparisons on the same rows apart; the same again is no new look. */
  comparison: z.string(),
  /** The smallest hashes of the rows, ascending: how two sets of them overlap follows from these. */
  sketch: z.array(z.int().min(0)),
  at: z.int(),
});

/** One use of held-out rows to compare a challenger. */
export interface Look {
  readonly model: string;
  readonly rows: string;
  readonly comparison: string;
  readonly sketch: readonly number[];
}

/** Counts how often the same held-out rows were used. */
export interface LooksLedger {
  /**
   * Notes a look before it is taken.
   * @param overlap share of the rows that must be the same for an earlier look to count
   * @returns 1 for the first look at such rows of this model, 2 for the second, …; its old number for a look that was taken already
   */
  note(look: Look, overlap: number): Promise<number>;
}

/** Hashes that a sketch keeps: overlaps are then known within about 0.03. */
export const sketchSize = 256;

/**
 * An append-only file of looks, `<folder>/looks.jsonl`. Each line is written at once and synced, and a look counts what
 * stands before its own line: of two at the same time, each has its own number.
 * @param now milliseconds since 1970-01-01 UTC
 */
export function openLooksLedger(folder: string, now: () => number = Date.now): LooksLedger {
  const path = join(folder, 'looks.jsonl');
  return {
    async note(look, overlap) {
      const isThis = (other: Look): boolean =>
        other.model === look.model && other.comparison === look.comparison && other.rows === look.rows;
      if (!(await readLooks(path)).some(isThis)) {
        await makeFolder(folder);
        await append(path, `${JSON.stringify({ format: 1, ...look, at: now() })}\n`);
      }
      const looks = await readLooks(path);
      const before = looks.slice(0, looks.findIndex(isThis));
      const counted = new Set(
        before
          .filter((other) => other.model === look.model && overlapOf(other, look) >= overlap)
          .map(({ rows, comparison }) => `${rows} ${comparison}`),
      );
      return counted.size + 1;
    },
  };
}

/** The estimated share of the rows of `look` that are among those of `other`; exact where the digests are equal. */
function overlapOf(other: Look, look: Look): number {
  if (other.rows === look.rows) return 1;
  // Below the smaller of the two last hashes both sketches know every row that they have.
  const bound = Math.min(bounded(other.sketch), bounded(look.sketch));
  const own = look.sketch.filter((hash) => hash <= bound);
  const known = new Set(other.sketch);
  return own.length === 0 ? 0 : own.filter((hash) => known.has(hash)).length / own.length;
}

/** A sketch that is not full knows all rows. */
function bounded(sketch: readonly number[]): number {
  return sketch.length < sketchSize ? Infinity : sketch[sketch.length - 1];
}

async function readLooks(path: string): Promise<readonly Look[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return '';
    throw new DataError(`cannot read ${path} (${errnoOf(error)})`, { cause: error });
  });
  return text.split('\n').flatMap((line, i, lines): Look[] => {
    // A line without its end is what a crash leaves; the look it would have noted was not taken.
    if (line === '' || i === lines.length - 1 || !line.endsWith('}')) return [];
    try {
      return [entry.parse(JSON.parse(line))];
    } catch (cause) {
      throw new DataError(`${path}:${i + 1} is no look; the file was damaged or changed by hand`, { cause });
    }
  });
}

/** Appends in one write; begins a new line after one that a crash cut off. */
async function append(path: string, line: string): Promise<void> {
  try {
    const file = await open(path, 'a+');
    try {
      const { size } = await file.stat();
      const last = Buffer.alloc(1);
      if (size > 0) await file.read(last, 0, 1, size - 1);
      await file.appendFile(size > 0 && last[0] !== 0x0a ? `\n${line}` : line);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw storageError(error, path);
  }
}
