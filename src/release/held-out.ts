import type { Assessment } from '../champion/assess.js';
import { DataError } from '../core/errors.js';

/** Held-out rows by key: the label and the probability that a model gave without having seen the row. */
export type HeldOut = ReadonlyMap<string, { readonly y: number; readonly p: number }>;

/** The same for several classes: the label's index and the probability of each class. */
export type ClassHeldOut = ReadonlyMap<string, { readonly y: number; readonly P: readonly number[] }>;

/** The judged rows of an assessment as CSV, so that the next champion can be compared on the same rows. */
export function heldOutRows(assessment: Assessment, y: Float64Array, keys: readonly string[]): string {
  const { evaluation, scores, rows } = assessment;
  if (evaluation.task === 'regression') return 'key,y,p\n';
  const columns = evaluation.task === 'binary' ? [scores.values] : scores.classProbabilities;
  const header = evaluation.task === 'binary' ? 'p' : columns.map((_, k) => `p${k}`).join(',');
  const lines = Array.from(rows, (row, i) => {
    const key = `"${keys[row].replaceAll('"', '""')}"`;
    return `${key},${y[row]},${columns.map((column) => column[i]).join(',')}\n`;
  });
  return `key,y,${header}\n${lines.join('')}`;
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

const classRow = /"((?:[^"]|"")*)",(\d+)((?:,\d+(?:\.\d+)?(?:e[-+]?\d+)?)+)\n/y;

/**
 * What `heldOutRows` wrote of several classes.
 * @throws {DataError} naming the first line that is not of that form
 */
export function readClassHeldOut(text: string, nClasses: number): ClassHeldOut {
  const rows = new Map<string, { y: number; P: readonly number[] }>();
  const header = `key,y,${Array.from({ length: nClasses }, (_, k) => `p${k}`).join(',')}\n`;
  classRow.lastIndex = text.startsWith(header) ? header.length : 0;
  while (classRow.lastIndex < text.length) {
    const start = classRow.lastIndex;
    const match = classRow.exec(text);
    const P = match?.[3].slice(1).split(',').map(Number) ?? [];
    if (match === null || P.length !== nClasses || Number(match[2]) >= nClasses || P.some((p) => p > 1)) {
      const line = text.slice(0, start).split('\n').length;
      const found = text.slice(start, start + 80).split('\n')[0];
      throw new DataError(
        `held-out.csv line ${line}: expected "key",label and ${nClasses} probabilities, found ${found}; the file was changed after it was written`,
      );
    }
    rows.set(match[1].replaceAll('""', '"'), { y: Number(match[2]), P });
  }
  return rows;
}
