// Sums of histogram entries as numbers, and the gain of a cut, two bins at a time. Types stand for variants, so that
// each compiles to a loop of its own: Entry is i64 (narrow) or v128 (wide), Rule is Free or Bounded.
import { countShiftAt, l1At, l2At } from '../control';
import { heldScore, scoreOf } from './score';

/** Values are the Newton step. */
export type Free = i32;
/** Values are held within the node's range, obey a sign, and pay an L1 penalty. */
export type Bounded = f64;

/** Rows of a side as narrow entries tell: its share of the node's hessian, as in LightGBM. */
// @ts-ignore: decorator
@inline
export function countFactor(node: usize): f64 {
  return load<f64>(node, 16) / load<f64>(node, 8);
}

// @ts-ignore: decorator
@inline
export function gradientOf<Entry>(sum: i64): f64 {
  return sizeof<Entry>() == 16 ? <f64>sum : <f64><i32>(sum >> 32);
}

// @ts-ignore: decorator
@inline
export function hessianOf<Entry>(sum: i64, secondSum: i64): f64 {
  return sizeof<Entry>() == 16 ? <f64>(secondSum & countMask()) : <f64><u32>sum;
}

// @ts-ignore: decorator
@inline
export function countOf<Entry>(sum: i64, secondSum: i64, factor: f64): f64 {
  return sizeof<Entry>() == 16
    ? <f64>(<u64>secondSum >>> <u64>load<i32>(countShiftAt))
    : Math.floor(<f64><u32>sum * factor + 0.5);
}

// @ts-ignore: decorator
@inline
function countMask(): i64 {
  return ((<i64>1) << (<i64>load<i32>(countShiftAt))) - 1;
}

// @ts-ignore: decorator
@inline
export function gradients<Entry>(sums: v128): v128 {
  if (sizeof<Entry>() == 16) return toDoubles(sums);
  return f64x2.convert_low_i32x4_s(v128.shuffle<i32>(sums, sums, 1, 3, 1, 3));
}

// @ts-ignore: decorator
@inline
export function hessians<Entry>(sums: v128, secondSums: v128): v128 {
  if (sizeof<Entry>() == 16) return toDoubles(v128.and(secondSums, i64x2.splat(countMask())));
  return f64x2.convert_low_i32x4_u(v128.shuffle<i32>(sums, sums, 0, 2, 0, 2));
}

// @ts-ignore: decorator
@inline
export function counts<Entry>(h: v128, secondSums: v128, factor: f64): v128 {
  if (sizeof<Entry>() == 16) return toDoubles(i64x2.shr_u(secondSums, load<i32>(countShiftAt)));
  return f64x2.floor(f64x2.add(f64x2.mul(h, f64x2.splat(factor)), f64x2.splat(0.5)));
}

/** Whole numbers of less than 2^53. */
// @ts-ignore: decorator
@inline
function toDoubles(whole: v128): v128 {
  return f64x2.replace_lane(
    f64x2.splat(<f64>i64x2.extract_lane(whole, 0)),
    1,
    <f64>i64x2.extract_lane(whole, 1),
  );
}

/** Whether values in the node, and on both sides of a cut of that sign, are free. */
// @ts-ignore: decorator
@inline
export function isFree(node: usize, sign: i32): bool {
  return (
    sign == 0 && load<f64>(l1At) == 0 && load<f64>(node, 24) == -Infinity && load<f64>(node, 32) == Infinity
  );
}

/** What the node's own value brings. */
export function parentScore<Rule>(node: usize): f64 {
  const gradient = load<f64>(node);
  const hessian = load<f64>(node, 8);
  const l1 = load<f64>(l1At);
  const l2 = load<f64>(l2At);
  if (isInteger<Rule>()) return scoreOf(gradient, hessian, 0, l2);
  return heldScore(gradient, hessian, l1, l2, load<f64>(node, 24), load<f64>(node, 32));
}

/** Scores of both sides together; NaN or -Infinity where a cut is not allowed: neither is larger than anything. */
// @ts-ignore: decorator
@inline
export function scoresOf<Rule>(
  g: v128,
  h: v128,
  rightG: v128,
  rightH: v128,
  l1: v128,
  l2: v128,
  lower: v128,
  upper: v128,
  sign: v128,
): v128 {
  const leftWeight = f64x2.add(h, l2);
  const rightWeight = f64x2.add(rightH, l2);
  if (isInteger<Rule>()) {
    // g² / w + rightG² / rightWeight by one division.
    const top = f64x2.add(
      f64x2.mul(f64x2.mul(g, g), rightWeight),
      f64x2.mul(f64x2.mul(rightG, rightG), leftWeight),
    );
    return f64x2.div(top, f64x2.mul(leftWeight, rightWeight));
  }
  // Both quotients by one division.
  const inverse = f64x2.div(f64x2.splat(1), f64x2.mul(leftWeight, rightWeight));
  const left = valueOf(g, f64x2.mul(rightWeight, inverse), l1, lower, upper);
  const right = valueOf(rightG, f64x2.mul(leftWeight, inverse), l1, lower, upper);
  const scores = f64x2.neg(f64x2.add(lossOf(g, leftWeight, left, l1), lossOf(rightG, rightWeight, right, l1)));
  const isWrong = f64x2.lt(f64x2.mul(f64x2.sub(right, left), sign), f64x2.splat(0));
  return v128.bitselect(f64x2.splat(-Infinity), scores, isWrong);
}

// @ts-ignore: decorator
@inline
function valueOf(g: v128, inverseWeight: v128, l1: v128, lower: v128, upper: v128): v128 {
  const soft = f64x2.sub(g, f64x2.pmin(f64x2.pmax(g, f64x2.neg(l1)), l1));
  return f64x2.pmin(f64x2.pmax(f64x2.mul(f64x2.neg(soft), inverseWeight), lower), upper);
}

// @ts-ignore: decorator
@inline
function lossOf(g: v128, weight: v128, value: v128, l1: v128): v128 {
  const linear = f64x2.add(f64x2.mul(g, value), f64x2.mul(l1, f64x2.abs(value)));
  return f64x2.add(f64x2.mul(f64x2.splat(2), linear), f64x2.mul(weight, f64x2.mul(value, value)));
}
