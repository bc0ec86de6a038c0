// One resample of rows with replacement, as a count per row.

// xoshiro128** (Blackman & Vigna 2021), as core/rng.ts.
let a: u32 = 0;
let b: u32 = 0;
let c: u32 = 0;
let d: u32 = 0;

/** Sets the stream of draws; not all four words may be 0. */
export function seedDraws(p: u32, q: u32, r: u32, s: u32): void {
  a = p;
  b = q;
  c = r;
  d = s;
}

/**
 * Draws nRows rows and counts how often each came.
 * @param counts f64[nRows]
 */
export function drawCounts(counts: usize, nRows: u32): void {
  memory.fill(counts, 0, <usize>nRows << 3);
  // The state in local variables, so that it stays in registers.
  let p = a;
  let q = b;
  let r = c;
  let s = d;
  // Lemire (2019): the high word of draw * nRows is uniform once the low words below this are drawn again.
  const refused: u32 = (0 - nRows) % nRows;
  for (let i: u32 = 0; i < nRows;) {
    const draw = rotl<u32>(q * 5, 7) * 9;
    const t = q << 9;
    r ^= p;
    s ^= q;
    q ^= r;
    p ^= s;
    r ^= t;
    s = rotl<u32>(s, 11);
    const product = <u64>draw * <u64>nRows;
    if (u32(product) < refused) continue;
    const at = counts + ((<usize>(product >> 32)) << 3);
    store<f64>(at, load<f64>(at) + 1);
    i++;
  }
  a = p;
  b = q;
  c = r;
  d = s;
}
