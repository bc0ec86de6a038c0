// Path-dependent SHAP values of one leaf for many rows (Lundberg et al. 2020, algorithm 2, in another order).
//
// A leaf of value v is reached through d distinct features. Feature j lets a row pass (on) or not (off); a row that
// does not know feature j passes with the share z_j of the training rows. The Shapley weights of a set of k among d
// are k! (d - k - 1)! / d! = ∫ t^k (1 - t)^(d - k - 1) dt over [0, 1], so that the sum over all sets is a product:
//   on:  phi_i = (1 - z_i) v ∫ Π_{j ≠ i} f_j(t) dt,    f_j = t + (1 - t) z_j where on, (1 - t) z_j where off
//   off: phi_i =     - z_i  v ∫ Π_{j ≠ i} f_j(t) dt
// The integrand is a polynomial of degree d - 1: ceil(d / 2) Gauss-Legendre nodes give it exactly, all terms positive.

/** Patterns of up to so many features are worked out once and looked up. */
const mostRemembered: i32 = 10;

/**
 * 255 where rows go left at a split by threshold, else 0.
 * @param n a multiple of 16
 */
export function goesLeft(values: usize, n: i32, threshold: f32, missingLeft: i32, out: usize): void {
  const t = f32x4.splat(threshold);
  const missing = i32x4.splat(-missingLeft);
  for (let i: usize = 0; i < <usize>n; i += 16) {
    const at = values + (i << 2);
    const low = i16x8.narrow_i32x4_s(isLeft(v128.load(at), t, missing), isLeft(v128.load(at, 16), t, missing));
    const high = i16x8.narrow_i32x4_s(isLeft(v128.load(at, 32), t, missing), isLeft(v128.load(at, 48), t, missing));
    v128.store(out + i, i8x16.narrow_i16x8_s(low, high));
  }
}

// @ts-ignore: decorator
@inline
function isLeft(x: v128, threshold: v128, missing: v128): v128 {
  return v128.or(f32x4.le(x, threshold), v128.and(f32x4.ne(x, x), missing));
}

/** The same at a split by category: what the fraction cuts off does not count, codes beyond the words go right. */
export function goesLeftBySet(values: usize, n: i32, words: usize, nWords: i32, missingLeft: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const x = load<f32>(values + (i << 2));
    let left = missingLeft;
    if (x == x) {
      // Above -1 the fraction is cut off to 0.
      left = 0;
      if (x > -1 && x < <f32>(nWords << 5)) {
        const code = <i32>x;
        left = (load<i32>(words + (<usize>(code >> 5) << 2)) >> (code & 31)) & 1;
      }
    }
    store<u8>(out + i, <u8>-left);
  }
}

/**
 * Adds a leaf's share to the SHAP values of n rows.
 * @param path u32: d, then per feature its column in `phi` and the end of its conditions, then the conditions:
 *   2 * split + (1 where the leaf is on the left)
 * @param numbers f64: value of the leaf, z of the d features
 * @param goingLeft u8[splits][stride], what `goesLeft` wrote
 * @param quadrature f64[ceil(d / 2)] nodes on [0, 1], then as many weights
 * @param scratch see `leafShapBytes`
 * @param phi f64[columns][stride]
 * @param n a multiple of 16
 */
export function addLeafShap(
  path: usize,
  numbers: usize,
  goingLeft: usize,
  stride: i32,
  n: i32,
  quadrature: usize,
  scratch: usize,
  phi: usize,
): void {
  const d = load<i32>(path);
  const nNodes = (d + 1) >> 1;
  const factors = scratch;
  const gains = factors + (<usize>(nNodes * d) << 4);
  const weights = gains + (<usize>(nNodes * d) << 4);
  const results = weights + (<usize>nNodes << 3);
  const passed = results + (<usize>d << 3 << <usize>min(d, mostRemembered));
  const patterns = passed + <usize>d * <usize>stride;
  const known = patterns + (<usize>stride << 1);

  prepareLeaf(numbers, d, nNodes, quadrature, factors, gains, weights);
  passConditions(path, d, goingLeft, stride, n, passed);
  if (d <= mostRemembered) {
    numberPatterns(passed, d, stride, n, patterns);
    memory.fill(known, 0, 1 << d);
    for (let i: usize = 0; i < <usize>n; i++) {
      const pattern = <usize>load<u16>(patterns + (i << 1));
      if (load<u8>(known + pattern) == 0) {
        store<u8>(known + pattern, 1);
        contribute(passed + i, stride, d, nNodes, factors, gains, weights, results + (pattern << 3), 8 << d);
      }
    }
    for (let e = 0; e < d; e++) {
      const column = phi + ((<usize>load<u32>(path + 4 + (<usize>e << 3)) * <usize>stride) << 3);
      addKnown(patterns, results + ((<usize>e << 3) << <usize>d), n, column);
    }
  } else {
    for (let i: usize = 0; i < <usize>n; i++) {
      contribute(passed + i, stride, d, nNodes, factors, gains, weights, results, 8);
      for (let e: usize = 0; e < <usize>d; e++) {
        const at = phi + ((<usize>load<u32>(path + 4 + (e << 3)) * <usize>stride + i) << 3);
        store<f64>(at, load<f64>(at) + load<f64>(results + (e << 3)));
      }
    }
  }
}

/** Room that a leaf reached through d features needs. */
export function leafShapBytes(d: i32, stride: i32): i32 {
  const nNodes = (d + 1) >> 1;
  return (
    32 * nNodes * d +
    8 * nNodes +
    ((8 * d) << min(d, mostRemembered)) +
    d * stride +
    2 * stride +
    (1 << min(d, mostRemembered))
  );
}

/** Per node and feature: [off, on] factor of the product, and what turns the product into the feature's share. */
function prepareLeaf(
  numbers: usize,
  d: i32,
  nNodes: i32,
  quadrature: usize,
  factors: usize,
  gains: usize,
  weights: usize,
): void {
  const value = load<f64>(numbers);
  for (let k: usize = 0; k < <usize>nNodes; k++) {
    const t = load<f64>(quadrature + (k << 3));
    store<f64>(weights + (k << 3), value * load<f64>(quadrature + ((<usize>nNodes + k) << 3)));
    for (let e: usize = 0; e < <usize>d; e++) {
      const z = load<f64>(numbers + ((e + 1) << 3));
      const at = (k * <usize>d + e) << 4;
      const on = t + (1 - t) * z;
      store<f64>(factors + at, (1 - t) * z);
      store<f64>(factors + at, on, 8);
      store<f64>(gains + at, -1 / (1 - t));
      store<f64>(gains + at, (1 - z) / on, 8);
    }
  }
}

/** passed[e][i]: 255 where row i meets all conditions on feature e. */
function passConditions(path: usize, d: i32, goingLeft: usize, stride: i32, n: i32, passed: usize): void {
  const conditions = path + 4 + (<usize>d << 3);
  let c: usize = 0;
  for (let e: usize = 0; e < <usize>d; e++) {
    const out = passed + e * <usize>stride;
    const end = <usize>load<u32>(path + 8 + (e << 3));
    memory.fill(out, 0xff, n);
    for (; c < end; c++) {
      const condition = load<u32>(conditions + (c << 2));
      const from = goingLeft + <usize>(condition >> 1) * <usize>stride;
      const flip = i8x16.splat(condition & 1 ? 0 : -1);
      for (let i: usize = 0; i < <usize>n; i += 16) {
        v128.store(out + i, v128.and(v128.load(out + i), v128.xor(v128.load(from + i), flip)));
      }
    }
  }
}

/** Bit e of patterns[i]: row i passes feature e. */
function numberPatterns(passed: usize, d: i32, stride: i32, n: i32, patterns: usize): void {
  for (let i: usize = 0; i < <usize>n; i += 16) {
    let low = i16x8.splat(0);
    let high = low;
    for (let e = 0; e < d; e++) {
      const mask = v128.load(passed + <usize>e * <usize>stride + i);
      const weight = 1 << e;
      const bit = i16x8.splat(<i16>weight);
      low = v128.or(low, v128.and(i16x8.extend_low_i8x16_s(mask), bit));
      high = v128.or(high, v128.and(i16x8.extend_high_i8x16_s(mask), bit));
    }
    v128.store(patterns + (i << 1), low);
    v128.store(patterns + (i << 1), high, 16);
  }
}

/** The d shares of one row, `spacing` bytes apart. */
function contribute(
  passed: usize,
  stride: i32,
  d: i32,
  nNodes: i32,
  factors: usize,
  gains: usize,
  weights: usize,
  out: usize,
  spacing: i32,
): void {
  for (let e = 0; e < d; e++) store<f64>(out + <usize>e * <usize>spacing, 0);
  for (let k = 0; k < nNodes; k++) {
    let product = load<f64>(weights + (<usize>k << 3));
    const row = <usize>(k * d) << 4;
    for (let e: usize = 0; e < <usize>d; e++) {
      const on = <usize>(load<u8>(passed + e * <usize>stride) & 8);
      product *= load<f64>(factors + row + (e << 4) + on);
    }
    for (let e: usize = 0; e < <usize>d; e++) {
      const on = <usize>(load<u8>(passed + e * <usize>stride) & 8);
      const at = out + e * <usize>spacing;
      store<f64>(at, load<f64>(at) + product * load<f64>(gains + row + (e << 4) + on));
    }
  }
}

function addKnown(patterns: usize, results: usize, n: i32, column: usize): void {
  for (let i: usize = 0; i < <usize>n; i++) {
    const at = column + (i << 3);
    store<f64>(at, load<f64>(at) + load<f64>(results + (<usize>load<u16>(patterns + (i << 1)) << 3)));
  }
}
