import type { Rng } from '../../core/rng.js';

/** Variance from which a rounded normal draw is as good as a binomial one here. */
const normalFrom = 25;

/** A draw of how many of `n` trials succeed, each with probability `p`; O(n · min(p, 1 - p)) at most. */
export function drawBinomial(n: number, p: number, rng: Rng): number {
  if (p > 0.5) return n - drawBinomial(n, 1 - p, rng);
  if (n === 0 || p <= 0) return 0;
  if (n * p * (1 - p) >= normalFrom) {
    const draw = Math.round(n * p + Math.sqrt(n * p * (1 - p)) * rng.normal());
    return Math.min(n, Math.max(0, draw));
  }
  // Failures between successes are geometric (Devroye 1986, X.4.3).
  const scale = Math.log1p(-p);
  let successes = 0;
  let trials = Math.floor(Math.log1p(-rng.uniform()) / scale) + 1;
  while (trials <= n) {
    successes++;
    trials += Math.floor(Math.log1p(-rng.uniform()) / scale) + 1;
  }
  return successes;
}
