import type { Table } from '../core/table.js';
import { calibrate } from '../ensemble/calibration/apply.js';
import type { Scores } from '../ensemble/out-of-fold.js';
import { stackMargins } from '../ensemble/stack.js';
import { computeFeatures } from '../features/columns.js';
import { scoreBase } from './base-model.js';
import { designRows } from './design.js';
import { logMeanLimit, type ChampionModel } from './model.js';

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
      return { values: new Float64Array(), classProbabilities: softmax(margins), bases };
  }
}

function meanOfLog(margin: number): number {
  return Math.exp(Math.min(Math.max(margin, -logMeanLimit), logMeanLimit));
}

function softmax(margins: readonly Float64Array[]): Float64Array[] {
  const nRows = margins[0].length;
  const shares = margins.map(() => new Float64Array(nRows));
  for (let i = 0; i < nRows; i++) {
    let largest = -Infinity;
    for (const margin of margins) largest = Math.max(largest, margin[i]);
    let sum = 0;
    margins.forEach((margin, k) => (sum += shares[k][i] = Math.exp(margin[i] - largest)));
    for (const share of shares) share[i] /= sum;
  }
  return shares;
}
