import type { Assessment } from '../champion/assess.js';
import { DataError } from '../core/errors.js';

/** Held-out rows by key: the label and the probability that a model gave without having seen the row. */
export type HeldOut = ReadonlyMap<string, { readonly y: number; readonly p: number }>;

/** The judged rows of a binary assessment as CSV, so that the next champion can be compared on the same rows. */
export function heldOutRows(assessment: Assessment, y: Float64Array, keys: readonly string[]): string {
  if (assessment.evaluation.task !== 'binary') return 'key,y,p\n';
  const lines = Array.from(assessment.rows, (row, i) => {
    const key = JSON.stringify(keys[row]);
    return `${key},${y[row]},${assessment.scores.values[i]}`;
  });
  return `key,y,p\n${lines.join('\n')}\n`;
}

/**
 * What `heldOutRows` wrote.
 * @throws {DataError} naming the first line that is not of that form
 */
export function readHeldOut(text: string): HeldOut {
  const rows = new Map<string, { y: number; p: number }>();
  text.split('\n').forEach((line, i) => {
    if (i === 0 || line === '') return;
    const match = /^(".*"),([01]),([-+.\de]+)$/.exec(line);
    if (match === null)
      throw new DataError(
        `held-out.csv line ${i + 1}: expected "key",label,probability, found ${line.slice(0, 80)}`,
      );
    rows.set(JSON.parse(match[1]) as string, { y: Number(match[2]), p: Number(match[3]) });
  });
  return rows;
}
