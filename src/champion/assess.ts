import { Table } from '../core/table.js';
import { take } from '../core/matrix.js';
import type { Split } from '../ensemble/folds.js';
import {
  evaluateBinary,
  evaluateMulticlass,
  evaluateRegression,
  type Evaluation,
} from '../evaluation/evaluate.js';
import type { TrainingData } from './design.js';
import { fitChampion, type ChampionSpec, type FitContext, type FittedChampion } from './fit.js';
import { scoreChampion, type ChampionScores } from './predict.js';

/** How a champion fitted on the training side of a split does on rows it never saw. */
export interface Assessment {
  readonly title: string;
  /** What the split stands for, in words. */
  readonly note: string;
  readonly nTrain: number;
  readonly evaluation: Evaluation;
  /** Judged rows of the data, ascending. */
  readonly rows: Uint32Array;
  readonly scores: ChampionScores;
  readonly fitted: FittedChampion;
}

/** Fits everything (base models, stack, calibrator, threshold) on `split.train` and judges it on `split.test`. */
export async function assess(
  data: TrainingData,
  spec: ChampionSpec,
  split: Split,
  words: { readonly title: string; readonly note: string },
  context: FitContext,
): Promise<Assessment> {
  const fitted = await fitChampion(data, spec, split.train, context, words.title);
  const scores = scoreChampion(fitted.model, Table.rows(data.table, split.test));
  const y = take(data.y, split.test);
  const rng = context.rng.split(`${words.title}/intervals`);
  return {
    ...words,
    nTrain: split.train.length,
    evaluation: evaluate(spec, y, scores, fitted.threshold, rng),
    rows: split.test,
    scores,
    fitted,
  };
}

function evaluate(
  spec: ChampionSpec,
  y: Float64Array,
  scores: ChampionScores,
  threshold: number,
  rng: FitContext['rng'],
): Evaluation {
  switch (spec.task) {
    case 'binary':
      return evaluateBinary({ y, p: scores.values, threshold, rng });
    case 'regression':
      return evaluateRegression({
        y,
        prediction: scores.values,
        rng,
        ...(spec.tweediePower !== undefined && { tweediePower: spec.tweediePower }),
      });
    case 'multiclass':
      return evaluateMulticlass({ y, P: scores.classProbabilities, classes: spec.classes, rng });
  }
}
