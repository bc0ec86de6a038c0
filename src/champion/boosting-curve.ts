import { Table } from '../core/table.js';
import type { BoostingCurve } from '../evaluation/report.js';
import { computeFeatures } from '../features/columns.js';
import { Matrix, take } from '../core/matrix.js';
import type { GradientBoostingModel } from '../learners/gbm/model.js';
import { sumMargins } from '../learners/tree/sum-leaves.js';
import { designRows } from './design.js';
import { logMeanLimit, type ChampionModel } from './model.js';

/** Points of the curve, and training rows that its upper line is measured on. */
const mostPoints = 24;
const mostTrainRows = 5_000;

/**
 * The loss of the weightiest booster of a champion after more and more of its rounds, on rows that it was fitted on
 * and on rows that it never saw: one walk through its trees, no fit. Undefined where no booster weighs in the stack.
 *
 * @param rows of `table`, ascending; `train` may be empty
 */
export function boostingCurve(
  model: ChampionModel,
  table: Table,
  y: Float64Array,
  rows: { readonly train: Uint32Array; readonly heldOut: Uint32Array },
): BoostingCurve | undefined {
  const weights = model.bases.map(({ model: base }, b) =>
    base.kind === 'gradient-boosting' ? Math.abs(model.stack.weights[b]) : 0,
  );
  const at = weights.indexOf(Math.max(...weights));
  const base = model.bases[at]?.model;
  if (base?.kind !== 'gradient-boosting' || weights[at] === 0) return undefined;
  const nRounds = base.trees.roots.length / base.nMargins;
  const nPoints = Math.min(mostPoints, nRounds);
  const rounds = [
    ...new Set(
      Array.from({ length: nPoints }, (_, i) => Math.max(1, Math.round(((i + 1) * nRounds) / nPoints))),
    ),
  ];
  const step = Math.max(1, Math.ceil(rows.train.length / mostTrainRows));
  const sides = [rows.train.filter((_, i) => i % step === 0), rows.heldOut].map((side) =>
    side.length === 0 ? rounds.map(() => null) : losses(model, base, table, y, side, rounds),
  );
  return {
    base: model.bases[at].name,
    loss: model.task === 'regression' ? 'Root mean squared error' : 'Log loss',
    nTrain: rows.train.length,
    nHeldOut: rows.heldOut.length,
    points: rounds.map((round, i) => ({ rounds: round, train: sides[0][i], heldOut: sides[1][i]! })),
  };
}

function losses(
  model: ChampionModel,
  base: GradientBoostingModel,
  table: Table,
  y: Float64Array,
  rows: Uint32Array,
  rounds: readonly number[],
): number[] {
  const some = Table.rows(table, rows);
  const { X } = designRows(computeFeatures(model.features, some), some, model.encoders, []);
  const { columns } = Matrix.select(X, base.featureNames);
  const margins = Array.from(base.baseScore, (start) => new Float64Array(rows.length).fill(start));
  const truth = take(y, rows);
  let done = 0;
  return rounds.map((round) => {
    const roots = base.trees.roots.subarray(done * base.nMargins, round * base.nMargins);
    sumMargins({ ...base.trees, roots }, columns, margins, base.sums === 'float32');
    done = round;
    return meanLoss(model, margins, truth);
  });
}

function meanLoss({ task, link }: ChampionModel, margins: readonly Float64Array[], y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < y.length; i++) {
    if (task === 'binary') sum += softplus(y[i] === 1 ? -margins[0][i] : margins[0][i]);
    else if (task === 'multiclass') sum += logSum(margins, i) - margins[y[i]][i];
    else {
      const margin = margins[0][i];
      const said =
        link === 'log' ? Math.exp(Math.min(Math.max(margin, -logMeanLimit), logMeanLimit)) : margin;
      sum += (said - y[i]) ** 2;
    }
  }
  return task === 'regression' ? Math.sqrt(sum / y.length) : sum / y.length;
}

function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

function logSum(margins: readonly Float64Array[], i: number): number {
  let most = -Infinity;
  for (const margin of margins) most = Math.max(most, margin[i]);
  let sum = 0;
  for (const margin of margins) sum += Math.exp(margin[i] - most);
  return most + Math.log(sum);
}
