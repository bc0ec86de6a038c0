import { take } from '../core/matrix.js';
import type { Pool } from '../core/pool.js';
import type { Progress } from '../core/progress.js';
import type { Rng } from '../core/rng.js';
import { calibrate } from '../ensemble/calibration/apply.js';
import type { ClassCalibratorModel } from '../ensemble/calibration/class-model.js';
import { chooseClassCalibrator } from '../ensemble/calibration/classes.js';
import { chooseCalibrator } from '../ensemble/calibration/choose.js';
import type { CalibratorModel } from '../ensemble/calibration/model.js';
import {
  collectOutOfFold,
  outOfFoldMargin,
  outOfFoldMargins,
  type OutOfFold,
  type Scores,
} from '../ensemble/out-of-fold.js';
import type { Split } from '../ensemble/folds.js';
import type { Choice } from '../ensemble/pick-simplest.js';
import { fitStack, stackMargins, type StackModel } from '../ensemble/stack.js';
import { f1Threshold } from '../evaluation/threshold-metrics.js';
import type { Feature } from '../features/expression.js';
import type { CategoryEncoderModel } from '../learners/encoding/model.js';
import { scoreBase, type BaseSpec, type FitResult, type FitTask } from './base-model.js';
import type { BoosterEngine, PlannedFit } from './booster-engine.js';
import { foldSplits } from './row-splits.js';
import { fitDesign, type DesignSpec, type TrainingData } from './design.js';
import type { BaseModel, ChampionModel, InputColumn, Task } from './model.js';

/** All that decides what is fitted, as plain data. */
export interface ChampionSpec extends DesignSpec {
  /** Binary, multiclass or regression. */
  readonly task: Task;
  /** Labels in the order of the class indices; none for a regression. */
  readonly classes: readonly string[];
  /** Raw columns that the graph takes. */
  readonly inputs: readonly InputColumn[];
  /** What is computed from them, row by row. */
  readonly features: readonly Feature[];
  /** Models of the first level. */
  readonly bases: readonly BaseSpec[];
  /** Bases whose mean speaks for them in the stack. */
  readonly consensus: readonly string[];
  /** Bases whose own score is an output even where the stack gives them no weight. */
  readonly keep: readonly string[];
  /** Folds of the scores that stack and calibrator learn from. */
  readonly nFolds: number;
  /**
   * Regression of amounts of at least 0 whose variance grows with this power of the mean (1 Poisson, below 2 Tweedie):
   * margins are logarithms of means, and the stack is judged by that deviance. Left out: squared errors.
   */
  readonly tweediePower?: number;
}

/** What fitting is given beside data and spec. */
export interface FitContext {
  readonly pool: Pool;
  /** Fits the boosters; left out, the pool does, as it fits all other bases. */
  readonly boosters?: BoosterEngine;
  readonly rng: Rng;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/** A fitted champion and how its second level was chosen. */
export interface FittedChampion {
  readonly model: ChampionModel;
  readonly oof: OutOfFold;
  readonly stackChoice: Choice<StackModel>;
  readonly calibratorChoice: Choice<CalibratorModel> | Choice<ClassCalibratorModel>;
  /** Binary: the probability threshold of best F1 on out-of-fold rows; 0.5 otherwise. */
  readonly threshold: number;
}

const identity: CalibratorModel = { kind: 'identity', format: 1 };

/**
 * Base models out of fold → stack → calibrator, then every base model once more on all of `rows`.
 * @param rows training rows of `data`; no other row is looked at
 * @param label names this fit in progress and in the random streams
 */
export async function fitChampion(
  data: TrainingData,
  spec: ChampionSpec,
  rows: Uint32Array,
  context: FitContext,
  label: string,
): Promise<FittedChampion> {
  const splits = foldSplits(data, spec, rows, context.rng.split('folds').integer(2 ** 32));
  const fits = [
    ...splits.map((split, k) => planFit(data, spec, split, context, `${label}/fold-${k}`)),
    planFit(data, spec, { train: rows, test: new Uint32Array() }, context, `${label}/all`),
  ];
  const fittedBases = await fitBases(data, spec, fits, context, label);
  const oof = await collectOutOfFold(splits, data.y.length, (_, k) => Promise.resolve(fittedBases[k]));
  const full = { encoders: fits[splits.length].design.encoders, bases: fittedBases[splits.length] };

  const y = take(data.y, oof.rows);
  const judgedBy = new Map(splits.flatMap(({ test }, s) => Array.from(test, (row) => [row, s])));
  const folds = Uint8Array.from(oof.rows, (row) => judgedBy.get(row)!);
  const plan = {
    task: spec.task,
    nMargins: nMarginsOf(spec),
    consensus: spec.consensus,
    ...(spec.tweediePower !== undefined && { tweediePower: spec.tweediePower }),
    forward: data.time !== undefined,
  };
  const stackChoice = fitStack(plan, oof, y, folds);
  const margins = stackMargins(
    stackChoice.model,
    oof.bases.map(({ scores }) => scores),
  );
  const fitted = { spec, full, stack: stackChoice.model };
  switch (spec.task) {
    case 'binary': {
      const calibratorChoice = chooseCalibrator(outOfFoldMargin(oof, margins[0]), y, folds);
      const calibrator = calibratorChoice.model;
      const threshold = f1Threshold(y, calibrate(calibrator, margins[0]));
      return { model: assemble(fitted, { calibrator }), oof, stackChoice, calibratorChoice, threshold };
    }
    case 'multiclass': {
      const calibratorChoice = chooseClassCalibrator(outOfFoldMargins(oof, margins), y, folds);
      const model = assemble(fitted, { calibrator: identity, classCalibrator: calibratorChoice.model });
      return { model, oof, stackChoice, calibratorChoice, threshold: 0.5 };
    }
    case 'regression': {
      const calibratorChoice = { name: 'identity', model: identity, losses: [] };
      const model = assemble(fitted, { calibrator: identity });
      return { model, oof, stackChoice, calibratorChoice, threshold: 0.5 };
    }
  }
}

/**
 * The same champion with its base models fitted on other rows; stack and calibrator stay as they were learned.
 */
export async function refitChampion(
  data: TrainingData,
  spec: ChampionSpec,
  rows: Uint32Array,
  fitted: ChampionModel,
  context: FitContext,
  label: string,
): Promise<ChampionModel> {
  const kept = fitted.bases.map(({ name }) => name);
  const bases = spec.bases.filter(({ name }) => kept.includes(name));
  const fit = planFit(data, { ...spec, bases }, { train: rows, test: new Uint32Array() }, context, label);
  const [refitted] = await fitBases(data, { ...spec, bases }, [fit], context, label);
  const models = refitted.map(({ name, model }) => ({ name, model }));
  return Object.freeze({ ...fitted, encoders: readEncoders(fit.design.encoders, models), bases: models });
}

/** Fits every base model on one side of a split, and scores the other one with them. */
export async function fitOnSplit(
  data: TrainingData,
  spec: ChampionSpec,
  split: Split,
  context: FitContext,
  label: string,
): Promise<{ readonly encoders: readonly CategoryEncoderModel[]; readonly bases: readonly FittedBase[] }> {
  const fit = planFit(data, spec, split, context, label);
  const [bases] = await fitBases(data, spec, [fit], context, label);
  return { encoders: readEncoders(fit.design.encoders, bases), bases };
}

interface FittedBase {
  readonly name: string;
  readonly model: BaseModel;
  /** Of the judged rows. */
  readonly scores: Scores;
}

function planFit(
  data: TrainingData,
  spec: ChampionSpec,
  split: Split,
  context: FitContext,
  label: string,
): PlannedFit {
  const rng = context.rng.split(label);
  const design = fitDesign(data, spec, split.train, split.test, rng.split('encoders').integer(2 ** 32));
  const seeds = spec.bases.map(({ name }) => [name, rng.split(name).integer(2 ** 32)] as const);
  return { label, split, design, seeds: Object.fromEntries(seeds) };
}

/** Every base model of every fit: boosters by the engine where there is one, all else by the pool. `[fits][bases]` */
async function fitBases(
  data: TrainingData,
  spec: ChampionSpec,
  fits: readonly PlannedFit[],
  { pool, boosters: engine, progress, signal }: FitContext,
  label: string,
): Promise<FittedBase[][]> {
  const boosters = spec.bases.filter((base) => base.kind === 'gradient-boosting');
  const given =
    engine && boosters.length > 0
      ? await engine.fit({ label, data, features: spec.features, boosters, fits }, signal)
      : undefined;
  const stage = progress.stage(label, fits.length * spec.bases.length);
  const fitted = await Promise.all(
    fits.map(({ split, design, seeds }, k) => {
      const y = take(data.y, split.train);
      const weight = take(data.weight, split.train);
      return Promise.all(
        spec.bases.map(async (base): Promise<FittedBase> => {
          const { name } = base;
          const model = given?.[k].get(name);
          const task: FitTask = {
            spec: base,
            train: design.train,
            y,
            weight,
            score: design.score,
            seed: seeds[name],
          };
          const result: FitResult = model
            ? { model, scores: scoreBase(model, design.score) }
            : await pool.run<FitResult>('fit-base', task, { ...(signal && { signal }) });
          stage.advance();
          return { name, ...result };
        }),
      );
    }),
  );
  stage.done();
  return fitted;
}

/** Encoders that a base model reads. */
function readEncoders(
  encoders: readonly CategoryEncoderModel[],
  bases: readonly { readonly model: BaseModel }[],
): CategoryEncoderModel[] {
  const read = new Set(bases.flatMap(({ model }) => ('featureNames' in model ? model.featureNames : [])));
  return encoders.filter(({ outputs }) => outputs.some((name) => read.has(name)));
}

/** Leaves out base models that neither weigh in the stack nor are asked for. */
function assemble(
  {
    spec,
    full,
    stack,
  }: {
    spec: ChampionSpec;
    full: { encoders: readonly CategoryEncoderModel[]; bases: readonly { name: string; model: BaseModel }[] };
    stack: StackModel;
  },
  calibrators: Pick<ChampionModel, 'calibrator' | 'classCalibrator'>,
): ChampionModel {
  const kept = full.bases.flatMap(({ name }, b) =>
    stack.weights[b] !== 0 || spec.keep.includes(name) ? [b] : [],
  );
  const bases = kept.map((b) => ({ name: full.bases[b].name, model: full.bases[b].model }));
  return Object.freeze({
    kind: 'champion',
    format: 1,
    task: spec.task,
    classes: spec.classes,
    inputs: spec.inputs,
    features: spec.features,
    encoders: readEncoders(full.encoders, bases),
    bases,
    stack: { ...stack, weights: Float64Array.from(kept, (b) => stack.weights[b]) },
    ...(spec.tweediePower !== undefined && { link: 'log' as const }),
    ...calibrators,
  });
}

function nMarginsOf(spec: ChampionSpec): number {
  return spec.task === 'multiclass' ? spec.classes.length : 1;
}
