import { ConfigError, DataError, throwIfAborted } from '../../core/errors.js';
import { Matrix } from '../../core/matrix.js';
import { sampleIndices } from '../../core/rng.js';
import type { Estimator, FitOptions } from '../estimator.js';
import { joinTrees, type Trees } from '../tree/trees.js';
import { checkWeights } from '../validate.js';
import { binColumns } from './bin-columns.js';
import { binningRows } from './bin-mapper.js';
import { openMemory } from './fit-shape.js';
import { growthRules } from './growth-rules.js';
import type { GradientBoostingModel } from './model.js';
import type { CustomObjective } from './objectives/custom.js';
import { checkObjectiveTargets, objectiveOf } from './objectives/objective-of.js';
import { queryStarts } from './objectives/queries.js';
import { gradientBoostingParams, type GradientBoostingParams } from './params.js';
import { boostingMargins } from './predict.js';
import { drawRows, drawSteepest } from './sampling.js';
import { openSoloTeam, openTeam } from './team.js';
import { trainingRowNumbers } from './training-margins.js';
import { viewMemory } from './training-memory.js';
import { trainingRows } from './training-rows.js';
import { watch } from './watch.js';

/** With fewer rows, what a node reads is near in any order. */
const rowsWorthReordering = 100_000;

/** What happened in one boosting iteration. */
export interface Iteration {
  /** From 1 on. */
  readonly iteration: number;
  /** The watched metric on the validation rows; undefined without them. */
  readonly validationMetric?: number;
}

/** What the fit of a booster may be given beside the data. */
export interface BoostingFitOptions extends FitOptions {
  /** Goes on from this model's margins: its trees are the first of the new one. The same features and objective. */
  readonly initModel?: GradientBoostingModel;
  /** Derivatives for `objective: 'custom'`. */
  readonly customObjective?: CustomObjective;
  /** Called after every iteration; answers true to stop. */
  readonly onIteration?: (iteration: Iteration) => boolean | void;
}

/** An unfitted booster. */
export interface GradientBoosting extends Estimator<GradientBoostingModel> {
  readonly params: GradientBoostingParams;
  fit(X: Matrix, y: ArrayLike<number>, options: BoostingFitOptions): Promise<GradientBoostingModel>;
}

/**
 * Histogram gradient boosting (Friedman 2001; Chen & Guestrin 2016; Ke et al. 2017): second-order boosting of binned
 * regression trees, missing values in a learned direction, categories by sets. The same data, parameters and seed give
 * the same bytes on any number of threads: gradients are summed as whole numbers.
 *
 * @throws {ConfigError} naming a parameter that is unknown or out of its range
 * @example
 * const X = Matrix.fromColumns([[0, 1, 2, 3]], ['followers']);
 * const model = await gradientBoosting({ minSamplesLeaf: 1 }).fit(X, [0, 0, 1, 1], { rng: createRng(1) });
 * boostingMargins(model, X)[0][3] > 0 // true
 */
export function gradientBoosting(given: Partial<GradientBoostingParams> = {}): GradientBoosting {
  const params = gradientBoostingParams(given);
  return { kind: 'gradient-boosting', params, fit: (X, y, options) => fit(params, X, y, options) };
}

async function fit(
  params: GradientBoostingParams,
  X: Matrix,
  y: ArrayLike<number>,
  options: BoostingFitOptions,
): Promise<GradientBoostingModel> {
  const { rng, signal, validation, initModel } = options;
  const objective = objectiveOf(params, options.customObjective);
  checkObjectiveTargets(X, y, objective);
  const weights = options.sampleWeight && checkWeights(X.nRows, options.sampleWeight);
  checkNames(params, X);
  if (params.earlyStoppingRounds > 0 && validation === undefined) {
    throw new DataError(`earlyStoppingRounds=${params.earlyStoppingRounds} needs validation rows`);
  }
  const data = trainingRows(X, y, weights, params);
  const { nRows } = data;
  const isRanking = params.objective === 'lambdarank';
  if (isRanking && data.rows !== undefined) {
    throw new DataError('sampleWeight must be above 0 everywhere for objective=lambdarank');
  }
  const queries = isRanking ? queryStarts(options.group, nRows) : undefined;
  if (initModel !== undefined) checkInitModel(initModel, X, objective.nMargins, params);
  const baseScore =
    initModel?.baseScore ??
    objective.baseScore(data.y, data.weight ?? new Uint8Array(nRows).fill(1), queries);
  const watched =
    validation &&
    watch(params, objective, Matrix.select(validation.X, X.names), validation, baseScore, initModel);
  throwIfAborted(signal);

  const rules = growthRules(params, X.names, objective.renewal);
  const size = { nRows, nFeatures: X.nFeatures, hasWeights: data.weight !== undefined };
  const { memory, plan } = openMemory(params, objective, size, options.threads ?? 1);
  const training = viewMemory(memory.buffer, plan);
  // What the kernels do not know, the objective's own formulas compute here.
  const isInKernels = objective.kernel !== undefined || objective.nMargins > 1;
  const rows = trainingRowNumbers(training, objective, data, baseScore);
  if (initModel !== undefined) rows.startFrom(boostingMargins(initModel, rowsOf(X, data.rows)));
  rows.write();
  const team = plan.threads === 1 ? openSoloTeam(memory, plan, rules) : openTeam(memory, plan, rules, signal);
  const parts: Trees[] = [];
  const gains = initModel?.gains.slice() ?? new Float64Array(X.nFeatures);
  try {
    const binning = binningRows(nRows, rng.split('bin-sample'));
    await binColumns(training, team, data, rules.isCategory, params.maxBins, binning);
    // Sums do not depend on the order of rows, only their speed does. What the host computes needs the order it knows.
    const isReordered =
      nRows >= rowsWorthReordering &&
      objective.renewal === undefined &&
      !plan.isSampled &&
      objective.kernel !== undefined;
    const nSample = Math.max(1, Math.round(params.subsample * nRows));
    for (let iteration = 0; iteration < params.nEstimators; iteration++) {
      const draw = rng.split(`iteration-${iteration}`);
      if (plan.isWide) {
        if (!isInKernels) rows.deriveHere(queries);
        await team.ask('derive', isInKernels);
      }
      let sample = nSample < nRows ? drawRows(nRows, nSample, draw.split('rows')) : undefined;
      if (params.sampling === 'goss') {
        sample = drawSteepest(
          rows.gradient,
          rows.hessian,
          params.gossTopRate,
          params.gossOtherRate,
          draw.split('rows'),
        );
        await team.ask('derive', false);
      }
      const grown: Trees[] = [];
      for (let k = 0; k < objective.nMargins; k++) {
        if (sample !== undefined) {
          rows.index.set(sample.rows);
          rows.index.set(sample.rest, sample.rows.length);
        }
        const trained = await team.ask('grow', {
          margin: k,
          features: Uint16Array.from(sampleIndices(X.nFeatures, plan.nSlots, draw.split(`features-${k}`))),
          nRows: sample?.rows.length ?? nRows,
          seed: draw.split(`tree-${k}`).integer(2 ** 32),
        });
        grown.push(trained.tree);
        trained.gains.forEach((gain, j) => (gains[j] += gain));
      }
      parts.push(...grown);
      if (isReordered && iteration === 0) await team.ask('reorder');
      const metric = watched?.follow(grown);
      options.onProgress?.(iteration + 1, params.nEstimators);
      const isStopped = options.onIteration?.({
        iteration: iteration + 1,
        ...(metric !== undefined && { validationMetric: metric }),
      });
      if (isStopped === true || watched?.isPatienceOver()) break;
      if (plan.threads === 1) await new Promise((resume) => setImmediate(resume));
      throwIfAborted(signal);
    }
  } finally {
    await team.close();
  }

  const kept = watched === undefined ? parts : parts.slice(0, watched.bestIterations() * objective.nMargins);
  return Object.freeze({
    kind: 'gradient-boosting',
    format: 2,
    objective: params.objective,
    featureNames: X.names,
    nMargins: objective.nMargins,
    baseScore,
    trees: joinTrees(initModel === undefined ? kept : [initModel.trees, ...kept]),
    gains,
  });
}

function rowsOf(X: Matrix, rows: Uint32Array | undefined): Matrix {
  return rows === undefined ? X : Matrix.rows(X, rows);
}

function checkNames(params: GradientBoostingParams, X: Matrix): void {
  const { categoricalFeatures, interactionConstraints } = params;
  for (const [parameter, names] of [
    ['categoricalFeatures', categoricalFeatures],
    ['interactionConstraints', interactionConstraints.flat()],
  ] as const) {
    const unknown = names.find((name) => !X.names.includes(name));
    if (unknown === undefined) continue;
    throw new ConfigError(
      `${parameter} names ${unknown}, which is no feature; known are ${X.names.join(', ')}`,
    );
  }
}

function checkInitModel(
  model: GradientBoostingModel,
  X: Matrix,
  nMargins: number,
  { objective }: GradientBoostingParams,
): void {
  if (model.objective !== objective || model.nMargins !== nMargins) {
    throw new DataError(`initModel was fitted with objective=${model.objective}, not ${objective}`);
  }
  if (model.sums === 'float32') {
    throw new DataError(
      'initModel sums its margins in float32; only models summed in double can be continued',
    );
  }
  if (
    model.featureNames.length !== X.nFeatures ||
    model.featureNames.some((name, j) => name !== X.names[j])
  ) {
    throw new DataError(
      `initModel has features ${model.featureNames.join(', ')}; the columns of X must be the same in the same order`,
    );
  }
}
