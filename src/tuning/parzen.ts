import type { Rng } from '../core/rng.js';
import { normalCdf } from '../evaluation/normal.js';
import type { Space } from './space.js';

/** A density over the coordinates of a space. */
export interface ParzenEstimator {
  readonly space: Space;
  /** `[nKernels][space]` middles of the kernels; the last kernel is the prior. */
  readonly middles: readonly (readonly number[])[];
  /** Of every kernel but the prior, along every number. */
  readonly bandwidth: number;
}

const priorBandwidth = 1;

/**
 * A mixture of product kernels, one on every point and a wide one on the middle of the space, all of one weight. Kernels
 * of numbers are normal distributions cut off at the ends of the range, those of choices put most weight on theirs
 * (Aitchison & Aitken 1976). Bandwidth: 0.2 n^(-1/(d + 4)) of the range, Scott's rule for d dimensions, and at least
 * 1 / min(100, n + 2) of it, as Optuna's multivariate estimator takes them (Watanabe 2023, "Tree-structured Parzen
 * Estimator", sections 3.3 and appendix C).
 * @param points `[n][space]`
 */
export function parzenEstimator(space: Space, points: readonly (readonly number[])[]): ParzenEstimator {
  const scott = 0.2 * Math.max(points.length, 1) ** (-1 / (space.length + 4));
  const middle = space.map(({ kind }) => (kind === 'choice' ? NaN : 0.5));
  return {
    space,
    middles: [...points, middle],
    bandwidth: Math.max(scott, 1 / Math.min(100, points.length + 2)),
  };
}

/** Coordinates drawn from the density. */
export function drawFrom({ space, middles, bandwidth }: ParzenEstimator, rng: Rng): number[] {
  const kernel = rng.integer(middles.length);
  const width = kernel === middles.length - 1 ? priorBandwidth : bandwidth;
  return space.map((dimension, d) => {
    const middle = middles[kernel][d];
    if (dimension.kind === 'choice') {
      const stays = choiceProbability(dimension.options.length, middles.length, true);
      // What does not stay is drawn from all options, this one included.
      const shared = stays - choiceProbability(dimension.options.length, middles.length, false);
      return !Number.isNaN(middle) && rng.uniform() < shared ? middle : rng.integer(dimension.options.length);
    }
    for (;;) {
      const drawn = middle + width * rng.normal();
      if (drawn >= 0 && drawn <= 1) return drawn;
    }
  });
}

/** Logarithm of the density. */
export function logDensity({ space, middles, bandwidth }: ParzenEstimator, at: readonly number[]): number {
  const logs = middles.map((middle, kernel) => {
    const width = kernel === middles.length - 1 ? priorBandwidth : bandwidth;
    return space.reduce((sum, dimension, d) => {
      if (dimension.kind !== 'choice') return sum + logCutNormal(at[d], middle[d], width);
      const p = Number.isNaN(middle[d])
        ? 1 / dimension.options.length
        : choiceProbability(dimension.options.length, middles.length, at[d] === middle[d]);
      return sum + Math.log(p);
    }, 0);
  });
  const largest = Math.max(...logs);
  return (
    largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0)) - Math.log(middles.length)
  );
}

function choiceProbability(nOptions: number, nKernels: number, isMiddle: boolean): number {
  const own = 1 / nKernels;
  return (own + (isMiddle ? 1 : 0)) / (nOptions * own + 1);
}

/** Log density of a normal distribution cut off at 0 and 1. */
function logCutNormal(x: number, mean: number, deviation: number): number {
  const z = (x - mean) / deviation;
  const mass = normalCdf((1 - mean) / deviation) - normalCdf(-mean / deviation);
  return -0.5 * z * z - Math.log(deviation * Math.sqrt(2 * Math.PI)) - Math.log(mass);
}
