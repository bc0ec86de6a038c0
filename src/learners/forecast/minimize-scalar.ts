const ratio = (Math.sqrt(5) - 1) / 2;

/**
 * Where a function of one variable is smallest: the best of a grid of `points`, refined by golden-section search
 * (Kiefer 1953) between that point's neighbours, ends included.
 *
 * @param f may return NaN or Infinity where it is not defined
 * @param tolerance width of the last interval
 */
export function minimizeScalar(
  f: (x: number) => number,
  low: number,
  high: number,
  points: number,
  tolerance: number,
): number {
  const step = (high - low) / (points - 1);
  let best = low;
  let bestValue = Infinity;
  const consider = (x: number): number => {
    const value = f(x);
    if (value < bestValue) {
      best = x;
      bestValue = value;
    }
    return value;
  };
  for (let i = 0; i < points; i++) consider(i === points - 1 ? high : low + i * step);

  let a = Math.max(low, best - step);
  let b = Math.min(high, best + step);
  let left = b - ratio * (b - a);
  let right = a + ratio * (b - a);
  let leftValue = consider(left);
  let rightValue = consider(right);
  while (b - a > tolerance) {
    if (leftValue < rightValue) {
      b = right;
      [right, rightValue] = [left, leftValue];
      left = b - ratio * (b - a);
      leftValue = consider(left);
    } else {
      a = left;
      [left, leftValue] = [right, rightValue];
      right = a + ratio * (b - a);
      rightValue = consider(right);
    }
  }
  return best;
}
