import { take } from '../core/matrix.js';

/** A way to learn a map of low dimension from score columns. */
export interface Candidate<Model> {
  readonly name: string;
  fit(columns: readonly Float64Array[], y: Float64Array): Model;
}

/** What was chosen and how the candidates did. */
export interface Choice<Model> {
  readonly name: string;
  readonly model: Model;
  /** Cross-validated mean loss per candidate, and the standard error of its distance to the best one. */
  readonly losses: readonly {
    readonly name: string;
    readonly loss: number;
    readonly standardError: number;
  }[];
}

/**
 * Cross-validates `candidates` (ordered from simple to flexible) and refits on all rows the simplest one whose
 * loss is within one standard error of the best: the standard error of the paired difference between the two.
 *
 * @param columns score columns of `[nRows]`
 * @param folds `[nRows]` fold numbers
 * @param lossOf the loss of each row under a fitted model, given the score columns of those rows
 */
export function pickSimplest<Model>(
  candidates: readonly Candidate<Model>[],
  columns: readonly Float64Array[],
  y: Float64Array,
  folds: Uint8Array,
  lossOf: (model: Model, columns: readonly Float64Array[]) => (label: number, row: number) => number,
): Choice<Model> {
  const nFolds = folds.reduce((most, fold) => Math.max(most, fold + 1), 0);
  const losses = candidates.map(() => new Float64Array(y.length));
  for (let fold = 0; fold < nFolds; fold++) {
    const train = rowsWhere(folds, (f) => f !== fold);
    const test = rowsWhere(folds, (f) => f === fold);
    const trainColumns = columns.map((column) => take(column, train));
    const testColumns = columns.map((column) => take(column, test));
    const trainY = take(y, train);
    candidates.forEach((candidate, c) => {
      const loss = lossOf(candidate.fit(trainColumns, trainY), testColumns);
      test.forEach((row, i) => (losses[c][row] = loss(y[row], i)));
    });
  }
  const means = losses.map((values) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / y.length;
    return Number.isNaN(mean) ? Infinity : mean;
  });
  const best = means.indexOf(Math.min(...means));
  const errors = losses.map((values) => standardErrorOfDifference(values, losses[best]));
  const chosen = means.findIndex((mean, c) => mean - means[best] <= errors[c]);
  return {
    name: candidates[chosen].name,
    model: candidates[chosen].fit(columns, y),
    losses: candidates.map(({ name }, c) => ({ name, loss: means[c], standardError: errors[c] })),
  };
}

function standardErrorOfDifference(a: Float64Array, b: Float64Array): number {
  const n = a.length;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const difference = a[i] - b[i];
    sum += difference;
    squares += difference * difference;
  }
  const mean = sum / n;
  return Math.sqrt(Math.max(squares / n - mean * mean, 0) / Math.max(n - 1, 1));
}

function rowsWhere(folds: Uint8Array, keep: (fold: number) => boolean): Uint32Array {
  const rows: number[] = [];
  folds.forEach((fold, row) => {
    if (keep(fold)) rows.push(row);
  });
  return Uint32Array.from(rows);
}
