/** Rows in the order of their scores, equal scores together. */
export interface TieGroups {
  /** `[nRows]` row numbers, lowest score first; equal scores in row order. */
  readonly order: Int32Array;
  /** `[nGroups]` where each group of equal scores ends in `order`. */
  readonly ends: Int32Array;
}

/**
 * Sorts rows by score, O(n): a radix sort over the bytes of the doubles, skipping bytes that all rows share.
 * @param score `[nRows]` without NaN; -0 and 0 are equal
 */
export function tieGroups(score: ArrayLike<number>): TieGroups {
  const order = ascendingOrder(score);
  const n = order.length;
  const ends = new Int32Array(n);
  let nGroups = 0;
  for (let i = 0; i < n; i++) {
    if (i + 1 === n || score[order[i]] !== score[order[i + 1]]) ends[nGroups++] = i + 1;
  }
  return { order, ends: ends.slice(0, nGroups) };
}

function ascendingOrder(score: ArrayLike<number>): Int32Array {
  const n = score.length;
  const values = new Float64Array(n);
  // Adding 0 turns -0 into 0, whose bits differ although the numbers do not.
  for (let i = 0; i < n; i++) values[i] = score[i] + 0;
  const words = new Uint32Array(values.buffer);
  for (let i = 0; i < n; i++) {
    // Order-preserving bits: flip all of a negative number, only the sign of a positive one.
    const negative = words[2 * i + 1] >>> 31 === 1;
    words[2 * i] = negative ? ~words[2 * i] : words[2 * i];
    words[2 * i + 1] = negative ? ~words[2 * i + 1] : words[2 * i + 1] ^ 0x80000000;
  }
  let order = Int32Array.from(values, (_, i) => i);
  let sorted = new Int32Array(n);
  const start = new Int32Array(257);
  for (let byte = 0; byte < 8; byte++) {
    const word = byte >> 2;
    const shift = 8 * (byte & 3);
    start.fill(0);
    for (let i = 0; i < n; i++) start[((words[2 * i + word] >>> shift) & 255) + 1]++;
    if (start.includes(n, 1)) continue;
    for (let b = 0; b < 256; b++) start[b + 1] += start[b];
    for (let i = 0; i < n; i++) {
      const row = order[i];
      sorted[start[(words[2 * row + word] >>> shift) & 255]++] = row;
    }
    [order, sorted] = [sorted, order];
  }
  return order;
}
