/**
 * The product of `b` with as many values of `a` from `offset` on. Four sums run side by side, so that none waits for
 * another.
 */
export function dotAt(a: Float64Array, offset: number, b: Float64Array): number {
  const length = b.length;
  let p = 0;
  let q = 0;
  let r = 0;
  let s = 0;
  let j = 0;
  for (; j + 3 < length; j += 4) {
    p += a[offset + j] * b[j];
    q += a[offset + j + 1] * b[j + 1];
    r += a[offset + j + 2] * b[j + 2];
    s += a[offset + j + 3] * b[j + 3];
  }
  for (; j < length; j++) p += a[offset + j] * b[j];
  return p + q + (r + s);
}
