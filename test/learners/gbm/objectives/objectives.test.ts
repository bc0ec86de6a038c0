import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../../../src/core/errors.js';
import {
  checkObjectiveTargets,
  objectiveOf,
  type ObjectiveParams,
} from '../../../../src/learners/gbm/objectives/objective-of.js';
import type { Objective } from '../../../../src/learners/gbm/objectives/objective.js';
import { gradientBoostingParams, type ObjectiveName } from '../../../../src/learners/gbm/params.js';

const make = (params: Partial<ObjectiveParams>): Objective => objectiveOf(gradientBoostingParams(params));

/** The derivatives of one row of weight 1. */
function at(objective: Objective, y: number, margins: readonly number[]): { g: number[]; h: number[] } {
  const one = (): Float64Array[] => margins.map(() => new Float64Array(1));
  const [g, h] = [one(), one()];
  objective.derivatives(
    [y],
    [1],
    margins.map((margin) => Float64Array.of(margin)),
    g,
    h,
  );
  return { g: g.map(([value]) => value), h: h.map(([value]) => value) };
}

interface Smooth {
  readonly params: Partial<ObjectiveParams>;
  readonly targets: readonly number[];
  /** The hessian is so many times the second derivative of the loss. */
  readonly hessianFactor: number;
  /** The gradient is so many times the derivative of the loss. */
  readonly gradientFactor?: number;
}

const smooth: readonly Smooth[] = [
  { params: { objective: 'binary' }, targets: [0, 1], hessianFactor: 1 },
  { params: { objective: 'multiclass', nClasses: 3 }, targets: [0, 1, 2], hessianFactor: 1.5 },
  {
    params: { objective: 'squared-error' },
    targets: [-2, 0, 1.5],
    hessianFactor: 0.5,
    gradientFactor: 0.5,
  },
  { params: { objective: 'poisson' }, targets: [0, 1, 7], hessianFactor: Math.exp(0.7) },
  { params: { objective: 'tweedie' }, targets: [0, 0.3, 9], hessianFactor: 1 },
  { params: { objective: 'tweedie', tweedieVariancePower: 1.9 }, targets: [0, 0.3, 9], hessianFactor: 1 },
];

describe('objectives with two derivatives', () => {
  it.each(smooth)(
    'are those of their loss: $params',
    ({ params, targets, hessianFactor, gradientFactor }) => {
      const objective = make(params);
      const margin = fc.double({ min: -3, max: 3, noNaN: true });
      fc.assert(
        fc.property(
          fc.constantFrom(...targets),
          fc.array(margin, { minLength: objective.nMargins, maxLength: objective.nMargins }),
          fc.nat(objective.nMargins - 1),
          (y, margins, k) => {
            const step = 1e-4;
            const lossAt = (move: number): number =>
              objective.loss(
                [y],
                [1],
                margins.map((m, j) => Float64Array.of(j === k ? m + move : m)),
              );
            const first = (lossAt(step) - lossAt(-step)) / (2 * step);
            const second = (lossAt(step) - 2 * lossAt(0) + lossAt(-step)) / (step * step);
            const { g, h } = at(objective, y, margins);
            // Central differences: O(step²) and rounding of 1e-16 / step².
            const scale = 1 + Math.abs(y) + Math.exp(3);
            expect(Math.abs(g[k] - (gradientFactor ?? 1) * first)).toBeLessThan(1e-7 * scale);
            expect(Math.abs(h[k] - hessianFactor * second)).toBeLessThan(1e-5 * scale);
          },
        ),
      );
    },
  );
});

describe('objectives by their formulas', () => {
  it('take the signs of residuals for absolute errors', () => {
    const objective = make({ objective: 'absolute-error' });
    expect(at(objective, 2, [5])).toEqual({ g: [1], h: [1] });
    expect(at(objective, 2, [-5])).toEqual({ g: [-1], h: [1] });
    expect(at(objective, 2, [2])).toEqual({ g: [0], h: [1] });
    expect(objective.baseScore([1, 2, 9], [1, 1, 5])[0]).toBe(9);
    expect(objective.loss([1, 2], [1, 3], [Float64Array.of(0, 0)])).toBe(7 / 4);
    expect(objective.renewal).toBe(0.5);
  });

  it('turn squares into absolute values at the delta of huber', () => {
    const objective = make({ objective: 'huber', huberDelta: 2 });
    expect(at(objective, 1, [2.5])).toEqual({ g: [1.5], h: [1] });
    expect(at(objective, 1, [9])).toEqual({ g: [2], h: [1] });
    expect(at(objective, 1, [-9])).toEqual({ g: [-2], h: [1] });
    expect(objective.loss([0, 0, 0], [1, 1, 1], [Float64Array.of(1, 2, -5)])).toBeCloseTo(
      (0.5 + 2 + 8) / 3,
      12,
    );
  });

  it('tilt the absolute value by the quantile', () => {
    const objective = make({ objective: 'quantile', quantile: 0.9 });
    expect(at(objective, 0, [3]).g[0]).toBeCloseTo(0.1, 12);
    expect(at(objective, 0, [0]).g[0]).toBeCloseTo(0.1, 12);
    expect(at(objective, 0, [-3]).g[0]).toBe(-0.9);
    expect(objective.loss([0, 0], [1, 1], [Float64Array.of(2, -2)])).toBeCloseTo(1, 12);
    expect(objective.renewal).toBe(0.9);
  });

  it('keep their digits where chances are near 0 and 1', () => {
    const binary = make({ objective: 'binary' });
    for (const margin of [40, 300, 700]) {
      const tiny = Math.exp(-margin);
      expect(at(binary, 1, [margin]).g[0] / -tiny).toBeCloseTo(1, 12);
      expect(at(binary, 0, [-margin]).g[0] / tiny).toBeCloseTo(1, 12);
      expect(at(binary, 1, [margin]).h[0] / tiny).toBeCloseTo(1, 12);
      const { g, h } = at(make({ objective: 'multiclass', nClasses: 3 }), 0, [margin, 0, 0]);
      expect(g[0] / (-2 * tiny)).toBeCloseTo(1, 12);
      expect(h[0] / (3 * tiny)).toBeCloseTo(1, 12);
      expect(g[1] / tiny).toBeCloseTo(1, 12);
    }
    expect(at(binary, 0, [1e30])).toEqual({ g: [1], h: [0] });
    expect(binary.loss([1], [1], [Float64Array.of(-1e30)])).toBe(1e30);
    expect(at(make({ objective: 'tweedie' }), 0, [-1e4])).toEqual({ g: [0], h: [0] });
  });
});

describe('all objectives', () => {
  const names: readonly ObjectiveName[] = [
    'binary',
    'multiclass',
    'squared-error',
    'absolute-error',
    'huber',
    'quantile',
    'poisson',
    'tweedie',
    'lambdarank',
  ];
  const y = [0, 1, 1, 0, 1, 1, 1, 0];
  const weight = [1, 2, 0, 0.5, 1, 3, 0, 1];

  it.each(names)('%s: weights scale derivatives and weigh the mean loss', (name) => {
    const objective = make({ objective: name, nClasses: 3 });
    const margins = Array.from({ length: objective.nMargins }, (_, k) =>
      Float64Array.from(y, (_label, i) => Math.sin(7 * i + 3 * k)),
    );
    const queries = Int32Array.of(0, 3, 8);
    const derive = (w: readonly number[]): Float64Array[] => {
      const empty = (): Float64Array[] => margins.map(() => new Float64Array(y.length).fill(9));
      const [g, h] = [empty(), empty()];
      objective.derivatives(y, w, margins, g, h, queries);
      return [...g, ...h];
    };
    const plain = derive(y.map(() => 1));
    derive(weight).forEach((values, k) =>
      values.forEach((value, i) => expect(value).toBeCloseTo(weight[i] * plain[k][i], 12)),
    );
    expect(plain[objective.nMargins].every((h) => h > 0)).toBe(true);
    expect(plain[objective.nMargins].every((h) => h === 1)).toBe(objective.hasConstantHessian);
    if (name === 'lambdarank') return;
    const losses = y.map((label, i) =>
      objective.loss(
        [label],
        [1],
        margins.map((m) => m.subarray(i, i + 1)),
      ),
    );
    const total = weight.reduce((sum, w) => sum + w, 0);
    const mean = losses.reduce((sum, loss, i) => sum + weight[i] * loss, 0) / total;
    expect(objective.loss(y, weight, margins)).toBeCloseTo(mean, 12);
  });

  // Huber starts at the mean, as in LightGBM, which is not its least loss.
  it.each(names.filter((name) => name !== 'lambdarank' && name !== 'huber'))(
    '%s: starts where no other constant is better',
    (name) => {
      const objective = make({ objective: name, quantile: 0.7 });
      const base = objective.baseScore(y, weight);
      const lossAt = (k: number, move: number): number =>
        objective.loss(
          y,
          weight,
          Array.from(base, (b, j) => new Float64Array(y.length).fill(j === k ? b + move : b)),
        );
      base.forEach((_, k) => {
        for (const move of [-0.5, -0.01, 0.01, 0.5]) {
          expect(lossAt(k, move)).toBeGreaterThanOrEqual(lossAt(k, 0) - 1e-12);
        }
      });
    },
  );

  it.each(names)('%s: has a finite start for constant targets', (name) => {
    const objective = make({ objective: name });
    const base = objective.baseScore([0, 0, 0], [1, 1, 1]);
    expect(base.length).toBe(objective.nMargins);
    expect(base.every(Number.isFinite)).toBe(true);
  });

  it('refuse targets they cannot learn from, by row', () => {
    const X = { nRows: 3, nFeatures: 1 };
    const check = (name: ObjectiveName, ...targets: number[]): void =>
      checkObjectiveTargets(X, targets, make({ objective: name, nClasses: 3 }));
    expect(() => check('binary', 0, 1, 2)).toThrow('y[2]=2 must be a class index from 0 to 1');
    expect(() => check('multiclass', 0, 3, 2)).toThrow('y[1]=3 must be a class index from 0 to 2');
    expect(() => check('poisson', 0, -1, 2)).toThrow('y[1]=-1 must be a number of at least 0');
    expect(() => check('tweedie', 0, 1, -0.5)).toThrow('y[2]=-0.5 must be a number of at least 0');
    expect(() => check('lambdarank', 0, 1.5, 2)).toThrow('y[1]=1.5 must be a whole grade from 0 to 31');
    expect(() => check('lambdarank', 0, 1, 32)).toThrow(DataError);
    expect(() => check('huber', 0, NaN, 1)).toThrow('y[1]=NaN must be a finite number');
    expect(() => check('lambdarank', 0, 31, 2)).not.toThrow();
    expect(() => check('huber', -1, 0.5, 2)).not.toThrow();
  });
});

describe('a custom objective', () => {
  const params = gradientBoostingParams({ objective: 'custom' });
  const half = {
    derivatives(y: Float64Array, margin: Float64Array, g: Float64Array, h: Float64Array): void {
      for (let i = 0; i < y.length; i++) {
        g[i] = margin[i] - y[i];
        h[i] = 1;
      }
    },
  };

  it('is weighted for its author', () => {
    const objective = objectiveOf(params, { ...half, loss: (y, margin) => (y - margin) ** 2 });
    const [g, h] = [[new Float64Array(2)], [new Float64Array(2)]];
    objective.derivatives([1, 2], [3, 0.5], [Float64Array.of(0, 0)], g, h);
    expect(g[0]).toEqual(Float64Array.of(-3, -1));
    expect(h[0]).toEqual(Float64Array.of(3, 0.5));
    expect(objective.loss([1, 2], [3, 1], [Float64Array.of(0, 0)])).toBe(7 / 4);
  });

  it('must be there when it is needed, and only then, and finite', () => {
    expect(() => objectiveOf(params)).toThrow('objective=custom needs customObjective');
    expect(() => objectiveOf(gradientBoostingParams({}), half)).toThrow(
      'customObjective must not be combined with objective=binary',
    );
    expect(() => objectiveOf(params, half).loss([1], [1], [Float64Array.of(0)])).toThrow(DataError);
    const forgetful = objectiveOf(params, { derivatives: (_y, _m, g) => void g.fill(0) });
    expect(() =>
      forgetful.derivatives([1], [1], [new Float64Array(1)], [new Float64Array(1)], [new Float64Array(1)]),
    ).toThrow('customObjective: hessian[0]=NaN must be finite and at least 0');
  });
});
