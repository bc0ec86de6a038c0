import type { Rng } from '../core/rng.js';
import { normalCdf } from '../evaluation/normal.js';
import { meanLoss, type Observation } from './observation.js';
import { coordinates, drawUniform, pointAt, type Space } from './space.js';

/** Fewer observations than this say too little about where nothing was tried. */
const leastObservations = 20;
/** The most recent observations that are read: the cost of reading them grows with their third power. */
const mostObservations = 150;
const nCandidates = 500;
/** Of the standard error that the best loss has over folds: what improves by less is not worth another trial. */
const worthwhileShare = 0.05;
const lengthScales = [0.2, 0.4, 0.8, 1.6];
const noises = [0.03, 0.1, 0.3, 1];

/**
 * Whether no further trial is expected to pay: the largest expected improvement (Mockus 1975; Jones et al. 1998, eq.
 * 15) over the space, under a Gaussian process of the losses so far, is below a twentieth of the standard error of
 * the best loss over the folds (the yardstick of Makarova et al. 2022, "Automatic Termination for Hyperparameter
 * Optimization"). Trials that were stopped count by what they lost to the best one on the folds they saw.
 */
export function isExhausted(space: Space, known: readonly Observation[], rng: Rng): boolean {
  if (known.length < leastObservations) return false;
  const feasible = known.filter(({ excess }) => excess === 0).slice(-mostObservations);
  const nFolds = Math.max(...feasible.map(({ losses }) => losses.length));
  const [best] = feasible
    .filter(({ losses }) => losses.length === nFolds)
    .sort((a, b) => meanLoss(a) - meanLoss(b));
  if (nFolds < 2) return false;
  const losses = feasible.map((seen) => meanLoss(seen) - meanLoss(best, seen.losses.length) + meanLoss(best));
  const mean = meanLoss(best);
  const variance = best.losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / (nFolds - 1);
  const standardError = Math.sqrt(variance / nFolds);
  const X = feasible.map(({ point }) => spread(space, coordinates(space, point)));
  const candidates = Array.from({ length: nCandidates }, (_, c) => {
    const drawn = drawUniform(space, rng);
    // Half of them near the best point, where small steps may still pay.
    if (c % 2 === 0) return spread(space, drawn);
    const near = coordinates(space, best.point).map((at, d) =>
      space[d].kind === 'choice' ? at : at + 0.2 * (drawn[d] - at),
    );
    return spread(space, coordinates(space, pointAt(space, near)));
  });
  return largestImprovement(X, losses, candidates) < worthwhileShare * standardError;
}

/**
 * The largest expected improvement on the least of `losses` over `candidates`, in the unit of the losses: a Gaussian
 * process with a Matérn 5/2 kernel, whose length scale and noise are those of highest marginal likelihood on a grid
 * (Rasmussen & Williams 2006, eq. 4.17 and algorithm 2.1).
 * @param X `[n][d]`
 * @param losses `[n]`
 * @param candidates `[m][d]`
 */
export function largestImprovement(
  X: readonly (readonly number[])[],
  losses: readonly number[],
  candidates: readonly (readonly number[])[],
): number {
  const n = losses.length;
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / n;
  const deviation = Math.sqrt(losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / n);
  if (deviation === 0) return 0;
  const z = losses.map((loss) => (loss - mean) / deviation);
  let chosen:
    { scale: number; factor: Float64Array[]; weights: Float64Array; likelihood: number } | undefined;
  for (const scale of lengthScales) {
    for (const noise of noises) {
      const factor = choleskyFactor(X, scale, noise ** 2);
      const half = solveLower(factor, z);
      const likelihood =
        -0.5 * half.reduce((sum, value) => sum + value * value, 0) -
        factor.reduce((sum, row, i) => sum + Math.log(row[i]), 0);
      if (chosen === undefined || likelihood > chosen.likelihood)
        chosen = { scale, factor, weights: half, likelihood };
    }
  }
  if (chosen === undefined) return 0;
  const { scale, factor, weights } = chosen;
  // Judged by the process itself, so that the luck of one observation is no height to be beaten.
  const least = Math.min(...X.map((x) => predictAt(x).mean));
  return deviation * Math.max(...candidates.map((x) => improvement(predictAt(x))));

  function predictAt(x: readonly number[]): { mean: number; deviation: number } {
    const v = solveLower(
      factor,
      X.map((other) => matern(x, other, scale)),
    );
    let at = 0;
    let explained = 0;
    for (let i = 0; i < n; i++) {
      at += v[i] * weights[i];
      explained += v[i] * v[i];
    }
    return { mean: at, deviation: Math.sqrt(Math.max(0, 1 - explained)) };
  }

  function improvement({ mean: at, deviation: wide }: { mean: number; deviation: number }): number {
    if (wide === 0) return Math.max(0, least - at);
    const u = (least - at) / wide;
    return wide * (u * normalCdf(u) + Math.exp(-0.5 * u * u) / Math.sqrt(2 * Math.PI));
  }
}

/** Coordinates with a choice spread over one axis an option, so that any two options are equally far apart. */
function spread(space: Space, at: readonly number[]): number[] {
  return space.flatMap((dimension, d) =>
    dimension.kind === 'choice' ? dimension.options.map((_, o) => (o === at[d] ? 0.5 : 0)) : [at[d]],
  );
}

function matern(a: readonly number[], b: readonly number[], scale: number): number {
  let square = 0;
  for (let d = 0; d < a.length; d++) square += (a[d] - b[d]) ** 2;
  const r = Math.sqrt(5 * square) / scale;
  return (1 + r + (r * r) / 3) * Math.exp(-r);
}

/** The lower Cholesky factor of the kernel matrix, `[n][n]`. */
function choleskyFactor(X: readonly (readonly number[])[], scale: number, noise: number): Float64Array[] {
  const L = X.map(() => new Float64Array(X.length));
  for (let i = 0; i < X.length; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matern(X[i], X[j], scale) + (i === j ? noise : 0);
      for (let k = 0; k < j; k++) sum -= L[i][k] * L[j][k];
      L[i][j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / L[j][j];
    }
  }
  return L;
}

function solveLower(L: readonly Float64Array[], right: ArrayLike<number>): Float64Array {
  const x = new Float64Array(L.length);
  for (let i = 0; i < L.length; i++) {
    let sum = right[i];
    for (let k = 0; k < i; k++) sum -= L[i][k] * x[k];
    x[i] = sum / L[i][i];
  }
  return x;
}
