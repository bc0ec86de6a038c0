import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Matrix } from '../../../src/core/matrix.js';
import { decodeRecord, encodeRecord } from '../../../src/core/record.js';
import { createRng } from '../../../src/core/rng.js';
import { solveCholesky } from '../../../src/learners/linear/cholesky.js';
import { minimize } from '../../../src/learners/linear/lbfgs.js';
import { logisticRegression } from '../../../src/learners/linear/logistic-regression.js';
import { linearMargins } from '../../../src/learners/linear/margins.js';
import type { LinearModel } from '../../../src/learners/linear/model.js';
import { ridgeRegression } from '../../../src/learners/linear/ridge-regression.js';

const rng = createRng(3);

interface Sample {
  readonly X: Matrix;
  readonly y: number[];
}

function sample(seed: number, nRows: number, nFeatures: number, nClasses: number): Sample {
  const draw = createRng(seed);
  const columns = Array.from({ length: nFeatures }, () =>
    Array.from({ length: nRows }, () => (draw.uniform() < 0.1 ? NaN : draw.normal() * 3 + 1)),
  );
  const y = Array.from({ length: nRows }, (_, i) => (i < nClasses ? i : draw.integer(nClasses)));
  return { X: Matrix.fromColumns(columns), y };
}

function expectSame(a: readonly Float64Array[], b: readonly Float64Array[], tolerance = 1e-6): void {
  expect(a.length).toBe(b.length);
  a.forEach((margin, k) =>
    margin.forEach((value, i) => expect(Math.abs(value - b[k][i])).toBeLessThan(tolerance)),
  );
}

const learners = [
  ['binary', 2, () => logisticRegression()],
  ['multinomial', 3, () => logisticRegression({ nClasses: 3 })],
  ['ridge', 4, () => ridgeRegression()],
] as const;

describe.each(learners)('%s', (_name, nClasses, make) => {
  it('does not care for the order of rows or columns', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 8, max: 40 }), async (seed, nRows) => {
        const { X, y } = sample(seed, nRows, 3, nClasses);
        const rows = Array.from(y.keys()).reverse();
        const turned = Matrix.select(Matrix.rows(X, rows), ['x2', 'x0', 'x1']);
        const one = await make().fit(X, y, { rng });
        const other = await make().fit(
          turned,
          rows.map((row) => y[row]),
          { rng },
        );
        expectSame(linearMargins(one, X), linearMargins(other, X));
      }),
      { numRuns: 15 },
    );
  });

  it('takes weight 2 for a duplicated row and weight 0 for an absent one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const { X, y } = sample(seed, 24, 2, nClasses);
        const weight = y.map((_, i) => (i < nClasses ? 1 : i % 3));
        const rows = weight.flatMap((w, i) => new Array<number>(w).fill(i));
        const weighted = await make().fit(X, y, { rng, sampleWeight: weight });
        const repeated = await make().fit(
          Matrix.rows(X, rows),
          rows.map((row) => y[row]),
          { rng },
        );
        expectSame(linearMargins(weighted, X), linearMargins(repeated, X));
      }),
      { numRuns: 15 },
    );
  });

  it('has margins that are linear in every feature', async () => {
    const { X, y } = sample(11, 30, 3, nClasses);
    const model = await make().fit(X, y, { rng });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 }), fc.integer({ min: -50, max: 50 }), (j, at) => {
        const columns = [0, 1, 2].map((c) => [0, 1, 2].map((step) => (c === j ? at + step : 4)));
        for (const [a, b, c] of linearMargins(model, Matrix.fromColumns(columns)))
          expect(Math.abs(a - 2 * b + c)).toBeLessThan(1e-9);
      }),
    );
  });

  it('gives a missing value the margin of the mean', async () => {
    const { X, y } = sample(12, 30, 2, nClasses);
    const model = await make().fit(X, y, { rng });
    const zeroAt = (values: number[]): LinearModel => ({ ...model, mean: Float64Array.from(values) });
    const missing = linearMargins(model, Matrix.fromColumns([[NaN], [NaN]]));
    expectSame(missing, linearMargins(zeroAt([7, 5]), Matrix.fromColumns([[7], [5]])), 1e-12);
    expect(missing.map(([value]) => value)).toEqual(Array.from(model.intercept));
  });

  it('is repeatable to the byte, leaves its input alone and survives storage', async () => {
    const { X, y } = sample(13, 30, 3, nClasses);
    const before = X.columns.map((column) => column.slice());
    const one = encodeRecord(await make().fit(X, y, { rng: createRng(1) }));
    const two = encodeRecord(await make().fit(X, y, { rng: createRng(2) }));
    expect(one).toEqual(two);
    expect(X.columns).toEqual(before);
    const stored = decodeRecord(one) as LinearModel;
    expectSame(linearMargins(stored, X), linearMargins(await make().fit(X, y, { rng }), X), 1e-15);
  });

  it('stays finite on constant, empty, repeated and infinite columns, and without penalty', async () => {
    const y = [0, 1, 2, 3, 0, 1].map((k) => k % nClasses);
    const column = [1, 2, 2, 3, 4, 0];
    const X = Matrix.fromColumns([
      column,
      column,
      y.map(() => 0.1),
      y.map(() => NaN),
      [Infinity, -Infinity, 1, 2, NaN, 0],
    ]);
    const estimator = make();
    const free = { ...estimator.params, l2Regularization: 0 };
    const loose = estimator.kind === 'ridge-regression' ? ridgeRegression(free) : logisticRegression(free);
    for (const each of [estimator, loose]) {
      const model = await each.fit(X, y, { rng });
      for (const margin of linearMargins(model, X)) expect(margin.every(Number.isFinite)).toBe(true);
      expect(model.scale[2]).toBe(1);
    }
  });

  it('stops when it is told to', async () => {
    const { X, y } = sample(14, 30, 3, nClasses);
    await expect(make().fit(X, y, { rng, signal: AbortSignal.abort() })).rejects.toThrow('interrupted');
  });

  it('names what it cannot learn from', async () => {
    const X = Matrix.fromColumns([[1, 2]]);
    await expect(make().fit(X, [0], { rng })).rejects.toThrow('y has 1 values, expected one for each of 2');
    await expect(make().fit(X, [0, NaN], { rng })).rejects.toThrow('y[1]=NaN');
    await expect(make().fit(X, [0, 1], { rng, sampleWeight: [1, -1] })).rejects.toThrow('sampleWeight[1]=-1');
    const model = await make().fit(X, [0, 1], { rng });
    expect(() => linearMargins(model, Matrix.fromColumns([[1]], ['other']))).toThrow('no column x0');
  });
});

describe('classes without weight', () => {
  const X = Matrix.fromColumns([[1, 2, 3, 4]]);

  it('answers with the only class there is', async () => {
    const model = await logisticRegression().fit(X, [1, 1, 1, 1], { rng });
    expect(Array.from(linearMargins(model, X)[0])).toEqual(new Array(4).fill(Math.log(999_999)));
  });

  it('leaves an absent class of many a share of one in a million', async () => {
    const model = await logisticRegression({ nClasses: 3 }).fit(X, [0, 0, 2, 2], { rng });
    const exps = Array.from(model.intercept, Math.exp);
    expect(exps[1] / (exps[0] + exps[2])).toBeCloseTo(1e-6, 9);
    const two = await logisticRegression().fit(X, [0, 0, 1, 1], { rng });
    // Two softmax vectors of opposite sign share the work and half the penalty.
    const half = await logisticRegression({ l2Regularization: 0.5 }).fit(X, [0, 0, 1, 1], { rng });
    const [zero, , last] = linearMargins(model, X);
    expectSame([last.map((m, i) => m - zero[i])], linearMargins(half, X));
    expect(linearMargins(two, X)[0][3]).toBeLessThan(linearMargins(half, X)[0][3]);
  });
});

describe('parameters', () => {
  it('are refused by name', () => {
    expect(() => logisticRegression({ l2Regularization: -1 })).toThrow('l2Regularization=-1');
    expect(() => logisticRegression({ nClasses: 1 })).toThrow('nClasses=1');
    expect(() => logisticRegression({ tolerance: 0 })).toThrow('tolerance=0');
    expect(() => logisticRegression({ maxIterations: 0.5 })).toThrow('maxIterations=0.5');
    expect(() => ridgeRegression({ alpha: 1 } as object)).toThrow('alpha is not a parameter of ridge');
  });
});

describe('minimize', () => {
  it('finds the bottom of Rosenbrock’s valley', async () => {
    const found = await minimize(
      ([a, b], gradient) => {
        gradient[0] = -400 * a * (b - a * a) - 2 * (1 - a);
        gradient[1] = 200 * (b - a * a);
        return 100 * (b - a * a) ** 2 + (1 - a) ** 2;
      },
      Float64Array.of(-1.2, 1),
      { maxIterations: 200, tolerance: 1e-10 },
    );
    expect(found.converged).toBe(true);
    expect(found.x[0]).toBeCloseTo(1, 9);
    expect(found.x[1]).toBeCloseTo(1, 9);
  });
});

describe('solveCholesky', () => {
  it('solves what was multiplied', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 8 }), (seed, size) => {
        const draw = createRng(seed);
        const root = Array.from({ length: size }, () => Array.from({ length: size }, () => draw.normal()));
        const a = Float64Array.from({ length: size * size }, (_, at) => {
          const [i, j] = [Math.floor(at / size), at % size];
          return root.reduce((sum, row) => sum + row[i] * row[j], i === j ? 1 : 0);
        });
        const x = Float64Array.from({ length: size }, () => draw.normal());
        const b = x.map((_, i) => x.reduce((sum, xj, j) => sum + a[i * size + j] * xj, 0));
        solveCholesky(a, b).forEach((value, i) => expect(value).toBeCloseTo(x[i], 8));
      }),
    );
  });
});
