import { open, readFile } from 'node:fs/promises';
import { DataError, ServiceError } from '../core/errors.js';
import { journalEntry, type JournalEntry, type JournalEvent } from './journal-entry.js';
import { errnoOf, storageError } from './storage-error.js';

export interface Journal {
  readonly entries: readonly JournalEntry[];
  /** Bytes of a last line that a crash cut off; they were never acknowledged. 0 for a whole journal. */
  readonly tornBytes: number;
}

/** The line that `readJournal` reads back as `entry`. */
export function journalLine({ seq, at, type, ...content }: JournalEntry): string {
  return `${JSON.stringify({ seq, at, type, ...content })}\n`;
}

/**
 * Reads a journal. A last line without its newline is what a crash leaves, and is left out; any other damage is an
 * error.
 * @throws {DataError} naming file and line of an entry that is damaged, out of order or missing
 */
export async function readJournal(path: string): Promise<Journal> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new DataError(`cannot read ${path} (${errnoOf(error)})`, { cause: error });
  });
  const end = bytes.lastIndexOf(0x0a) + 1;
  const lines = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
  const entries = lines.map((line, i) => parseLine(line, `${path}:${i + 1}`));
  entries.forEach((entry, i) => {
    if (entry.seq !== i) throw new DataError(`${path}:${i + 1} has seq=${entry.seq}, expected ${i}`);
  });
  if (entries[0]?.type !== 'start') throw new DataError(`${path}:1 must be a start entry`);
  return Object.freeze({ entries: Object.freeze(entries), tornBytes: bytes.length - end });
}

function parseLine(line: string, where: string): JournalEntry {
  try {
    return journalEntry.parse(JSON.parse(line));
  } catch (error) {
    throw new DataError(`${where} is not a journal entry; the file was damaged or changed by hand`, {
      cause: error,
    });
  }
}

export interface JournalWriter {
  /** Appends one entry; done means on disk. Entries keep the order of the calls. */
  append(event: JournalEvent): Promise<void>;
}

interface Pending {
  readonly event: JournalEvent;
  readonly at: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Appends to the journal at `path`, whose last entry is `last`. Entries that wait for the disk together are written
 * and synced together. After a failed write the journal is cut back to its last whole entry, so that later appends
 * go on from there.
 *
 * @param now milliseconds since 1970-01-01 UTC; a clock that steps back is held
 */
export function openJournalWriter(path: string, last: JournalEntry, now: () => number): JournalWriter {
  let { seq, at } = last;
  let broken = false;
  let writing = false;
  let waiting: Pending[] = [];

  async function drain(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      const lines = batch.map((entry, i) => journalLine({ ...entry.event, seq: seq + 1 + i, at: entry.at }));
      try {
        if (broken)
          throw new ServiceError(`${path} could not be mended after a failed write; begin a new run`);
        await appendWhole(lines.join(''));
        seq += batch.length;
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(storageError(error, path));
      }
    }
    writing = false;
  }

  async function appendWhole(text: string): Promise<void> {
    // Not created here: a journal that somebody removed must not come back without its beginning.
    const file = await open(path, 'r+');
    try {
      const { size } = await file.stat();
      try {
        await writeAll(file, Buffer.from(text), size);
        await file.sync();
      } catch (error) {
        await file.truncate(size).catch(() => (broken = true));
        throw error;
      }
    } finally {
      await file.close();
    }
  }

  return {
    append: (event) =>
      new Promise((resolve, reject) => {
        at = Math.max(at, now());
        waiting.push({ event, at, resolve, reject });
        if (!writing) void drain();
      }),
  };
}

async function writeAll(file: Awaited<ReturnType<typeof open>>, bytes: Buffer, start: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    // A nearly full disk takes a part, and refuses the rest with the next write.
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, start + done);
    done += bytesWritten;
  }
}
