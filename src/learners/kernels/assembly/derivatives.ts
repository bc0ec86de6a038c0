// First and second derivatives of losses by the margin, four rows at a time. Formulas: src/learners/gbm/objectives.
// A row's bits do not depend on where its block begins and ends: single rows take the same way in a lane of their own.
import { expF32x4 } from './exp';

const binary: i32 = 0;
const squaredError: i32 = 1;
const absoluteError: i32 = 2;
const huber: i32 = 3;
const quantile: i32 = 4;
const poisson: i32 = 5;
const tweedie: i32 = 6;

const poissonHessianFactor: f32 = 2.0137527074704766;

/** What stands beside a lane's row is never stored; only the four first bytes are read and written. */
// @ts-ignore: decorator
@inline
function loadRows(at: usize, isWhole: bool): v128 {
  return isWhole ? v128.load(at) : v128.load32_zero(at);
}

// @ts-ignore: decorator
@inline
function storeRows(at: usize, rows: v128, isWhole: bool): void {
  if (isWhole) v128.store(at, rows);
  else v128.store32_lane(at, rows, 0);
}

/** Chance of class 1 less the label, and the product of both chances, each to full relative precision. */
// @ts-ignore: decorator
@inline
function binaryRows(y: v128, z: v128, w: v128, gradient: usize, hessian: usize, isWhole: bool): void {
  const one = f32x4.splat(1);
  const e = expF32x4(f32x4.neg(f32x4.abs(z)));
  const large = f32x4.div(one, f32x4.add(one, e));
  const small = f32x4.mul(e, large);
  const isPositive = f32x4.ge(z, f32x4.splat(0));
  const chance = v128.bitselect(large, small, isPositive);
  const complement = v128.bitselect(small, large, isPositive);
  const g = v128.bitselect(f32x4.neg(complement), chance, f32x4.gt(y, f32x4.splat(0.5)));
  storeRows(gradient, f32x4.mul(w, g), isWhole);
  storeRows(hessian, f32x4.mul(w, f32x4.mul(small, large)), isWhole);
}

/** The objectives whose hessian is the weight: a function of the residual `r`, margin less target. */
// @ts-ignore: decorator
@inline
function residualGradient(objective: i32, r: v128, parameter: f32): v128 {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  if (objective === squaredError) return r;
  if (objective === absoluteError) {
    return f32x4.sub(v128.and(f32x4.gt(r, zero), one), v128.and(f32x4.lt(r, zero), one));
  }
  if (objective === huber) {
    return f32x4.pmax(f32x4.pmin(r, f32x4.splat(parameter)), f32x4.splat(-parameter));
  }
  return v128.bitselect(f32x4.splat(1 - parameter), f32x4.splat(-parameter), f32x4.ge(r, zero));
}

// @ts-ignore: decorator
@inline
function poissonRows(y: v128, z: v128, w: v128, gradient: usize, hessian: usize, isWhole: bool): void {
  const mean = expF32x4(z);
  storeRows(gradient, f32x4.mul(w, f32x4.sub(mean, y)), isWhole);
  storeRows(hessian, f32x4.mul(w, f32x4.mul(f32x4.splat(poissonHessianFactor), mean)), isWhole);
}

// @ts-ignore: decorator
@inline
function tweedieRows(
  y: v128,
  z: v128,
  w: v128,
  power: f64,
  gradient: usize,
  hessian: usize,
  isWhole: bool,
): void {
  const rising = expF32x4(f32x4.mul(f32x4.splat(<f32>(2 - power)), z));
  const falling = f32x4.mul(y, expF32x4(f32x4.mul(f32x4.splat(<f32>(1 - power)), z)));
  // Products with 0 are left out: the exponential beside it may be infinite.
  const term = v128.and(falling, f32x4.gt(y, f32x4.splat(0)));
  storeRows(gradient, f32x4.mul(w, f32x4.sub(rising, term)), isWhole);
  const h = f32x4.add(
    f32x4.mul(f32x4.splat(<f32>(2 - power)), rising),
    f32x4.mul(f32x4.splat(<f32>(power - 1)), term),
  );
  storeRows(hessian, f32x4.mul(w, h), isWhole);
}

// @ts-ignore: decorator
@inline
function rowsAt(
  objective: i32,
  at: usize,
  y: usize,
  weight: usize,
  margin: usize,
  base: f64,
  gradient: usize,
  hessian: usize,
  parameter: f64,
  isWhole: bool,
): void {
  const target = loadRows(y + at, isWhole);
  const relative = loadRows(margin + at, isWhole);
  const w = weight === 0 ? f32x4.splat(1) : loadRows(weight + at, isWhole);
  if (objective !== binary && objective < poisson) {
    const r = f32x4.sub(relative, target);
    const g = residualGradient(objective, r, <f32>parameter);
    storeRows(gradient + at, f32x4.mul(w, g), isWhole);
    storeRows(hessian + at, w, isWhole);
    return;
  }
  const z = f32x4.add(relative, f32x4.splat(<f32>base));
  if (objective === binary) binaryRows(target, z, w, gradient + at, hessian + at, isWhole);
  else if (objective === poisson) poissonRows(target, z, w, gradient + at, hessian + at, isWhole);
  else tweedieRows(target, z, w, parameter, gradient + at, hessian + at, isWhole);
}

/**
 * Weighted derivatives of the rows begin..end of an objective of one margin; arrays of float32 that begin at row 0.
 *
 * @param objective its code, 0 to 6 in the order above
 * @param y targets; less `base` for squared-error, absolute-error, huber and quantile
 * @param weight 0 for weights of 1
 * @param margin less `base`
 * @param parameter delta of huber, level of quantile, power of tweedie
 */
export function derivatives(
  objective: i32,
  begin: i32,
  end: i32,
  y: usize,
  weight: usize,
  margin: usize,
  base: f64,
  gradient: usize,
  hessian: usize,
  parameter: f64,
): void {
  // A loop each, so that the compiler drops what the objective does not need.
  switch (objective) {
    case binary:
      rowLoop(binary, begin, end, y, weight, margin, base, gradient, hessian, parameter);
      break;
    case squaredError:
      rowLoop(squaredError, begin, end, y, weight, margin, base, gradient, hessian, parameter);
      break;
    case absoluteError:
      rowLoop(absoluteError, begin, end, y, weight, margin, base, gradient, hessian, parameter);
      break;
    case huber:
      rowLoop(huber, begin, end, y, weight, margin, base, gradient, hessian, parameter);
      break;
    case quantile:
      rowLoop(quantile, begin, end, y, weight, margin, base, gradient, hessian, parameter);
      break;
    case poisson:
      rowLoop(poisson, begin, end, y, weight, margin, base, gradient, hessian, parameter);
      break;
    case tweedie:
      rowLoop(tweedie, begin, end, y, weight, margin, base, gradient, hessian, parameter);
      break;
  }
}

// @ts-ignore: decorator
@inline
function rowLoop(
  objective: i32,
  begin: i32,
  end: i32,
  y: usize,
  weight: usize,
  margin: usize,
  base: f64,
  gradient: usize,
  hessian: usize,
  parameter: f64,
): void {
  let i = begin;
  for (; i + 4 <= end; i += 4) {
    rowsAt(objective, (<usize>i) << 2, y, weight, margin, base, gradient, hessian, parameter, true);
  }
  for (; i < end; i++) {
    rowsAt(objective, (<usize>i) << 2, y, weight, margin, base, gradient, hessian, parameter, false);
  }
}

/**
 * Weighted derivatives of the softmax cross-entropy of the rows begin..end.
 *
 * @param y class indices as float32
 * @param weight 0 for weights of 1
 * @param margin float32 `[nClasses][nRows]`, less the float64 of its class at `base`
 * @param base float64 `[nClasses]`
 * @param gradient float32 `[nClasses][nRows]`, as `hessian`; its rows are scratch on the way
 */
export function softmaxDerivatives(
  nClasses: i32,
  begin: i32,
  end: i32,
  nRows: i32,
  y: usize,
  weight: usize,
  margin: usize,
  base: usize,
  gradient: usize,
  hessian: usize,
): void {
  let i = begin;
  for (; i + 4 <= end; i += 4) {
    softmaxAt((<usize>i) << 2, nClasses, nRows, y, weight, margin, base, gradient, hessian, true);
  }
  for (; i < end; i++) {
    softmaxAt((<usize>i) << 2, nClasses, nRows, y, weight, margin, base, gradient, hessian, false);
  }
}

// @ts-ignore: decorator
@inline
function softmaxAt(
  at: usize,
  nClasses: i32,
  nRows: i32,
  y: usize,
  weight: usize,
  margin: usize,
  base: usize,
  gradient: usize,
  hessian: usize,
  isWhole: bool,
): void {
  const one = f32x4.splat(1);
  const stride = (<usize>nRows) << 2;
  const factor = <f32>(<f64>nClasses / <f64>(nClasses - 1));
  const label = loadRows(y + at, isWhole);
  const w = weight === 0 ? one : loadRows(weight + at, isWhole);

  // The largest margin of each row, and its class.
  let largest = f32x4.splat(-Infinity);
  let winner = f32x4.splat(0);
  for (let k = 0; k < nClasses; k++) {
    const offset = (<usize>k) * stride + at;
    const z = f32x4.add(
      loadRows(margin + offset, isWhole),
      f32x4.splat(<f32>load<f64>(base + ((<usize>k) << 3))),
    );
    storeRows(gradient + offset, z, isWhole);
    const isLarger = f32x4.gt(z, largest);
    largest = v128.bitselect(z, largest, isLarger);
    winner = v128.bitselect(f32x4.splat(<f32>k), winner, isLarger);
  }

  // The winner's exponential is 1: the others are summed alone, so that a small rest keeps its digits.
  let others = f32x4.splat(0);
  for (let k = 0; k < nClasses; k++) {
    const offset = (<usize>k) * stride + at;
    const e = expF32x4(f32x4.sub(loadRows(gradient + offset, isWhole), largest));
    storeRows(gradient + offset, e, isWhole);
    const isWinner = f32x4.eq(winner, f32x4.splat(<f32>k));
    others = f32x4.add(others, v128.andnot(e, isWinner));
  }
  const scale = f32x4.div(one, f32x4.add(one, others));
  const restOfWinner = f32x4.mul(others, scale);

  for (let k = 0; k < nClasses; k++) {
    const offset = (<usize>k) * stride + at;
    const chance = f32x4.mul(loadRows(gradient + offset, isWhole), scale);
    const isWinner = f32x4.eq(winner, f32x4.splat(<f32>k));
    const rest = v128.bitselect(restOfWinner, f32x4.sub(one, chance), isWinner);
    const isLabel = f32x4.eq(label, f32x4.splat(<f32>k));
    const g = v128.bitselect(f32x4.neg(rest), chance, isLabel);
    storeRows(gradient + offset, f32x4.mul(w, g), isWhole);
    const h = f32x4.mul(f32x4.splat(factor), f32x4.mul(chance, rest));
    storeRows(hessian + offset, f32x4.mul(w, h), isWhole);
  }
}
