import { ConfigError, throwIfAborted } from '../../core/errors.js';
import { Matrix } from '../../core/matrix.js';
import { sampleIndices } from '../../core/rng.js';
import type { Estimator, FitOptions } from '../estimator.js';
import { checkInteger, checkWithin, aboveZero, mergeParams } from '../params.js';
import { sumLeaves } from '../tree/sum-leaves.js';
import { treeBuilder } from '../tree/trees.js';
import { checkNotEmpty, checkWeights } from '../validate.js';
import { averagePathLength } from '../tree/average-path-length.js';
import { growIsolationTree } from './grow.js';
import type { IsolationForestModel } from './model.js';
import { rowSampler } from './row-sampler.js';

/** Parameters of an isolation forest, named as in scikit-learn. */
export interface IsolationForestParams {
  /** Trees. */
  readonly nEstimators: number;
  /** Rows each tree sees, drawn without replacement; all rows where there are fewer. */
  readonly maxSamples: number;
  /** Share of the features each tree sees, (0, 1]. */
  readonly maxFeatures: number;
  /**
   * Share of the fitted rows that score above the model's threshold, (0, 0.5]; `auto`: the threshold is 0.5, the
   * score of rows whose paths have the average length.
   */
  readonly contamination: 'auto' | number;
}

const defaults: IsolationForestParams = {
  nEstimators: 200,
  maxSamples: 256,
  maxFeatures: 1,
  contamination: 'auto',
};

/**
 * Isolation forest (Liu, Ting & Zhou 2008): rows that few random splits set apart are anomalous. A row is drawn into
 * a tree with a chance proportional to its weight; targets are ignored.
 *
 * @throws {ConfigError} naming a parameter that is unknown or out of its range
 * @example
 * const X = Matrix.fromColumns([[1, 2, 3, 2, 1, 90]], ['posts']);
 * const model = await isolationForest({ nEstimators: 50 }).fit(X, [], { rng: createRng(1) });
 * anomalyScores(model, X).indexOf(Math.max(...anomalyScores(model, X))) // 5
 */
export function isolationForest(given: Partial<IsolationForestParams> = {}): Estimator<IsolationForestModel> {
  const params = mergeParams('isolation forest', defaults, given);
  checkInteger(params, 'nEstimators', 1, 100_000);
  checkInteger(params, 'maxSamples', 1, 2 ** 24);
  checkWithin(params, 'maxFeatures', aboveZero, 1);
  checkContamination(params.contamination);
  Object.freeze(params);
  return { kind: 'isolation-forest', params, fit: (X, _y, options) => fit(params, X, options) };
}

/** The score of a row whose mean path has the average length. */
const averageScore = 0.5;

/** How often a fit lets the event loop run, in trees. */
const treesBetweenPauses = 32;

async function fit(
  params: IsolationForestParams,
  X: Matrix,
  options: FitOptions,
): Promise<IsolationForestModel> {
  const { rng, signal } = options;
  checkNotEmpty(X);
  const weights = checkWeights(X.nRows, options.sampleWeight);
  throwIfAborted(signal);

  const sampler = rowSampler(weights);
  const sampleSize = Math.min(params.maxSamples, sampler.nDrawable);
  const heightLimit = Math.ceil(Math.log2(Math.max(sampleSize, 2)));
  // Columns without two values cannot be split; leaving them out keeps them from moving a single random draw.
  const varying = Int32Array.from(X.columns.keys()).filter((j) => varies(X.columns[j], weights));
  const nFeatures = Math.min(varying.length, Math.max(1, Math.floor(params.maxFeatures * varying.length)));
  const builder = treeBuilder();
  for (let tree = 0; tree < params.nEstimators; tree++) {
    if (tree % treesBetweenPauses === 0) {
      await new Promise((resume) => setImmediate(resume));
      throwIfAborted(signal);
    }
    const draw = rng.split(`tree-${tree}`);
    const rows = sampler.draw(sampleSize, draw);
    const features = Int32Array.from(sampleIndices(varying.length, nFeatures, draw), (k) => varying[k]);
    growIsolationTree(X.columns, features, rows, heightLimit, draw, builder);
    options.onProgress?.(tree + 1, params.nEstimators);
  }
  const forest = {
    kind: 'isolation-forest',
    format: 2,
    featureNames: X.names,
    sampleSize,
    trees: builder.finish(),
  } as const;
  const { contamination } = params;
  const threshold =
    contamination === 'auto'
      ? averageScore
      : quantileFromAbove(
          anomalyScores(forest, X).filter((_, i) => weights[i] > 0),
          contamination,
        );
  return Object.freeze({ ...forest, threshold });
}

/**
 * Anomaly scores 2^(-mean path length / c(sampleSize)) (Liu, Ting & Zhou 2008, eq. 2); 0.5 everywhere for a forest
 * that saw a single row.
 *
 * @param X any matrix that has the model's features, `[nRows, ≥ nFeatures]`
 * @returns `[nRows]` in (0, 1), higher = more anomalous
 * @throws {DataError} naming a feature that `X` lacks
 */
export function anomalyScores(model: IsolationForestModel, X: Matrix): Float64Array {
  const scores = new Float64Array(X.nRows);
  sumLeaves(model.trees, Matrix.select(X, model.featureNames).columns, scores);
  const average = averagePathLength(model.sampleSize);
  if (average === 0) return scores.fill(averageScore);
  const total = average * model.trees.roots.length;
  for (let i = 0; i < scores.length; i++) scores[i] = 2 ** (-scores[i] / total);
  return scores;
}

/**
 * Whether rows are anomalies: 1 where the score is above the model's threshold.
 *
 * @param X any matrix that has the model's features, `[nRows, ≥ nFeatures]`
 * @returns `[nRows]` of 0 and 1
 * @throws {DataError} naming a feature that `X` lacks
 */
export function isAnomalous(model: IsolationForestModel, X: Matrix): Uint8Array {
  const { threshold = averageScore } = model;
  return Uint8Array.from(anomalyScores(model, X), (score) => Number(score > threshold));
}

/** The value that a share of the scores lies above, linear between neighbours (as scikit-learn's `offset_`). */
function quantileFromAbove(scores: Float64Array, share: number): number {
  const falling = scores.sort().reverse();
  const at = (falling.length - 1) * share;
  const below = Math.floor(at);
  const above = Math.min(below + 1, falling.length - 1);
  return falling[below] + (at - below) * (falling[above] - falling[below]);
}

function checkContamination(value: unknown): void {
  if (value === 'auto' || (typeof value === 'number' && value > 0 && value <= 0.5)) return;
  throw new ConfigError(`contamination=${String(value)} must be auto or a number in (0, 0.5]`);
}

function varies(column: Float32Array, weights: Float64Array): boolean {
  let first = NaN;
  for (let i = 0; i < column.length; i++) {
    const x = column[i];
    if (x !== x || weights[i] === 0) continue;
    if (first !== first) first = x;
    else if (x !== first) return true;
  }
  return false;
}
