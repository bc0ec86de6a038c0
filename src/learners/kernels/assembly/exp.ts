// The exponential function in float32, the same bits on every processor: the range reduction x = n ln 2 + r and the
// polynomial of degree 6 on |r| <= ln(2) / 2 of Cephes (Moshier 1992, expf.c), at most 2 ulp off.

/** Beyond these the result is 0 or Infinity in float32 whatever the polynomial says. */
const lowest: f32 = -104;
const highest: f32 = 89;
const log2e: f32 = 1.4426950408889634;
/** Adding it rounds to a whole number, which then stands in the low bits. */
const rounder: f32 = 12582912;
const rounderBits: i32 = 0x4b400000;
/** ln 2 in two parts, the first with so few bits that its product with n is exact. */
const ln2High: f32 = 0.693359375;
const ln2Low: f32 = -2.12194440e-4;
const c6: f32 = 1.9875691500e-4;
const c5: f32 = 1.3981999507e-3;
const c4: f32 = 8.3334519073e-3;
const c3: f32 = 4.1665795894e-2;
const c2: f32 = 1.6666665459e-1;
const c1: f32 = 5.0000001201e-1;

/** e^x of four numbers; overflow gives Infinity, underflow subnormal numbers and 0, NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function expF32x4(x: v128): v128 {
  // pmin and pmax keep a NaN in their first argument.
  const held = f32x4.pmax(f32x4.pmin(x, f32x4.splat(highest)), f32x4.splat(lowest));
  const shifted = f32x4.add(f32x4.mul(held, f32x4.splat(log2e)), f32x4.splat(rounder));
  const n = f32x4.sub(shifted, f32x4.splat(rounder));
  const r = f32x4.sub(
    f32x4.sub(held, f32x4.mul(n, f32x4.splat(ln2High))),
    f32x4.mul(n, f32x4.splat(ln2Low)),
  );
  let p = f32x4.splat(c6);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(c5));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(c4));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(c3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(c2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(c1));
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), f32x4.splat(1));
  // 2^n in two factors: one alone would leave the range of exponents at both ends.
  const whole = i32x4.sub(shifted, i32x4.splat(rounderBits));
  const half = i32x4.shr_s(whole, 1);
  const first = i32x4.shl(i32x4.add(half, i32x4.splat(127)), 23);
  const second = i32x4.shl(i32x4.add(i32x4.sub(whole, half), i32x4.splat(127)), 23);
  return f32x4.mul(f32x4.mul(p, first), second);
}

/** The same of one number, to the bit. */
// @ts-ignore: decorator
@inline
export function expF32(x: f32): f32 {
  return f32x4.extract_lane(expF32x4(f32x4.splat(x)), 0);
}

/** `target[i] = e^source[i]` of `count` numbers, which need not be a multiple of four. */
export function expOfRows(count: i32, source: usize, target: usize): void {
  let i: i32 = 0;
  for (; i + 4 <= count; i += 4) {
    const at = (<usize>i) << 2;
    v128.store(target + at, expF32x4(v128.load(source + at)));
  }
  for (; i < count; i++) {
    const at = (<usize>i) << 2;
    store<f32>(target + at, expF32(load<f32>(source + at)));
  }
}
