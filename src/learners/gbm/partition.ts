/** How a split parts the rows by the bins of its feature. */
export interface BinTest {
  readonly column: Uint8Array;
  /** Rows with bin <= `bin` go left. */
  readonly bin: number;
  /** The bin of missing values, larger than `bin`. */
  readonly missing: number;
  readonly missingLeft: boolean;
}

/**
 * Moves the rows of `rows[start..end)` that go left to the front, both sides in their old order.
 *
 * @param scratch at least `end - start` long
 * @returns where the right side begins
 */
export function partition(
  rows: Uint32Array,
  scratch: Uint32Array,
  start: number,
  end: number,
  { column, bin, missing, missingLeft }: BinTest,
): number {
  // No bin is 256: where missing values go right, they do so as bins above `bin`.
  const exception = missingLeft ? missing : 256;
  let left = start;
  let right = 0;
  for (let i = start; i < end; i++) {
    const row = rows[i];
    const b = column[row];
    // The sign bit of `bin - b`. Which way a row goes is a coin toss, so both writes are cheaper than a branch.
    let goesRight = (bin - b) >>> 31;
    if (b === exception) goesRight = 0;
    rows[left] = row;
    scratch[right] = row;
    right += goesRight;
    left += 1 - goesRight;
  }
  rows.set(scratch.subarray(0, right), left);
  return left;
}
