/**
 * The sum of count times value over rows, in four sums side by side, which are added up in a fixed order.
 * @param counts f64[nRows]
 * @param values f64[nRows]
 */
export function weightedSum(counts: usize, values: usize, nRows: u32): f64 {
  let first = f64x2.splat(0);
  let second = f64x2.splat(0);
  const whole: usize = (<usize>(nRows & ~3)) << 3;
  for (let at: usize = 0; at < whole; at += 32) {
    first = f64x2.add(first, f64x2.mul(v128.load(counts + at), v128.load(values + at)));
    second = f64x2.add(second, f64x2.mul(v128.load(counts + at, 16), v128.load(values + at, 16)));
  }
  const sums = f64x2.add(first, second);
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  for (let at = whole; at < (<usize>nRows) << 3; at += 8) {
    sum += load<f64>(counts + at) * load<f64>(values + at);
  }
  return sum;
}
