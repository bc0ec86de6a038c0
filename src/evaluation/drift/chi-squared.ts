/**
 * The probability that a chi-squared variable exceeds `x`: the regularised upper incomplete gamma function of
 * (degrees / 2, x / 2), by its series below the mean and its continued fraction above (Press et al. 2007, 6.2).
 * @param degrees a positive number of degrees of freedom
 */
export function chiSquaredSurvival(x: number, degrees: number): number {
  if (!(x > 0)) return 1;
  if (x === Infinity) return 0;
  const a = degrees / 2;
  const t = x / 2;
  const scale = Math.exp(a * Math.log(t) - t - logGamma(a));
  return t < a + 1 ? 1 - scale * lowerSeries(a, t) : scale * upperFraction(a, t);
}

/**
 * The value that a chi-squared variable exceeds with probability `tail`, by bisection to the last bits.
 * @param tail in (0, 1)
 */
export function chiSquaredQuantile(tail: number, degrees: number): number {
  let low = 0;
  let high = Math.max(1, degrees);
  while (chiSquaredSurvival(high, degrees) > tail) high *= 2;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (chiSquaredSurvival(middle, degrees) > tail) low = middle;
    else high = middle;
  }
  return high;
}

function lowerSeries(a: number, t: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < 10_000 && term > sum * 1e-17; n++) {
    term *= t / (a + n);
    sum += term;
  }
  return sum;
}

/** Lentz's algorithm. */
function upperFraction(a: number, t: number): number {
  let b = t + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n < 10_000; n++) {
    const an = -n * (n - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    const step = c * d;
    value *= step;
    if (Math.abs(step - 1) < 1e-16) break;
  }
  return value;
}

/** ln Γ(x) for x > 0 (Lanczos 1964, g = 7, nine terms), relative error about 1e-15. */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const y = x - 1;
  let sum = lanczos[0];
  for (let i = 1; i < lanczos.length; i++) sum += lanczos[i] / (y + i);
  const t = y + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(sum);
}

const lanczos = [
  0.99999999999980993227684700473478, 676.520368121885098567009190444019, -1259.13921672240287047156078755283,
  771.3234287776530788486528258894, -176.61502916214059906584551354, 12.507343278686904814458936853,
  -0.13857109526572011689554707, 9.984369578019570859563e-6, 1.50563273514931155834e-7,
];
