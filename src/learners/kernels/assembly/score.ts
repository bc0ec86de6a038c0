/** The gradient sum less the L1 penalty, not beyond 0. */
// @ts-ignore: decorator
@inline
export function softened(gradient: f64, l1: f64): f64 {
  if (gradient > l1) return gradient - l1;
  if (gradient < -l1) return gradient + l1;
  return 0;
}

/** Twice the fall of the penalised second-order loss at the best value (Chen & Guestrin 2016, eq. 6). */
// @ts-ignore: decorator
@inline
export function scoreOf(gradient: f64, hessian: f64, l1: f64, l2: f64): f64 {
  const soft = softened(gradient, l1);
  return (soft * soft) / (hessian + l2);
}

/** The same at the best value within a range. */
export function heldScore(gradient: f64, hessian: f64, l1: f64, l2: f64, lower: f64, upper: f64): f64 {
  let value = -softened(gradient, l1) / (hessian + l2);
  if (value < lower) value = lower;
  if (value > upper) value = upper;
  return -(2 * gradient * value + (hessian + l2) * value * value + 2 * l1 * Math.abs(value));
}
