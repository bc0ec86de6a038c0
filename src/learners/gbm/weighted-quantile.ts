/** Sums that differ by less than this share of the total are one sum, rounded differently. */
const sameSum = 1e-12;

/**
 * The weighted quantile: the smallest value at and below which lies a share `level` of the weight; where exactly that
 * share lies there, the middle of it and the next value (inverse of the distribution function, averaged at its steps;
 * Hyndman & Fan 1996, type 2). A weight of 2 is a value that stands twice, values of weight 0 do not count. O(n) on
 * average.
 *
 * @param values `[n]` finite
 * @param weight `[n]` not negative; 1 each when left out
 * @param level (0, 1)
 * @returns NaN where nothing has weight
 */
export function weightedQuantile(
  values: ArrayLike<number>,
  weight: ArrayLike<number> | undefined,
  level: number,
): number {
  const v = new Float64Array(values.length);
  const w = new Float64Array(values.length);
  let n = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const wi = weight?.[i] ?? 1;
    if (wi === 0) continue;
    v[n] = values[i];
    w[n++] = wi;
    total += wi;
  }
  if (n === 0) return NaN;

  const target = level * total;
  const tolerance = sameSum * total;
  let low = 0;
  let high = n;
  // Weight of all values that are known to lie below v[low..high), and the least value known to lie above.
  let below = 0;
  let above = Infinity;
  for (;;) {
    const pivot = middleOfThree(v[low], v[(low + high) >>> 1], v[high - 1]);
    const [equalStart, equalEnd] = partThreeWays(v, w, low, high, pivot);
    let smaller = 0;
    for (let i = low; i < equalStart; i++) smaller += w[i];
    let equal = 0;
    for (let i = equalStart; i < equalEnd; i++) equal += w[i];
    if (below + smaller >= target - tolerance && equalStart > low) {
      above = pivot;
      high = equalStart;
    } else if (below + smaller + equal >= target - tolerance || equalEnd === high) {
      if (below + smaller + equal > target + tolerance) return pivot;
      for (let i = equalEnd; i < high; i++) above = Math.min(above, v[i]);
      return above === Infinity ? pivot : pivot / 2 + above / 2;
    } else {
      below += smaller + equal;
      low = equalEnd;
    }
  }
}

function middleOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

/** Brings values below `pivot` to the front of `v[low..high)` and those above to the end, weights with them. */
function partThreeWays(
  v: Float64Array,
  w: Float64Array,
  low: number,
  high: number,
  pivot: number,
): [equalStart: number, equalEnd: number] {
  let smaller = low;
  let larger = high;
  for (let i = low; i < larger;) {
    if (v[i] < pivot) swap(v, w, i++, smaller++);
    else if (v[i] > pivot) swap(v, w, i, --larger);
    else i++;
  }
  return [smaller, larger];
}

function swap(v: Float64Array, w: Float64Array, i: number, j: number): void {
  const [vi, wi] = [v[i], w[i]];
  v[i] = v[j];
  w[i] = w[j];
  v[j] = vi;
  w[j] = wi;
}
