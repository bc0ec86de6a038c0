import { ConfigError, DataError, throwIfAborted } from '../../core/errors.js';
import { Matrix } from '../../core/matrix.js';
import { sampleIndices, type Rng } from '../../core/rng.js';
import type { Estimator, FitOptions } from '../estimator.js';
import { sumLeaves } from '../tree/sum-leaves.js';
import { joinTrees, treeBuilder, type Trees } from '../tree/trees.js';
import { checkWeights } from '../validate.js';
import { fitBins, mapToBins } from './binning.js';
import { growTree, type GrowerContext } from './grower.js';
import type { GradientBoostingModel } from './model.js';
import { checkObjectiveTargets, objectiveOf } from './objectives/objective-of.js';
import { gradientBoostingParams, type GradientBoostingParams, type ObjectiveName } from './params.js';

/**
 * Histogram gradient boosting (Friedman 2001; Chen & Guestrin 2016; Ke et al. 2017): second-order boosting of
 * binned regression trees, missing values in a learned direction.
 *
 * @throws {ConfigError} naming a parameter that is unknown or out of its range
 * @example
 * const X = Matrix.fromColumns([[0, 1, 2, 3]], ['followers']);
 * const model = await gradientBoosting({ minSamplesLeaf: 1 }).fit(X, [0, 0, 1, 1], { rng: createRng(1) });
 * boostingMargins(model, X)[0][3] > 0 // true
 */
export function gradientBoosting(
  given: Partial<GradientBoostingParams> = {},
): Estimator<GradientBoostingModel> {
  const params = gradientBoostingParams(given);
  return { kind: 'gradient-boosting', params, fit: (X, y, options) => fit(params, X, y, options) };
}

/** How often a fit lets the event loop run, in trees. */
const treesBetweenPauses = 8;

async function fit(
  params: GradientBoostingParams,
  X: Matrix,
  y: ArrayLike<number>,
  options: FitOptions,
): Promise<GradientBoostingModel> {
  const { rng, signal, validation } = options;
  const objectiveName = supported(params.objective);
  const objective = objectiveOf(params);
  const targets = checkObjectiveTargets(X, y, objective);
  const weight = checkWeights(X.nRows, options.sampleWeight);
  if (params.earlyStoppingRounds > 0 && validation === undefined) {
    throw new DataError(`earlyStoppingRounds=${params.earlyStoppingRounds} needs validation rows`);
  }
  // Trees name features by position, so the watched rows must have theirs in the order of X.
  const watchedRows = validation && {
    X: Matrix.select(validation.X, X.names),
    y: checkObjectiveTargets(validation.X, validation.y, objective),
    sampleWeight: checkWeights(validation.X.nRows, validation.sampleWeight),
  };
  throwIfAborted(signal);

  const mapper = fitBins(X, params.maxBins, rng);
  const gains = new Float64Array(X.nFeatures);
  const context: GrowerContext = {
    bins: mapToBins(mapper, X),
    mapper,
    rules: { ...params, monotone: Int8Array.from(X.names, (name) => params.monotoneConstraints[name] ?? 0) },
    growth: params.growth,
    maxLeafNodes: params.maxLeafNodes,
    maxDepth: params.maxDepth === 0 ? Infinity : params.maxDepth,
    learningRate: params.learningRate,
    randomBounds: params.splitter === 'random',
    buffer: { gradient: new Float64Array(X.nRows), hessian: new Float64Array(X.nRows) },
    scratch: new Uint32Array(X.nRows),
    spare: [],
    histogramLength: 3 * mapper.bounds.reduce((bins, bounds) => bins + bounds.length + 2, 0),
    gains,
  };

  const baseScore = objective.baseScore(targets, weight);
  const margins = Array.from(baseScore, (base) => new Float64Array(X.nRows).fill(base));
  const watched = watchedRows && watch(objective, watchedRows, baseScore, params.earlyStoppingRounds);
  const gradients = margins.map(() => new Float64Array(X.nRows));
  const hessians = margins.map(() => new Float64Array(X.nRows));
  const parts: Trees[] = [];

  const nSample = Math.max(1, Math.round(params.subsample * X.nRows));
  const nFeatures = Math.max(1, Math.round(params.colsampleByTree * X.nFeatures));
  for (let iteration = 0; iteration < params.nEstimators; iteration++) {
    const draw = rng.split(`iteration-${iteration}`);
    const order = sampleFirst(X.nRows, nSample, draw.split('rows'));
    objective.derivatives(targets, weight, margins, gradients, hessians);
    const steps = margins.map((_, k) => {
      const features = Int32Array.from(sampleIndices(X.nFeatures, nFeatures, draw.split(`features-${k}`)));
      const builder = treeBuilder();
      const rows = order.slice();
      const treeRng = draw.split(`tree-${k}`);
      const leaves = growTree(context, rows, nSample, features, gradients[k], hessians[k], builder, treeRng);
      return { rows, leaves, tree: builder.finish() };
    });
    steps.forEach(({ rows, leaves, tree }, k) => {
      parts.push(tree);
      const margin = margins[k];
      for (const { start, end, value } of leaves) for (let i = start; i < end; i++) margin[rows[i]] += value;
    });
    options.onProgress?.(iteration + 1, params.nEstimators);
    if (watched?.isPatienceOver(steps.map((step) => step.tree))) break;
    if (iteration % treesBetweenPauses === 0) {
      await new Promise((resume) => setImmediate(resume));
      throwIfAborted(signal);
    }
  }

  const kept = watched === undefined ? parts : parts.slice(0, watched.bestIterations() * objective.nMargins);
  return Object.freeze({
    kind: 'gradient-boosting',
    format: 1,
    objective: objectiveName,
    featureNames: X.names,
    nMargins: objective.nMargins,
    baseScore,
    trees: joinTrees(kept),
    gains,
  });
}

function supported(name: ObjectiveName): GradientBoostingModel['objective'] {
  if (name === 'binary' || name === 'multiclass' || name === 'squared-error') return name;
  throw new ConfigError(`objective=${name} must be binary, multiclass or squared-error`);
}

/** Every row once: `nSample` drawn ones, then the others, both ascending. */
function sampleFirst(nRows: number, nSample: number, rng: Rng): Uint32Array {
  const order = new Uint32Array(nRows);
  if (nSample === nRows) return order.map((_, row) => row);
  const sample = sampleIndices(nRows, nSample, rng);
  order.set(sample);
  let inSample = 0;
  let rest = nSample;
  for (let row = 0; row < nRows && rest < nRows; row++) {
    order[rest] = row;
    const isDrawn = Number(inSample < nSample && sample[inSample] === row);
    inSample += isDrawn;
    rest += 1 - isDrawn;
  }
  return order;
}

/** Follows the loss on rows that are not trained on. */
function watch(
  objective: ReturnType<typeof objectiveOf>,
  validation: NonNullable<FitOptions['validation']>,
  baseScore: Float64Array,
  patience: number,
): { isPatienceOver(trees: readonly Trees[]): boolean; bestIterations(): number } {
  const { X, y } = validation;
  const weight = validation.sampleWeight ?? new Float64Array(X.nRows).fill(1);
  const margins = Array.from(baseScore, (base) => new Float64Array(X.nRows).fill(base));
  let best = Infinity;
  let bestIteration = 0;
  let iteration = 0;
  return {
    isPatienceOver(trees) {
      trees.forEach((tree, k) => sumLeaves(tree, X.columns, margins[k]));
      iteration++;
      const loss = objective.loss(y, weight, margins);
      if (loss < best) {
        best = loss;
        bestIteration = iteration;
      }
      return patience > 0 && iteration - bestIteration >= patience;
    },
    bestIterations: () => (patience > 0 ? bestIteration : iteration),
  };
}
