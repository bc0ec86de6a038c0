import { describe, expect, it } from 'vitest';
import { Matrix } from '../../src/core/matrix.js';
import { createRng } from '../../src/core/rng.js';
import { binaryMetrics, regressionMetrics } from '../../src/evaluation/metrics.js';
import { permutationImportance } from '../../src/evaluation/permutation-importance.js';

const nRows = 3000;
const rng = createRng(1);
const X = Matrix.fromColumns(
  Array.from({ length: 3 }, () => Float32Array.from({ length: nRows }, () => rng.normal())),
  ['strong', 'weak', 'unused'],
);
const [strong, weak] = X.columns;
const y = Float64Array.from(strong, (x, i) => 3 * x + weak[i] + 0.5 * rng.normal());
const predict = ({ columns }: Matrix): Float64Array =>
  columns[0].map((x, i) => 3 * x + columns[1][i]) as never;

/** Mean squared error, whose importance for a linear model is known: twice the variance of the feature's part. */
const { rmse, mae } = regressionMetrics;
const mse = {
  ...rmse,
  compute: (targets: ArrayLike<number>, p: ArrayLike<number>) => rmse.compute(targets, p) ** 2,
  prepare: (targets: ArrayLike<number>, p: ArrayLike<number>) => {
    const kernel = rmse.prepare(targets, p);
    return (weight: Float64Array) => kernel(weight) ** 2;
  },
};

describe('permutationImportance', () => {
  it('is twice the variance of a linear part under squared error, and 0 for an unused feature', () => {
    const found = permutationImportance(predict, X, y, mse, { rng: createRng(2) });
    expect(found.map(({ name }) => name)).toEqual(['strong', 'weak', 'unused']);
    const truth = [2 * 9, 2 * 1, 0];
    found.forEach(({ value, lower, upper }, j) => {
      expect(Math.abs(value - truth[j])).toBeLessThanOrEqual(0.08 * truth[j]);
      expect(lower).toBeLessThanOrEqual(value);
      expect(upper).toBeGreaterThanOrEqual(value);
    });
    expect(found[0].lower).toBeGreaterThan(found[1].upper);
    expect(found[2]).toEqual({ name: 'unused', value: 0, lower: 0, upper: 0 });
  });

  it('is positive where a feature helps, whichever way the metric is better', () => {
    const labels = y.map((target) => Number(target > 0));
    const options = { rng: createRng(3), repeats: 2, replicates: 20 };
    for (const [metric, targets] of [
      [binaryMetrics.roc_auc, labels],
      [mae, y],
    ] as const) {
      const [first, second] = permutationImportance(predict, X, targets, metric, options);
      expect(first.value).toBeGreaterThan(second.value);
      expect(second.lower).toBeGreaterThan(0);
    }
  });

  it('draws by the name of the feature: the order of columns does not matter, nor what else there is', () => {
    const options = { repeats: 2, replicates: 10 };
    const turned = Matrix.select(X, ['unused', 'weak', 'strong']);
    const predictTurned = (Z: Matrix) => predict(Matrix.select(Z, X.names));
    const there = permutationImportance(predict, X, y, mae, { ...options, rng: createRng(4) });
    const back = permutationImportance(predictTurned, turned, y, mae, { ...options, rng: createRng(4) });
    expect(back.toReversed()).toEqual(there);
  });

  it('refuses what it cannot read', () => {
    const run = (repeats: number, targets: ArrayLike<number>) => () =>
      permutationImportance(predict, X, targets, mae, { repeats, rng: createRng(1) });
    expect(run(0, y)).toThrow('repeats=0 must be a whole number from 1');
    expect(run(1, [1, 2])).toThrow('permutation importance: y has 2 rows, expected 3000');
  });
});
