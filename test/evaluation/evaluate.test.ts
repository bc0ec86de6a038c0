import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../src/core/errors.js';
import { createRng } from '../../src/core/rng.js';
import { compareBinary, verdictOf } from '../../src/evaluation/compare.js';
import { thinPoints } from '../../src/evaluation/curve-points.js';
import { delong, delongPaired } from '../../src/evaluation/delong.js';
import { evaluateBinary, evaluateMulticlass, evaluateRegression } from '../../src/evaluation/evaluate.js';
import { binaryMetrics } from '../../src/evaluation/metrics.js';
import { rocCurve } from '../../src/evaluation/roc-curve.js';

const rng = createRng(21);
const n = 600;
const p = Array.from({ length: n }, () => rng.uniform());
const y: number[] = p.map((q) => (rng.uniform() < q ? 1 : 0));
const fast = { rng: createRng(1), replicates: 60 };

function frozenThroughout(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(frozenThroughout);
}

describe('evaluateBinary', () => {
  const evaluation = evaluateBinary({ y, p, threshold: 0.4, ...fast });

  it('is frozen, JSON-plain and repeatable', () => {
    expect(frozenThroughout(evaluation)).toBe(true);
    expect(JSON.parse(JSON.stringify(evaluation))).toEqual(evaluation);
    expect(evaluateBinary({ y, p, threshold: 0.4, ...fast })).toEqual(evaluation);
  });
  it('has every metric inside its interval, ROC-AUC with the interval of DeLong', () => {
    const all = [...evaluation.metrics, ...evaluation.threshold.metrics];
    expect(all.map(({ name }) => name)).toEqual(Object.keys(binaryMetrics));
    for (const { value, lower, upper } of all) {
      expect(lower).toBeLessThanOrEqual(value);
      expect(upper).toBeGreaterThanOrEqual(value);
    }
    const { auc, lower, upper } = delong(y, p);
    expect(evaluation.metrics[0]).toMatchObject({ name: 'roc_auc', value: auc, lower, upper });
  });
  it('counts every row once', () => {
    const { tp, fp, tn, fn } = evaluation.threshold;
    const positives = y.reduce((a, b) => a + b, 0);
    expect([tp + fn, fp + tn, evaluation.positives, evaluation.nRows]).toEqual([
      positives,
      n - positives,
      positives,
      n,
    ]);
    const { calibration, scores } = evaluation.curves;
    expect(calibration.reduce((sum, bin) => sum + bin.nRows, 0)).toBe(n);
    expect(calibration.map((bin) => bin.nRows)).toEqual(new Array(15).fill(40));
    expect(scores.reduce((sum, bin) => sum + bin.positives, 0)).toBe(positives);
    expect(scores.reduce((sum, bin) => sum + bin.negatives, 0)).toBe(n - positives);
    for (const bin of scores) {
      const inside = p.filter((v) => v >= bin.from && (v < bin.to || bin.to === 1)).length;
      expect(bin.negatives + bin.positives).toBe(inside);
    }
  });
  it('draws curves of at most 200 points from end to end, whose areas are the metrics', () => {
    const { roc, precisionRecall } = evaluation.curves;
    expect(roc.length).toBeLessThanOrEqual(200);
    expect(precisionRecall.length).toBeLessThanOrEqual(200);
    expect(roc[0]).toEqual({ falsePositiveRate: 0, truePositiveRate: 0, threshold: null });
    expect(roc.at(-1)).toMatchObject({ falsePositiveRate: 1, truePositiveRate: 1 });
    expect(precisionRecall.at(-1)?.recall).toBe(1);
    const trapezoids = roc
      .slice(1)
      .reduce(
        (area, point, k) =>
          area +
          ((point.falsePositiveRate - roc[k].falsePositiveRate) *
            (point.truePositiveRate + roc[k].truePositiveRate)) /
            2,
        0,
      );
    expect(trapezoids).toBeCloseTo(evaluation.metrics[0].value, 2);
    for (const { threshold, truePositiveRate } of roc.slice(1)) {
      const caught = y.filter((label, i) => label === 1 && p[i] >= (threshold ?? Infinity)).length;
      expect(truePositiveRate).toBeCloseTo(caught / evaluation.positives, 12);
    }
    for (const { threshold, precision, recall } of precisionRecall) {
      const called = y.filter((_, i) => p[i] >= threshold);
      const caught = called.reduce((a, b) => a + b, 0);
      expect(precision).toBeCloseTo(caught / called.length, 12);
      expect(recall).toBeCloseTo(caught / evaluation.positives, 12);
    }
  });
  it('finds calibrated probabilities calibrated', () => {
    const line = evaluation.calibrationLine;
    expect(Math.abs((line?.slope ?? 9) - 1)).toBeLessThan(3 * (line?.slopeStandardError ?? 0));
    expect(Math.abs(line?.intercept ?? 9)).toBeLessThan(3 * (line?.interceptStandardError ?? 0));
  });
  it('has no calibration line where the classes separate, and needs only one row of a class', () => {
    const separated = evaluateBinary({ y: [0, 0, 1], p: [0.1, 0.2, 0.7], threshold: 0.5, ...fast });
    expect(separated.calibrationLine).toBeNull();
    expect(JSON.parse(JSON.stringify(separated))).toEqual(separated);
  });
  it('refuses one class and a NaN', () => {
    expect(() => evaluateBinary({ y: [1, 1], p: [0.1, 0.2], threshold: 0.5, ...fast })).toThrow(DataError);
    expect(() => evaluateBinary({ y: [0, 1], p: [0.1, NaN], threshold: 0.5, ...fast })).toThrow(DataError);
    expect(() => evaluateBinary({ y: [0, 1], p: [0.1, 0.2], threshold: NaN, ...fast })).toThrow(
      'threshold=NaN',
    );
  });
});

describe('evaluateRegression', () => {
  it('is JSON-plain, and its bins hold the rows', () => {
    const target = p.map((v) => 100 * v + rng.normal());
    const prediction = p.map((v) => 100 * v);
    const evaluation = evaluateRegression({ y: target, prediction, ...fast });
    expect(frozenThroughout(evaluation)).toBe(true);
    expect(JSON.parse(JSON.stringify(evaluation))).toEqual(evaluation);
    expect(evaluation.metrics.map(({ name }) => name)).toEqual(['rmse', 'mae', 'r2']);
    expect(evaluation.metrics[0].value).toBeCloseTo(1, 0);
    const { calibration, residuals } = evaluation.curves;
    expect(residuals.reduce((sum, bin) => sum + bin.nRows, 0)).toBe(n);
    const [lowest] = calibration;
    const rows = prediction.map((_, i) => i).sort((i, j) => prediction[i] - prediction[j]);
    const first = rows.slice(0, lowest.nRows).map((i) => target[i]);
    const mean = first.reduce((a, b) => a + b, 0) / first.length;
    const spread = Math.sqrt(first.reduce((a, b) => a + (b - mean) ** 2, 0) / (first.length - 1));
    expect(lowest.observed).toBeCloseTo(mean, 9);
    expect(lowest.upper - lowest.lower).toBeCloseTo(
      (2 * 1.959963984540054 * spread) / Math.sqrt(first.length),
      9,
    );
  });
  it('takes a prediction without error', () => {
    const evaluation = evaluateRegression({ y: [1, 2, 3], prediction: [1, 2, 3], ...fast });
    expect(evaluation.curves.residuals).toEqual([{ from: 0, to: 0, nRows: 3 }]);
  });
});

describe('evaluateMulticlass', () => {
  it('has a confusion matrix that agrees with the classes', () => {
    const labels = [0, 1, 2, 2, 1, 0, 2, 2];
    const called = [0, 1, 2, 1, 1, 2, 2, 2];
    const P = [0, 1, 2].map((k) => called.map((c) => (c === k ? 0.5 : 0.25)));
    const evaluation = evaluateMulticlass({ y: labels, P, classes: ['no', 'maybe', 'yes'], ...fast });
    expect(evaluation.confusion).toEqual([
      [1, 0, 1],
      [0, 2, 0],
      [0, 1, 3],
    ]);
    expect(evaluation.perClass[1]).toEqual({
      label: 'maybe',
      nRows: 2,
      precision: 2 / 3,
      recall: 1,
      f1: 0.8,
    });
    expect(evaluation.metrics[0].value).toBe(6 / 8);
    expect(evaluation.metrics[1].value).toBeCloseTo((2 / 3 + 0.8 + 0.75) / 3, 12);
    expect(JSON.parse(JSON.stringify(evaluation))).toEqual(evaluation);
    expect(() => evaluateMulticlass({ y: labels, P, classes: ['no'], ...fast })).toThrow(
      '1 class names for 3',
    );
  });
});

describe('compareBinary', () => {
  it('finds the better model better on every metric, and the reverse worse', () => {
    const noisy = p.map((v) => Math.min(0.99, Math.max(0.01, v + 0.6 * (rng.uniform() - 0.5))));
    const forth = compareBinary({ y, a: p, b: noisy, ...fast });
    const back = compareBinary({ y, a: noisy, b: p, ...fast });
    expect(forth.map((row) => [row.metric, row.verdict])).toEqual([
      ['roc_auc', 'better'],
      ['brier_score', 'better'],
      ['log_loss', 'better'],
      ['average_precision', 'better'],
    ]);
    expect(back.map((row) => row.verdict)).toEqual(['worse', 'worse', 'worse', 'worse']);
    const { difference, lower, upper } = delongPaired(y, p, noisy);
    expect(forth[0]).toMatchObject({ lower, upper, method: 'delong' });
    expect(forth[0].difference).toBeCloseTo(difference, 12);
    expect(frozenThroughout(forth)).toBe(true);
    for (const row of [...forth, ...back]) expect(row.difference).toBeCloseTo(row.a - row.b, 15);
  });
  it('does not tell a model from itself', () => {
    for (const row of compareBinary({ y, a: p, b: p, ...fast })) {
      expect([row.difference, row.verdict]).toEqual([0, 'inconclusive']);
    }
  });
});

describe('verdictOf', () => {
  it('turns with the direction and waits on 0', () => {
    expect(verdictOf('higher', 0.1, 0.2)).toBe('better');
    expect(verdictOf('lower', 0.1, 0.2)).toBe('worse');
    expect(verdictOf('lower', -0.2, -0.1)).toBe('better');
    expect(verdictOf('higher', -0.2, -0.1)).toBe('worse');
    expect(verdictOf('higher', 0, 0.2)).toBe('inconclusive');
    expect(verdictOf('lower', -0.2, 0)).toBe('inconclusive');
  });
});

describe('thinPoints', () => {
  it('keeps the ends, no more than the limit, and leaves no wide gap', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 80 }),
        fc.integer({ min: 2, max: 30 }),
        (values, limit) => {
          const position = values.sort((a, b) => a - b);
          const kept = thinPoints(position, limit);
          expect(kept.length).toBeLessThanOrEqual(Math.max(1, limit));
          expect(kept[0]).toBe(0);
          expect(kept.at(-1)).toBe(position.length - 1);
          expect([...kept]).toEqual([...new Set(kept)].sort((a, b) => a - b));
        },
      ),
    );
    const position = Float64Array.from({ length: 5000 }, (_, i) => i / 4999);
    const gaps = thinPoints(position).map((k, i, all) => position[k] - position[all[Math.max(0, i - 1)]]);
    expect(thinPoints(position)).toHaveLength(200);
    expect(Math.max(...gaps)).toBeLessThan(1.1 / 199);
  });
});

describe('rocCurve', () => {
  it('goes through ties in one step', () => {
    expect(rocCurve([0, 1, 0, 1], [1, 2, 2, 3]).map((point) => point.threshold)).toEqual([null, 3, 2, 1]);
    expect(() => rocCurve([1, 1], [1, 2])).toThrow('it needs rows of both classes');
  });
});
