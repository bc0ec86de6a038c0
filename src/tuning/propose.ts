import type { Rng } from '../core/rng.js';
import { byMerit, type Observation } from './observation.js';
import { drawFrom, logDensity, parzenEstimator } from './parzen.js';
import { coordinates, drawUniform, pointAt, type Point, type Space } from './space.js';

/** Points that are drawn uniformly before there is anything to learn from. */
export const startupTrials = 6;
const nCandidates = 24;
const goodShare = 0.1;
const mostGood = 25;

/**
 * The next point to try: the multivariate tree-structured Parzen estimator (Bergstra et al. 2011, "Algorithms for
 * Hyper-Parameter Optimization", section 4; one density over all dimensions as Falkner et al. 2018, "BOHB"; shares,
 * kernels and bandwidths as in Watanabe 2023, whose recommendations Optuna's sampler follows). The best tenth of what is
 * known makes one density, the rest another; of 24 draws from the first, the one is taken where it exceeds the second
 * most.
 *
 * A function of its arguments: the same observations and the same stream give the same point.
 */
export function propose(space: Space, known: readonly Observation[], rng: Rng): Point {
  if (known.length < startupTrials) return pointAt(space, drawUniform(space, rng));
  const ranked = [...known].sort(byMerit).map(({ point }) => coordinates(space, point));
  const nGood = Math.min(mostGood, Math.ceil(goodShare * ranked.length));
  const good = parzenEstimator(space, ranked.slice(0, nGood));
  const rest = parzenEstimator(space, ranked.slice(nGood));
  let best = drawFrom(good, rng);
  let most = logDensity(good, best) - logDensity(rest, best);
  for (let c = 1; c < nCandidates; c++) {
    const candidate = drawFrom(good, rng);
    const ratio = logDensity(good, candidate) - logDensity(rest, candidate);
    if (ratio > most) [best, most] = [candidate, ratio];
  }
  return pointAt(space, best);
}
