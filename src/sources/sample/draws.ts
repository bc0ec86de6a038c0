import type { Rng } from '../../core/rng.js';

/** One of `values`, uniformly. */
export function pick<T>(values: readonly T[], rng: Rng): T {
  return values[rng.integer(values.length)];
}

/** Log-normal with the given median and standard deviation of the logarithm. */
export function logNormal(median: number, sigma: number, rng: Rng): number {
  return median * Math.exp(sigma * rng.normal());
}

/** Exponential with the given mean. */
export function exponential(mean: number, rng: Rng): number {
  return -mean * Math.log(1 - rng.uniform());
}

/** Poisson count; by multiplication of uniforms (Knuth, TAOCP 2, 3.4.1) below 30, rounded normal above. */
export function poisson(mean: number, rng: Rng): number {
  if (mean <= 0) return 0;
  if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * rng.normal()));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = rng.uniform(); product > limit; product *= rng.uniform()) count++;
  return count;
}
