import { DataError } from '../../core/errors.js';

/** Codes that have a bin of their own; one more bin is for all others, another for missing values. */
const mostCategories = 254;
/** Codes are bits in a set: larger ones would make sets of megabytes. */
const largestCode = 2 ** 20 - 1;

/**
 * Bins of a category column: the most frequent codes, ascending (of equals the smaller), then all others.
 *
 * @param column `[nRows]` whole numbers from 0 on, or NaN where missing
 * @param bins `[nRows]` receives the bin of every row
 * @returns the code of each bin
 * @throws {DataError} naming the first row whose value is no category code
 */
export function binCategories(
  column: Float32Array,
  name: string,
  bins: Uint8Array,
  rows?: Uint32Array,
): Uint32Array {
  const nRows = bins.length;
  let largest = 0;
  for (let i = 0; i < nRows; i++) {
    const x = column[rows === undefined ? i : rows[i]];
    if (x !== x) continue;
    if (!(Number.isInteger(x) && x >= 0 && x <= largestCode)) {
      throw new DataError(
        `categoricalFeatures: ${name}[${rows === undefined ? i : rows[i]}]=${x} must be a whole number from 0 to ${largestCode}, or NaN`,
      );
    }
    largest = Math.max(largest, x);
  }
  const counts = new Uint32Array(largest + 1);
  for (let i = 0; i < nRows; i++) {
    const x = column[rows === undefined ? i : rows[i]];
    if (x === x) counts[x]++;
  }
  const present = Uint32Array.from(counts.keys()).filter((code) => counts[code] > 0);
  const codes =
    present.length <= mostCategories
      ? present
      : present
          .sort((a, b) => counts[b] - counts[a] || a - b)
          .slice(0, mostCategories)
          .sort();
  const unknown = codes.length;
  const binOf = new Uint8Array(largest + 1).fill(unknown);
  codes.forEach((code, bin) => (binOf[code] = bin));
  for (let i = 0; i < nRows; i++) {
    const x = column[rows === undefined ? i : rows[i]];
    bins[i] = x === x ? binOf[x] : unknown + 1;
  }
  return codes;
}
