import type { Assessment } from '../champion/assess.js';
import { DataError } from '../core/errors.js';

/** Held-out rows by key: the label and the probability that a model gave without having seen the row. */
export type HeldOut = ReadonlyMap<string, { readonly y: number; readonly p: number }>;

/** The judged rows of a binary assessment as CSV, so that the next champion can be compared on the same rows. */
export function heldOutRows(assessment: Assessment, y: Float64Array, keys: readonly string[]): string {
  if (assessment.evaluation.task !== 'binary') return 'key,y,p\n';
  const lines = Array.from(assessment.rows, (row, i) => {
    const key = `"${keys[row].replaceAll('"', '""')}"`;
    return `${key},${y[row]},${assessment.scores.values[i]}\n`;
  });
  return `key,y,p\n${lines.join('')}`;
}

const heldOutRow = /"((?:[^"]|"")*)",([01]),(\d+(?:\.\d+)?(?:e[-+]?\d+)?)\n/y;

/**
 * What `heldOutRows` wrote.
 * @throws {DataError} naming the first line that is not of that form
 */
export function readHeldOut(text: string): HeldOut {
  const rows = new Map<string, { y: number; p: number }>();
  const header = 'key,y,p\n';
  heldOutRow.lastIndex = text.startsWith(header) ? header.length : 0;
  while (heldOutRow.lastIndex < text.length) {
    const start = heldOutRow.lastIndex;
    const match = heldOutRow.exec(text);
    const p = Number(match?.[3]);
    if (match === null || !(p <= 1)) {
      const line = text.slice(0, start).split('\n').length;
      const found = text.slice(start, start + 80).split('\n')[0];
      throw new DataError(
        `held-out.csv line ${line}: expected "key",label,probability, found ${found}; the file was changed after it was written`,
      );
    }
    rows.set(match[1].replaceAll('""', '"'), { y: Number(match[2]), p });
  }
  return rows;
}
