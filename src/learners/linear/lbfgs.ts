import { throwIfAborted } from '../../core/errors.js';

/** Value of a smooth function at `x`; writes its gradient `[x.length]` into `gradient`. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface MinimizeOptions {
  readonly maxIterations: number;
  /** Stop where no component of the gradient is larger. */
  readonly tolerance: number;
  /** Steps remembered for the curvature. */
  readonly memory?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly iterations: number;
  /** Whether the tolerance was reached. */
  readonly converged: boolean;
}

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly rho: number;
}

/** How often the event loop runs, in iterations. */
const iterationsBetweenPauses = 8;
const sufficientDecrease = 1e-4;
const curvature = 0.9;
const maxTrials = 40;

/**
 * Minimises a smooth function by L-BFGS (Nocedal & Wright 2006, algorithms 7.4 and 7.5) with the bisecting weak
 * Wolfe line search of Lewis & Overton (2013).
 *
 * @param x0 where to begin; not changed
 * @throws {InterruptedError} once `signal` is aborted
 */
export async function minimize(f: Objective, x0: Float64Array, options: MinimizeOptions): Promise<Minimum> {
  const { maxIterations, tolerance, memory = 10, signal } = options;
  let x = x0.slice();
  let gradient = new Float64Array(x.length);
  let value = f(x, gradient);
  const pairs: Pair[] = [];
  let iterations = 0;
  while (!(largest(gradient) <= tolerance) && iterations < maxIterations) {
    if (iterations % iterationsBetweenPauses === 0) {
      await new Promise((resume) => setImmediate(resume));
      throwIfAborted(signal);
    }
    const direction = descent(gradient, pairs);
    const found = search(f, x, value, gradient, direction, pairs.length === 0);
    if (found === undefined) {
      // Stale curvature can spoil a direction; the plain gradient gets one chance before rounding is to blame.
      if (pairs.length === 0) break;
      pairs.length = 0;
      continue;
    }
    const step = difference(found.x, x);
    const change = difference(found.gradient, gradient);
    const product = dot(step, change);
    if (product > 1e-16 * dot(change, change)) pairs.push({ step, change, rho: 1 / product });
    if (pairs.length > memory) pairs.shift();
    ({ x, value, gradient } = found);
    iterations++;
  }
  return { x, value, iterations, converged: largest(gradient) <= tolerance };
}

/** The two-loop recursion: minus the approximate inverse Hessian times the gradient. */
function descent(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const direction = gradient.map((g) => -g);
  const alphas: number[] = [];
  for (let m = pairs.length - 1; m >= 0; m--) {
    alphas[m] = pairs[m].rho * dot(pairs[m].step, direction);
    addScaled(direction, -alphas[m], pairs[m].change);
  }
  const last = pairs.at(-1);
  if (last !== undefined) {
    const scale = 1 / (last.rho * dot(last.change, last.change));
    for (let i = 0; i < direction.length; i++) direction[i] *= scale;
  }
  for (let m = 0; m < pairs.length; m++) {
    const beta = pairs[m].rho * dot(pairs[m].change, direction);
    addScaled(direction, alphas[m] - beta, pairs[m].step);
  }
  return direction;
}

interface Point {
  readonly x: Float64Array<ArrayBuffer>;
  readonly value: number;
  readonly gradient: Float64Array<ArrayBuffer>;
}

function search(
  f: Objective,
  x: Float64Array,
  value: number,
  gradient: Float64Array,
  direction: Float64Array,
  isFirst: boolean,
): Point | undefined {
  const slope = dot(gradient, direction);
  if (!(slope < 0)) return undefined;
  // Near the minimum a true decrease drowns in the rounding of the value; that much rise is forgiven.
  const slack = 1e-14 * Math.abs(value);
  let low = 0;
  let high = Infinity;
  let t = isFirst ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
  for (let trial = 0; trial < maxTrials; trial++) {
    const next = new Float64Array(x.length);
    for (let i = 0; i < x.length; i++) next[i] = x[i] + t * direction[i];
    const nextGradient = new Float64Array(x.length);
    const nextValue = f(next, nextGradient);
    if (!(nextValue <= value + sufficientDecrease * t * slope + slack)) high = t;
    else if (dot(nextGradient, direction) < curvature * slope) low = t;
    else return { x: next, value: nextValue, gradient: nextGradient };
    t = high < Infinity ? (low + high) / 2 : 2 * low;
  }
  return undefined;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) out[i] = a[i] - b[i];
  return out;
}

function addScaled(target: Float64Array, factor: number, vector: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i] += factor * vector[i];
}

function largest(vector: Float64Array): number {
  let most = 0;
  for (let i = 0; i < vector.length; i++) most = Math.max(most, Math.abs(vector[i]));
  return most;
}
