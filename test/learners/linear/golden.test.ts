import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Matrix } from '../../../src/core/matrix.js';
import { createRng } from '../../../src/core/rng.js';
import { logisticRegression } from '../../../src/learners/linear/logistic-regression.js';
import { linearMargins } from '../../../src/learners/linear/margins.js';
import { ridgeRegression } from '../../../src/learners/linear/ridge-regression.js';

interface Fitted {
  readonly l2: number;
  readonly coefficients: number[];
  readonly intercept: number[];
  readonly proba: number[][];
}
interface Golden {
  readonly columns: (number | null)[][];
  readonly binary: number[];
  readonly classes: number[];
  readonly target: number[];
  readonly weight: number[];
  readonly logistic: Readonly<
    Record<'binary' | 'binaryWeighted' | 'multinomial' | 'multinomialWeighted', Fitted>
  >;
  readonly ridge: Readonly<
    Record<'plain' | 'weighted', { l2: number; coefficients: number[]; intercept: number }>
  >;
}

const golden = JSON.parse(
  readFileSync(new URL('../../golden/linear-text.json', import.meta.url), 'utf8'),
) as Golden;
const X = Matrix.fromColumns(golden.columns.map((column) => column.map((value) => value ?? NaN)));
const rng = createRng(1);

function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => expect(Math.abs(actual[i] - value)).toBeLessThan(tolerance));
}

describe('against scikit-learn', () => {
  it.each([
    ['binary', 2, false],
    ['binaryWeighted', 2, true],
    ['multinomial', 3, false],
    ['multinomialWeighted', 3, true],
  ] as const)('logistic regression, %s', async (name, nClasses, isWeighted) => {
    const expected = golden.logistic[name];
    const model = await logisticRegression({ l2Regularization: expected.l2, nClasses }).fit(
      X,
      nClasses === 2 ? golden.binary : golden.classes,
      { rng, ...(isWeighted && { sampleWeight: golden.weight }) },
    );
    expectClose(model.coefficients, expected.coefficients, 1e-6);
    expectClose(model.intercept, expected.intercept, 1e-6);
    const margins = linearMargins(model, X);
    expected.proba.forEach((proba, i) => {
      const exps = nClasses === 2 ? [1, Math.exp(margins[0][i])] : margins.map((m) => Math.exp(m[i]));
      const sum = exps.reduce((a, b) => a + b);
      expectClose(
        exps.map((e) => e / sum),
        proba,
        1e-6,
      );
    });
  });

  it.each(['plain', 'weighted'] as const)('ridge regression, %s', async (name) => {
    const expected = golden.ridge[name];
    const model = await ridgeRegression({ l2Regularization: expected.l2 }).fit(X, golden.target, {
      rng,
      ...(name === 'weighted' && { sampleWeight: golden.weight }),
    });
    expectClose(model.coefficients, expected.coefficients, 1e-6);
    expectClose(model.intercept, [expected.intercept], 1e-6);
  });
});
