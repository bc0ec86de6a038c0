import { DataError, throwIfAborted } from '../../core/errors.js';
import { Matrix } from '../../core/matrix.js';
import type { Estimator, FitOptions } from '../estimator.js';
import { sumLeaves } from '../tree/sum-leaves.js';
import { treeBuilder } from '../tree/trees.js';
import { checkWeights } from '../validate.js';
import { averagePathLength } from './average-path-length.js';
import { growIsolationTree } from './isolation-tree.js';
import type { IsolationForestModel } from './model.js';
import { isolationForestParams, type IsolationForestParams } from './params.js';
import { weightedSampler } from './weighted-sample.js';

export type { IsolationForestParams } from './params.js';

/**
 * An isolation forest (Liu, Ting & Zhou 2008): anomalies are the rows that random splits isolate early. Targets
 * are ignored. A sample weight is a relative chance of being drawn into a tree; rows of weight 0 never are.
 *
 * @throws {ConfigError} naming a parameter that is unknown or out of its range
 * @example
 * const X = Matrix.fromColumns([[0, 1, 2, 1, 100]], ['followers']);
 * const model = await isolationForest().fit(X, [], { rng: createRng(1) });
 * anomalyScores(model, X)[4] > anomalyScores(model, X)[1] // true
 */
export function isolationForest(given: Partial<IsolationForestParams> = {}): Estimator<IsolationForestModel> {
  const params = isolationForestParams(given);
  return { kind: 'isolation-forest', params, fit: (X, _y, options) => fit(params, X, options) };
}

/** How often a fit lets the event loop run, in trees. */
const treesBetweenPauses = 8;

async function fit(
  params: IsolationForestParams,
  X: Matrix,
  { rng, sampleWeight, signal, onProgress }: FitOptions,
): Promise<IsolationForestModel> {
  if (X.nRows === 0) throw new DataError('fit needs at least one row');
  if (X.nFeatures === 0) throw new DataError('fit needs at least one feature');
  const sampler = weightedSampler(checkWeights(X.nRows, sampleWeight));
  if (sampler.nDrawable < 2) {
    throw new DataError(
      `an isolation forest needs at least two rows with a weight above 0, not ${sampler.nDrawable}`,
    );
  }
  throwIfAborted(signal);

  const sampleSize = Math.min(params.maxSamples, sampler.nDrawable);
  const builder = treeBuilder();
  for (let t = 0; t < params.nEstimators; t++) {
    const draw = rng.split(`tree-${t}`);
    const sample = Matrix.rows(X, sampler.draw(sampleSize, draw));
    growIsolationTree(sample.columns, builder, draw);
    onProgress?.(t + 1, params.nEstimators);
    if (t % treesBetweenPauses === 0) {
      await new Promise((resume) => setImmediate(resume));
      throwIfAborted(signal);
    }
  }
  return Object.freeze({
    kind: 'isolation-forest',
    format: 1,
    featureNames: X.names,
    sampleSize,
    trees: builder.finish(),
  });
}

/**
 * The anomaly score 2^(-mean path length / c(sampleSize)) of every row (Liu, Ting & Zhou 2008, eq. 2): in (0, 1),
 * higher = more anomalous, 0.5 where nothing tells a row from the rest.
 *
 * @param X any matrix that has the model's features, `[nRows, ≥ nFeatures]`
 * @returns `[nRows]`
 * @throws {DataError} naming a feature that `X` lacks
 */
export function anomalyScores(model: IsolationForestModel, X: Matrix): Float64Array {
  const scores = new Float64Array(X.nRows);
  sumLeaves(model.trees, Matrix.select(X, model.featureNames).columns, scores);
  const longest = model.trees.roots.length * averagePathLength(model.sampleSize);
  return scores.map((pathLength) => 2 ** (-pathLength / longest));
}
