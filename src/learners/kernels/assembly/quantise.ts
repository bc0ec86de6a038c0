// Derivatives as whole numbers: a row's gradient and hessian times a scale that is fixed for a tree, rounded to the
// nearest. Sums of whole numbers do not depend on the order of adding. Hessians are at least one unit, so that a row
// never vanishes.
import {
  baseMarginAt,
  chunkMaximaAt,
  currentMarginAt,
  gradientAt,
  gradientScaleAt,
  hessianAt,
  hessianScaleAt,
  isWideAt,
  marginAt,
  marginsAt,
  packedAt,
  rowsAt,
  targetAt,
  tileRows,
} from '../control';

/** Largest |gradient| and hessian of a chunk of every margin: maxima have no order either. */
export function maximaChunk(chunk: i32): void {
  const rows = load<i32>(rowsAt);
  const begin = chunk * tileRows;
  const count = min(tileRows, rows - begin);
  const margins = load<i32>(marginsAt);
  for (let k = 0; k < margins; k++) {
    const offset = ((<usize>k * <usize>rows + <usize>begin) << 2);
    const out = load<usize>(chunkMaximaAt) + ((<usize>(chunk * margins + k)) << 3);
    store<f32>(out, largest(load<usize>(gradientAt) + offset, count));
    store<f32>(out, largest(load<usize>(hessianAt) + offset, count), 4);
  }
}

function largest(values: usize, count: i32): f32 {
  let most: f32 = 0;
  const end = values + ((<usize>count) << 2);
  for (; values < end; values += 4) {
    const value = Mathf.abs(load<f32>(values));
    // A NaN is kept: the host refuses it.
    if (!(value <= most)) most = value;
  }
  return most;
}

/** Packs a chunk of the derivatives of the current margin. */
export function quantiseChunk(chunk: i32): void {
  const rows = load<i32>(rowsAt);
  const begin = chunk * tileRows;
  const count = min(tileRows, rows - begin);
  const offset = (<usize>load<i32>(currentMarginAt) * <usize>rows + <usize>begin) << 2;
  const gradient = load<usize>(gradientAt) + offset;
  const hessian = load<usize>(hessianAt) + offset;
  const gradientScale = load<f64>(gradientScaleAt);
  const hessianScale = load<f64>(hessianScaleAt);
  const isWide = load<i32>(isWideAt) != 0;
  const packed = load<usize>(packedAt) + ((<usize>begin) << (isWide ? 3 : 2));
  for (let i = 0; i < count; i++) {
    const at = (<usize>i) << 2;
    const g = <i32>nearest(<f64>load<f32>(gradient + at) * gradientScale);
    const h = <i32>max<f64>(nearest(<f64>load<f32>(hessian + at) * hessianScale), 1);
    if (isWide) {
      store<i32>(packed + (at << 1), g);
      store<i32>(packed + (at << 1), h, 4);
    } else store<i32>(packed + at, (g << 16) | h);
  }
}

/**
 * e^-z to within 3e-6, of z held within [-80, 80]: half of what the full exponential costs, and far below the 15 bits
 * that are left of a derivative.
 */
// @ts-ignore: decorator
@inline
function expOfNegative(z: v128): v128 {
  const magic = f32x4.splat(12582912);
  const held = f32x4.pmax(f32x4.pmin(z, f32x4.splat(80)), f32x4.splat(-80));
  const shifted = f32x4.add(f32x4.mul(held, f32x4.splat(-1.4426950408889634)), magic);
  // The rest of -z log2(e) behind its whole part, in [-1/2, 1/2]: 2^t = e^(t ln 2).
  const t = f32x4.sub(f32x4.mul(held, f32x4.splat(-1.4426950408889634)), f32x4.sub(shifted, magic));
  let p = f32x4.add(f32x4.mul(t, f32x4.splat(1.3333558e-3)), f32x4.splat(9.6181291e-3));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(5.5504109e-2));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(2.4022651e-1));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(6.9314718e-1));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(1));
  return i32x4.add(p, i32x4.shl(shifted, 23));
}

/**
 * Packs a chunk of the log loss of unit weights directly: gradient p - y and hessian p (1 - p) have known bounds, so
 * no pass for a scale is needed. Targets are 0 or 1 as float32.
 */
export function packBinary(begin: i32, count: i32): void {
  const margin = load<usize>(marginAt) + ((<usize>begin) << 2);
  const target = load<usize>(targetAt) + ((<usize>begin) << 2);
  const packed = load<usize>(packedAt) + ((<usize>begin) << 2);
  const gradientScale = f32x4.splat(<f32>load<f64>(gradientScaleAt));
  const hessianScale = f32x4.splat(<f32>load<f64>(hessianScaleAt));
  const one = f32x4.splat(1);
  // Adding and taking away 1.5 × 2^23 rounds to the nearest whole number.
  const magic = f32x4.splat(12582912);
  const low = i32x4.splat(0xffff);
  const least = i32x4.splat(1);
  const base = f32x4.splat(load<f32>(baseMarginAt));
  // Rows behind the last have memory of their own up to a whole vector.
  for (let i: usize = 0; i < (<usize>count) << 2; i += 16) {
    const z = f32x4.add(v128.load(margin + i), base);
    const p = f32x4.div(one, f32x4.add(one, expOfNegative(z)));
    const g = f32x4.mul(f32x4.sub(p, v128.load(target + i)), gradientScale);
    const h = f32x4.mul(f32x4.mul(p, f32x4.sub(one, p)), hessianScale);
    // The bits of the magic sum hold the whole number in their low half.
    const gi = i32x4.sub(f32x4.add(g, magic), i32x4.splat(0x4b400000));
    const hi = i32x4.max_s(i32x4.sub(f32x4.add(h, magic), i32x4.splat(0x4b400000)), least);
    v128.store(packed + i, v128.or(i32x4.shl(gi, 16), v128.and(hi, low)));
  }
}
