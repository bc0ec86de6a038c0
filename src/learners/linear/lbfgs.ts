/** A smooth function to be minimised: writes its gradient at `x` and returns its value there. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

/** When to stop. */
export interface MinimizeOptions {
  readonly maxIterations: number;
  /** Largest absolute component of the gradient to stop at. */
  readonly gradientTolerance: number;
  /** Called after every iteration; may wait for the event loop, or throw to stop. */
  readonly onIteration?: () => Promise<void> | void;
}

/** Pairs of steps and gradient changes that stand for the curvature. */
const memory = 10;
const sufficientDecrease = 1e-4;
const curvature = 0.9;

/**
 * Minimises a convex function by limited-memory BFGS (Nocedal & Wright 2006, algorithms 7.4 and 7.5) with a weak
 * Wolfe line search by bisection (Lewis & Overton 2013, algorithm 2.6).
 * @param start where to begin; not changed
 * @returns the last point, of the length of `start`
 */
export async function minimize(
  objective: Objective,
  start: Float64Array,
  { maxIterations, gradientTolerance, onIteration }: MinimizeOptions,
): Promise<Float64Array> {
  const size = start.length;
  let x = Float64Array.from(start);
  let gradient = new Float64Array(size);
  let value = objective(x, gradient);
  let nextX = new Float64Array(size);
  let nextGradient = new Float64Array(size);
  const direction = new Float64Array(size);
  const pairs: { step: Float64Array; change: Float64Array; rho: number }[] = [];
  const alphas = new Float64Array(memory);

  for (let iteration = 0; iteration < maxIterations; iteration++) {
    if (largest(gradient) <= gradientTolerance) break;
    descend();
    const slope = dot(gradient, direction);
    if (!(slope < 0)) break;
    let low = 0;
    let high = Infinity;
    // Without any curvature yet the gradient only tells the way, so the first step has length 1.
    let length = pairs.length === 0 ? 1 / Math.sqrt(-slope) : 1;
    let isFound = false;
    let nextValue = value;
    for (let trial = 0; trial < 40 && !isFound; trial++) {
      for (let i = 0; i < size; i++) nextX[i] = x[i] + length * direction[i];
      nextValue = objective(nextX, nextGradient);
      const nextSlope = dot(nextGradient, direction);
      // Near the minimum the values differ by rounding only; there the slope decides (Hager & Zhang 2005, eq. 4.3).
      const isFlat = Math.abs(nextValue - value) <= 1e-12 * Math.abs(value);
      const hasDecreased = isFlat
        ? nextSlope <= (2 * sufficientDecrease - 1) * slope
        : nextValue <= value + sufficientDecrease * length * slope;
      if (!hasDecreased) high = length;
      else if (nextSlope < curvature * slope) low = length;
      else isFound = true;
      if (!isFound) length = high < Infinity ? (low + high) / 2 : 2 * length;
    }
    if (!isFound) break;
    remember();
    [x, nextX] = [nextX, x];
    [gradient, nextGradient] = [nextGradient, gradient];
    value = nextValue;
    await onIteration?.();
  }
  return x;

  /** direction = -H gradient by the two-loop recursion. */
  function descend(): void {
    for (let i = 0; i < size; i++) direction[i] = -gradient[i];
    for (let p = pairs.length - 1; p >= 0; p--) {
      const { step, change, rho } = pairs[p];
      alphas[p] = rho * dot(step, direction);
      add(direction, -alphas[p], change);
    }
    const last = pairs.at(-1);
    if (last !== undefined) {
      const scale = 1 / (last.rho * dot(last.change, last.change));
      for (let i = 0; i < size; i++) direction[i] *= scale;
    }
    pairs.forEach(({ step, change, rho }, p) => {
      add(direction, alphas[p] - rho * dot(change, direction), step);
    });
  }

  function remember(): void {
    const reused = pairs.length === memory ? pairs.shift() : undefined;
    const step = reused?.step ?? new Float64Array(size);
    const change = reused?.change ?? new Float64Array(size);
    for (let i = 0; i < size; i++) {
      step[i] = nextX[i] - x[i];
      change[i] = nextGradient[i] - gradient[i];
    }
    const product = dot(step, change);
    if (product > 0) pairs.push({ step, change, rho: 1 / product });
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function add(target: Float64Array, factor: number, values: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i] += factor * values[i];
}

function largest(values: Float64Array): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]));
  return most;
}
