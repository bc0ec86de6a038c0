import type { Table } from '../core/table.js';
import { calibrate } from '../ensemble/calibration/apply.js';
import type { ClassCalibratorModel } from '../ensemble/calibration/class-model.js';
import { calibrateClasses } from '../ensemble/calibration/classes.js';
import type { Scores } from '../ensemble/out-of-fold.js';
import { stackMargins } from '../ensemble/stack.js';
import { computeFeatures } from '../features/columns.js';
import { scoreBase } from './base-model.js';
import { designRows } from './design.js';
import { logMeanLimit, type ChampionModel } from './model.js';

const identity: ClassCalibratorModel = { kind: 'identity', format: 1 };

/** What a champion says of some rows. */
export interface ChampionScores {
  /** Binary: probability of the positive class; regression: the prediction. `[nRows]`. Empty for multiclass. */
  readonly values: Float64Array;
  /** Multiclass: one array of `[nRows]` per class. Empty otherwise. */
  readonly classProbabilities: readonly Float64Array[];
  /** Scores of every base model, in the order of `model.bases`. */
  readonly bases: readonly Scores[];
}

/**
 * The TypeScript reading of a champion, the twin of its ONNX graph.
 * @param table raw columns, at least those that the champion's features, encoders and texts read
 * @throws {DataError} naming a column that is missing
 */
export function scoreChampion(model: ChampionModel, table: Table): ChampionScores {
  const texts = model.bases.flatMap(({ model: base }) =>
    base.kind === 'text-classifier' ? [base.column] : [],
  );
  const rows = designRows(computeFeatures(model.features, table), table, model.encoders, texts);
  const bases = model.bases.map(({ model: base }) => scoreBase(base, rows));
  const margins = stackMargins(model.stack, bases);
  switch (model.task) {
    case 'binary':
      return { values: calibrate(model.calibrator, margins[0]), classProbabilities: [], bases };
    case 'regression':
      return {
        values: model.link === 'log' ? margins[0].map(meanOfLog) : margins[0],
        classProbabilities: [],
        bases,
      };
    case 'multiclass':
      return {
        values: new Float64Array(),
        classProbabilities: calibrateClasses(model.classCalibrator ?? identity, margins),
        bases,
      };
  }
}

function meanOfLog(margin: number): number {
  return Math.exp(Math.min(Math.max(margin, -logMeanLimit), logMeanLimit));
}
