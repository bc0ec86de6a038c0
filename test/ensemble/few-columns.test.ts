import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import { fitLeastSquares, fitLogistic, fitSoftmaxWeights } from '../../src/ensemble/few-columns.js';

interface Golden {
  readonly columns: readonly (readonly number[])[];
  readonly binary: readonly number[];
  readonly target: readonly number[];
  readonly logistic: readonly number[];
  readonly linear: readonly number[];
}
const golden = JSON.parse(
  readFileSync(new URL('../golden/ensemble.json', import.meta.url), 'utf8'),
) as Golden;
const columns = golden.columns.map((column) => Float64Array.from(column));

function expectClose(found: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(found).toHaveLength(expected.length);
  found.forEach((value, i) => {
    expect(Math.abs(value / expected[i] - 1), `coefficient ${i}`).toBeLessThan(tolerance);
  });
}

const allFinite = (values: readonly number[]): boolean => values.every(Number.isFinite);

describe('fitLogistic', () => {
  it('agrees with LogisticRegression(C=inf) of scikit-learn', () => {
    // Both iterate until the loss no longer falls, which leaves the coefficients about half its digits.
    expectClose(fitLogistic(columns, Float64Array.from(golden.binary)), golden.logistic, 1e-6);
  });

  it('has no slope left at its answer, whatever the targets between 0 and 1', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const rng = createRng(seed);
        const x = Float64Array.from({ length: 80 }, () => 3 * rng.normal());
        const targets = Float64Array.from({ length: 80 }, () => rng.uniform());
        const [intercept, slope] = fitLogistic([x], targets);
        let [d0, d1] = [0, 0];
        x.forEach((value, i) => {
          const residual = 1 / (1 + Math.exp(-intercept - slope * value)) - targets[i];
          d0 += residual;
          d1 += residual * value;
        });
        expect(Math.hypot(d0, d1)).toBeLessThan(1e-4);
      }),
      { numRuns: 30 },
    );
  });

  it('answers separable rows, one class, constant and repeated columns with finite numbers', () => {
    const x = Float64Array.from({ length: 40 }, (_, i) => i - 19.5);
    const steps = x.map((value) => (value > 0 ? 1 : 0));
    const noisy = x.map((_, i) => (i % 3 === 0 ? 1 : 0));
    const separated = fitLogistic([x], steps);
    expect(allFinite(separated)).toBe(true);
    expect(separated[1]).toBeGreaterThan(5);
    for (const label of [0, 1]) {
      const one = fitLogistic([x], new Float64Array(40).fill(label));
      expect(allFinite(one)).toBe(true);
      const p = 1 / (1 + Math.exp(-one[0] - one[1] * 10));
      expect(Math.abs(p - label)).toBeLessThan(1e-6);
    }
    const constant = fitLogistic([new Float64Array(40), new Float64Array(40).fill(0.1), x], noisy);
    expect(allFinite(constant)).toBe(true);
    const [intercept, a, b] = fitLogistic([x, x], noisy);
    const [alone, slope] = fitLogistic([x], noisy);
    expect(a).toBeCloseTo(b, 6);
    expect(a + b).toBeCloseTo(slope, 6);
    expect(intercept).toBeCloseTo(alone, 6);
  });

  it('answers alike whatever the unit of a column', () => {
    const y = Float64Array.from(golden.binary);
    const [, ...raw] = fitLogistic(columns, y);
    const [, ...scaled] = fitLogistic(
      columns.map((column) => column.map((value) => 1e-7 * value)),
      y,
    );
    expectClose(
      scaled.map((value) => 1e-7 * value),
      raw,
      1e-6,
    );
  });
});

describe('fitLeastSquares', () => {
  it('agrees with LinearRegression of scikit-learn, targets of the size of a thousandth', () => {
    // A billionth on the diagonal, and normal equations against an SVD.
    expectClose(fitLeastSquares(columns, Float64Array.from(golden.target)), golden.linear, 1e-7);
  });

  it('recovers planted coefficients in any unit', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(1e-6, 1e-3, 1, 1e6), (seed, unit) => {
        const rng = createRng(seed);
        const a = Float64Array.from({ length: 50 }, () => unit * rng.normal());
        const b = Float64Array.from({ length: 50 }, () => unit * (5 + rng.normal()));
        const y = a.map((value, i) => 2 * value - 3 * b[i] + 7 * unit);
        expectClose(fitLeastSquares([a, b], y), [7 * unit, 2, -3], 1e-6);
      }),
    );
  });

  it('gives a constant column the coefficient 0, and equal columns equal shares', () => {
    const x = Float64Array.from({ length: 30 }, (_, i) => i / 7);
    const y = x.map((value) => 4 * value + 1);
    const [intercept, slope, constant] = fitLeastSquares([x, new Float64Array(30).fill(0.1)], y);
    expect([intercept, slope, constant]).toEqual([expect.closeTo(1, 6), expect.closeTo(4, 6), 0]);
    const [, a, b] = fitLeastSquares([x, x], y);
    expect([a, b]).toEqual([expect.closeTo(2, 6), expect.closeTo(2, 6)]);
    expect(fitLeastSquares([x], new Float64Array(30).fill(5))).toEqual([5, 0]);
  });
});

describe('fitSoftmaxWeights', () => {
  /** Scores of 3 classes by two bases, and labels drawn from the softmax of 0.5 × the first + 1.5 × the second. */
  function drawn(seed: number, n: number): { bases: Float64Array[][]; labels: Float64Array } {
    const rng = createRng(seed);
    const bases = [0, 1].map(() => [0, 1, 2].map(() => Float64Array.from({ length: n }, () => rng.normal())));
    const labels = Float64Array.from({ length: n }, (_, i) => {
      const shares = [0, 1, 2].map((k) => Math.exp(0.5 * bases[0][k][i] + 1.5 * bases[1][k][i]));
      let left = rng.uniform() * (shares[0] + shares[1] + shares[2]);
      let k = 0;
      while (k < 2 && (left -= shares[k]) > 0) k++;
      return k;
    });
    return { bases, labels };
  }

  function loss(weights: readonly number[], bases: readonly Float64Array[][], labels: Float64Array): number {
    return labels.reduce((sum, label, i) => {
      const margins = [0, 1, 2].map((k) => weights[0] * bases[0][k][i] + weights[1] * bases[1][k][i]);
      return sum + Math.log(margins.reduce((total, z) => total + Math.exp(z), 0)) - margins[label];
    }, 0);
  }

  it('finds planted weights, where the slope of the loss is zero', () => {
    const { bases, labels } = drawn(5, 4000);
    const weights = fitSoftmaxWeights(bases, labels);
    // Five standard errors of 4,000 rows.
    expect(Math.abs(weights[0] - 0.5)).toBeLessThan(0.12);
    expect(Math.abs(weights[1] - 1.5)).toBeLessThan(0.2);
    for (const b of [0, 1]) {
      const at = (shift: number): number =>
        loss(
          weights.map((w, j) => (j === b ? w + shift : w)),
          bases,
          labels,
        );
      expect(Math.abs(at(1e-4) - at(-1e-4)) / 2e-4 / labels.length).toBeLessThan(1e-7);
      expect(at(0)).toBeLessThan(Math.min(at(0.05), at(-0.05)));
    }
  });

  it('answers equal, constant and all too clear bases with finite weights', () => {
    const { bases, labels } = drawn(6, 300);
    const [single] = fitSoftmaxWeights([bases[0]], labels);
    const equal = fitSoftmaxWeights([bases[0], bases[0]], labels);
    expect(equal[0] + equal[1]).toBeCloseTo(single, 5);
    const constant = fitSoftmaxWeights(
      [bases[0], [0, 1, 2].map(() => new Float64Array(300).fill(2))],
      labels,
    );
    expect(constant).toEqual([expect.closeTo(single, 5), 0]);
    const clear = [0, 1, 2].map((k) => labels.map((label) => (label === k ? 30 : -30)));
    expect(allFinite(fitSoftmaxWeights([clear, bases[1]], labels))).toBe(true);
    // A base that is sure of the wrong class must be turned round, not diverge.
    const wrong = clear.map((column) => column.map((value) => -value));
    const turned = fitSoftmaxWeights([wrong], labels);
    expect(allFinite(turned)).toBe(true);
    expect(turned[0]).toBeLessThan(0);
  });
});
