// One resample of rows with replacement, as a count per row.

/**
 * Draws nRows rows and counts how often each came. Four streams of xoshiro128** (Blackman & Vigna 2021, as core/rng.ts)
 * run side by side and are used in turn; what the last four draws have too many of is dropped.
 * @param state u32[4][4]: word w of stream k at 4 * w + k; not all words of a stream may be 0; moves on
 * @param tally u16[nRows] to count in: small enough to stay in the nearest cache
 * @param counts f64[nRows]
 */
export function drawCounts(state: usize, tally: usize, counts: usize, nRows: u32): void {
  memory.fill(tally, 0, <usize>nRows << 1);
  let p = v128.load(state);
  let q = v128.load(state, 16);
  let r = v128.load(state, 32);
  let s = v128.load(state, 48);
  const rows = i32x4.splat(nRows);
  // Lemire (2019): the high word of draw * nRows is uniform once low words below this are drawn again.
  const refused: u32 = (0 - nRows) % nRows;
  const least = i32x4.splat(refused);
  let i: u32 = 0;
  while (i < nRows) {
    const times5 = i32x4.add(i32x4.shl(q, 2), q);
    const turned = v128.or(i32x4.shl(times5, 7), i32x4.shr_u(times5, 25));
    const draw = i32x4.add(i32x4.shl(turned, 3), turned);
    const t = i32x4.shl(q, 9);
    r = v128.xor(r, p);
    s = v128.xor(s, q);
    q = v128.xor(q, r);
    p = v128.xor(p, s);
    r = v128.xor(r, t);
    s = v128.or(i32x4.shl(s, 11), i32x4.shr_u(s, 21));
    const first = i64x2.extmul_low_i32x4_u(draw, rows);
    const second = i64x2.extmul_high_i32x4_u(draw, rows);
    const low = i8x16.shuffle(first, second, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
    if (v128.any_true(i32x4.lt_u(low, least)) || i + 4 > nRows) {
      if (u32(i32x4.extract_lane(first, 0)) >= refused) { count(tally, i32x4.extract_lane(first, 1)); i++; }
      if (i < nRows && u32(i32x4.extract_lane(first, 2)) >= refused) { count(tally, i32x4.extract_lane(first, 3)); i++; }
      if (i < nRows && u32(i32x4.extract_lane(second, 0)) >= refused) { count(tally, i32x4.extract_lane(second, 1)); i++; }
      if (i < nRows && u32(i32x4.extract_lane(second, 2)) >= refused) { count(tally, i32x4.extract_lane(second, 3)); i++; }
    } else {
      count(tally, i32x4.extract_lane(first, 1));
      count(tally, i32x4.extract_lane(first, 3));
      count(tally, i32x4.extract_lane(second, 1));
      count(tally, i32x4.extract_lane(second, 3));
      i += 4;
    }
  }
  v128.store(state, p);
  v128.store(state, q, 16);
  v128.store(state, r, 32);
  v128.store(state, s, 48);
  widen(tally, counts, nRows);
}

/** The tally as doubles; what lies beyond the last row up to a multiple of four is written too. */
function widen(tally: usize, counts: usize, nRows: u32): void {
  for (let row: u32 = 0; row < nRows; row += 4) {
    const four = i32x4.extend_low_i16x8_u(v128.load64_zero(tally + (<usize>row << 1)));
    const to = counts + (<usize>row << 3);
    v128.store(to, f64x2.convert_low_i32x4_u(four));
    v128.store(to, f64x2.convert_low_i32x4_u(i8x16.shuffle(four, four, 8, 9, 10, 11, 12, 13, 14, 15, 0, 0, 0, 0, 0, 0, 0, 0)), 16);
  }
}

// @ts-ignore: decorator
@inline
function count(tally: usize, row: u32): void {
  const at = tally + (<usize>row << 1);
  store<u16>(at, load<u16>(at) + 1);
}
