// Values to bins: bin = number of bounds below the value, so that x <= bounds[b] exactly where bin <= b. Bounds are
// ascending and distinct, at most 254, padded with +Infinity. Infinities are ordinary values; NaN has a bin of its own.

/** Cells of a table: the first guess of a bin. */
const cells: i32 = 2048;

/** How a table is read: not at all, or by cells on a linear scale or on that of the float's own bits. */
const byComparing: i32 = 0;
const linear: i32 = 1;
const linearCrowded: i32 = 2;
const byBits: i32 = 3;
const byBitsCrowded: i32 = 4;

/** Bytes a table takes: kind u32, two numbers of the scale, a shift, then the first bin of every cell u8. */
export function binTableBytes(): i32 {
  return 16 + cells;
}

/**
 * bin = count of bounds < x, by comparing with 16 splitters and then with 16 bounds.
 * @param bounds f32[256], padded with +Infinity
 * @param out u8[n]
 */
export function mapToBins(
  values: usize,
  n: i32,
  bounds: usize,
  nBounds: i32,
  missingBin: u8,
  out: usize,
): void {
  mapByComparing(values, n, bounds, missingBin, 0, out);
}

/**
 * Fills the table that `mapToBinsByTable` reads. Cells rise with the value, so that bounds of lower cells are below
 * it and those of higher cells above: only those of its own cell need a comparison, at most 4. Bounds too crowded for
 * that, on either scale, make a table that says so.
 * @param bounds f32[256], padded with +Infinity
 */
export function buildBinTable(bounds: usize, nBounds: i32, table: usize): void {
  store<i32>(table, byComparing);
  let first = 0;
  let last = nBounds - 1;
  while (first <= last && load<f32>(bounds + (<usize>first << 2)) == -Infinity) first++;
  while (first <= last && load<f32>(bounds + (<usize>last << 2)) == Infinity) last--;
  if (first > last) return;
  const low = load<f32>(bounds + (<usize>first << 2));
  const high = load<f32>(bounds + (<usize>last << 2));
  const scale = <f32>(cells - 1) / (high - low);
  if (scale > 0 && scale < Infinity) {
    store<f32>(table, low, 4);
    store<f32>(table, scale, 8);
    const crowd = fillCells(bounds, nBounds, table, linear);
    if (crowd <= 4) {
      store<i32>(table, crowd <= 1 ? linear : linearCrowded);
      return;
    }
  }
  const lowKey = i32x4.extract_lane(sortable(f32x4.splat(low)), 0);
  const highKey = i32x4.extract_lane(sortable(f32x4.splat(high)), 0);
  let shift = 0;
  while ((<u32>(highKey - lowKey)) >> shift >= <u32>cells) shift++;
  store<i32>(table, lowKey, 4);
  store<i32>(table, highKey, 8);
  store<i32>(table, shift, 12);
  const crowd = fillCells(bounds, nBounds, table, byBits);
  if (crowd <= 4) store<i32>(table, crowd <= 1 ? byBits : byBitsCrowded);
}

/**
 * As `mapToBins`, several times faster where the table helps.
 * @param bounds f32[256], padded with +Infinity
 * @param table of these bounds
 * @param bias added to every bin but the missing one, modulo 256
 * @returns 1 where a value is missing
 */
export function mapToBinsByTable(
  values: usize,
  n: i32,
  bounds: usize,
  table: usize,
  missingBin: i32,
  bias: i32,
  out: usize,
): i32 {
  switch (load<i32>(table)) {
    case linear:
      return mapLinear(values, n, bounds, table, missingBin, bias, out);
    case linearCrowded:
      return mapLinearCrowded(values, n, bounds, table, missingBin, bias, out);
    case byBits:
      return mapByBits(values, n, bounds, table, missingBin, bias, out);
    case byBitsCrowded:
      return mapByBitsCrowded(values, n, bounds, table, missingBin, bias, out);
    default:
      return mapByComparing(values, n, bounds, missingBin, bias, out);
  }
}

/** @returns the most bounds of a cell */
function fillCells(bounds: usize, nBounds: i32, table: usize, kind: i32): i32 {
  const starts = table + 16;
  let crowd = 0;
  let b = 0;
  for (let cell = 0; cell < cells; cell++) {
    const start = b;
    store<u8>(starts + cell, <u8>start);
    while (b < nBounds && cellOf(load<f32>(bounds + (<usize>b << 2)), table, kind) == cell) b++;
    crowd = max(crowd, b - start);
  }
  return crowd;
}

function cellOf(x: f32, table: usize, kind: i32): i32 {
  const four = f32x4.splat(x);
  return i32x4.extract_lane(kind == linear ? linearCells(four, table) : bitCells(four, table), 0);
}

/** Adding 2^23 rounds to a whole number in the low bits: cheaper than a conversion, and as monotone. NaN: cell 0. */
// @ts-ignore: decorator
@inline
function linearCells(x: v128, table: usize): v128 {
  const at = f32x4.mul(f32x4.sub(x, v128.load32_splat(table, 4)), v128.load32_splat(table, 8));
  const held = f32x4.pmin(f32x4.splat(<f32>(cells - 1)), f32x4.pmax(f32x4.splat(0), at));
  return v128.and(f32x4.add(held, f32x4.splat(8388608)), i32x4.splat(0xffff));
}

// @ts-ignore: decorator
@inline
function bitCells(x: v128, table: usize): v128 {
  const low = v128.load32_splat(table, 4);
  const held = i32x4.min_s(i32x4.max_s(sortable(x), low), v128.load32_splat(table, 8));
  return i32x4.shr_u(i32x4.sub(held, low), load<i32>(table, 12));
}

/** Integers in the order of the floats; the sum makes -0 and 0 one. */
// @ts-ignore: decorator
@inline
function sortable(x: v128): v128 {
  const bits = f32x4.add(x, f32x4.splat(0));
  return v128.xor(bits, v128.and(i32x4.shr_s(bits, 31), i32x4.splat(0x7fffffff)));
}

/** The bin of a value whose cell has at most four bounds. */
// @ts-ignore: decorator
@inline
function binAmongFour(x: v128, cell: i32, bounds: usize, starts: usize): i32 {
  // Bounds before the cell's own are below x, so starting early counts them all the same.
  const start = min(<i32>load<u8>(starts + cell), 252);
  return start + popcnt(i32x4.bitmask(f32x4.lt(v128.load(bounds + (<usize>start << 2)), x)));
}

// @ts-ignore: decorator
@inline
function store4(a: i32, b: i32, c: i32, d: i32, missing: v128, missingBin: i32, bias: i32, out: usize): void {
  let bins = i32x4.splat(a);
  bins = i32x4.replace_lane(bins, 1, b);
  bins = i32x4.replace_lane(bins, 2, c);
  bins = i32x4.replace_lane(bins, 3, d);
  bins = v128.bitselect(i32x4.splat(missingBin), i32x4.add(bins, i32x4.splat(bias)), missing);
  const low = i8x16.shuffle(bins, bins, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12);
  v128.store_lane<u32>(out, low, 0);
}

// @ts-ignore: decorator
@inline
function four(x: v128, cell: v128, crowded: bool, bounds: usize, starts: usize, missing: v128, missingBin: i32, bias: i32, out: usize): void {
  const c0 = i32x4.extract_lane(cell, 0);
  const c1 = i32x4.extract_lane(cell, 1);
  const c2 = i32x4.extract_lane(cell, 2);
  const c3 = i32x4.extract_lane(cell, 3);
  if (crowded) {
    store4(
      binAmongFour(i8x16.shuffle(x, x, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3), c0, bounds, starts),
      binAmongFour(i8x16.shuffle(x, x, 4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7), c1, bounds, starts),
      binAmongFour(i8x16.shuffle(x, x, 8, 9, 10, 11, 8, 9, 10, 11, 8, 9, 10, 11, 8, 9, 10, 11), c2, bounds, starts),
      binAmongFour(i8x16.shuffle(x, x, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15), c3, bounds, starts),
      missing, missingBin, bias, out,
    );
  } else {
    // One comparison for all four: each with the only bound of its cell.
    const s0 = <i32>load<u8>(starts + c0);
    const s1 = <i32>load<u8>(starts + c1);
    const s2 = <i32>load<u8>(starts + c2);
    const s3 = <i32>load<u8>(starts + c3);
    let beside = v128.load32_zero(bounds + (<usize>s0 << 2));
    beside = v128.load_lane<u32>(bounds + (<usize>s1 << 2), beside, 1);
    beside = v128.load_lane<u32>(bounds + (<usize>s2 << 2), beside, 2);
    beside = v128.load_lane<u32>(bounds + (<usize>s3 << 2), beside, 3);
    const packed = s0 | (s1 << 8) | (s2 << 16) | (s3 << 24);
    // Without the bias no sum overflows its byte: 254 bounds at most, and one more only above one of them.
    const above = f32x4.lt(beside, x);
    let bins = i8x16.sub(i32x4.splat(packed), i8x16.shuffle(above, above, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12));
    bins = i8x16.add(bins, i8x16.splat(<i8>bias));
    const lost = i8x16.shuffle(missing, missing, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12);
    v128.store_lane<u32>(out, v128.bitselect(i8x16.splat(<i8>missingBin), bins, lost), 0);
  }
}

// @ts-ignore: decorator
@inline
function mapCells(
  values: usize,
  n: i32,
  bounds: usize,
  table: usize,
  missingBin: i32,
  bias: i32,
  out: usize,
  kind: i32,
  crowded: bool,
): i32 {
  const starts = table + 16;
  let anyMissing = i32x4.splat(0);
  const whole = n & ~3;
  for (let i = 0; i < whole; i += 4) {
    const x = v128.load(values + (<usize>i << 2));
    const missing = f32x4.ne(x, x);
    anyMissing = v128.or(anyMissing, missing);
    const cell = kind == linear ? linearCells(x, table) : bitCells(x, table);
    four(x, cell, crowded, bounds, starts, missing, missingBin, bias, out + i);
  }
  let found = <i32>v128.any_true(anyMissing);
  for (let i = whole; i < n; i++) {
    const x = load<f32>(values + (<usize>i << 2));
    if (x != x) {
      found = 1;
      store<u8>(out + i, <u8>missingBin);
    } else {
      const bin = binAmongFour(f32x4.splat(x), cellOf(x, table, kind), bounds, starts);
      store<u8>(out + i, <u8>(bin + bias));
    }
  }
  return found;
}

function mapLinear(values: usize, n: i32, bounds: usize, table: usize, missingBin: i32, bias: i32, out: usize): i32 {
  return mapCells(values, n, bounds, table, missingBin, bias, out, linear, false);
}

function mapLinearCrowded(values: usize, n: i32, bounds: usize, table: usize, missingBin: i32, bias: i32, out: usize): i32 {
  return mapCells(values, n, bounds, table, missingBin, bias, out, linear, true);
}

function mapByBits(values: usize, n: i32, bounds: usize, table: usize, missingBin: i32, bias: i32, out: usize): i32 {
  return mapCells(values, n, bounds, table, missingBin, bias, out, byBits, false);
}

function mapByBitsCrowded(values: usize, n: i32, bounds: usize, table: usize, missingBin: i32, bias: i32, out: usize): i32 {
  return mapCells(values, n, bounds, table, missingBin, bias, out, byBits, true);
}

/** Every 16th bound. */
// @ts-ignore: decorator
@inline
function splitters(bounds: usize, from: usize): v128 {
  let four = v128.load32_zero(bounds + ((from + 15) << 2));
  four = v128.load_lane<u32>(bounds + ((from + 31) << 2), four, 1);
  four = v128.load_lane<u32>(bounds + ((from + 47) << 2), four, 2);
  return v128.load_lane<u32>(bounds + ((from + 63) << 2), four, 3);
}

/** How many of 16 bounds are below x. */
// @ts-ignore: decorator
@inline
function countBelow(a: v128, b: v128, c: v128, d: v128, x: v128): i32 {
  const low = i16x8.narrow_i32x4_s(f32x4.lt(a, x), f32x4.lt(b, x));
  const high = i16x8.narrow_i32x4_s(f32x4.lt(c, x), f32x4.lt(d, x));
  return popcnt(i8x16.bitmask(i8x16.narrow_i16x8_s(low, high)));
}

function mapByComparing(values: usize, n: i32, bounds: usize, missingBin: i32, bias: i32, out: usize): i32 {
  const a = splitters(bounds, 0);
  const b = splitters(bounds, 64);
  const c = splitters(bounds, 128);
  const d = splitters(bounds, 192);
  let found = 0;
  for (let i = 0; i < n; i++) {
    const value = load<f32>(values + (<usize>i << 2));
    const x = f32x4.splat(value);
    const coarse = countBelow(a, b, c, d, x) << 4;
    const at = bounds + (<usize>coarse << 2);
    const fine = countBelow(v128.load(at), v128.load(at, 16), v128.load(at, 32), v128.load(at, 48), x);
    const lost = <i32>(value != value);
    found |= lost;
    store<u8>(out + i, <u8>(lost ? missingBin : coarse + fine + bias));
  }
  return found;
}

/**
 * Codes of categories to bytes: lookup[trunc(x)]; 254 for what the lookup does not hold, 255 for NaN.
 * @param lookup u8[length]
 */
export function mapToCodes(values: usize, n: i32, lookup: usize, length: i32, out: usize): void {
  for (let i = 0; i < n; i++) {
    const x = load<f32>(values + (<usize>i << 2));
    let code = x == x ? 254 : 255;
    // Above -1 the fraction is cut off to 0.
    if (x > -1 && x < <f32>length) code = <i32>load<u8>(lookup + <i32>x);
    store<u8>(out + i, <u8>code);
  }
}
