import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binaryMetrics, multiclassMetrics, regressionMetrics } from '../../../src/evaluation/metrics.js';
import { earlyStoppingMetric, type EarlyStoppingMetric } from '../../../src/learners/gbm/metric.js';
import { meanNdcg } from '../../../src/learners/gbm/objectives/ndcg.js';
import { objectiveOf } from '../../../src/learners/gbm/objectives/objective-of.js';
import { gradientBoostingParams, type GradientBoostingParams } from '../../../src/learners/gbm/params.js';

function metricOf(given: Partial<GradientBoostingParams>): EarlyStoppingMetric {
  const params = gradientBoostingParams(given);
  return earlyStoppingMetric(params.earlyStoppingMetric, objectiveOf(params), params.lambdarankTruncation);
}

const rows = fc.array(
  fc.record({
    label: fc.integer({ min: 0, max: 2 }),
    // Ties, and both zeros.
    margin: fc.oneof(
      fc.integer({ min: -4, max: 4 }).map((m) => m / 2),
      fc.constantFrom(-0, 1e-9, 30),
    ),
    other: fc.integer({ min: -4, max: 4 }).map((m) => m / 3),
    weight: fc.constantFrom(0, 0.5, 1, 1, 2.5),
  }),
  { minLength: 1, maxLength: 40 },
);

const shapes = rows.filter((rs) => rs.some((r) => r.weight > 0));

describe('early stopping metrics', () => {
  it('rank two classes as the evaluation does', () => {
    const auc = metricOf({ earlyStoppingMetric: 'roc-auc' });
    const precision = metricOf({ earlyStoppingMetric: 'average-precision' });
    expect([auc.direction, precision.direction]).toEqual(['higher', 'higher']);
    let compared = 0;
    fc.assert(
      fc.property(shapes, (rs) => {
        const y = rs.map((r) => Math.min(r.label, 1));
        const margin = rs.map((r) => r.margin);
        const weight = rs.map((r) => r.weight);
        const both = [0, 1].every((label) => rs.some((r, i) => y[i] === label && r.weight > 0));
        const ours = auc.compute(y, weight, [Float64Array.from(margin)]);
        if (!both) {
          expect(ours).toBeNaN();
          return;
        }
        compared++;
        expect(ours).toBeCloseTo(binaryMetrics.roc_auc.compute(y, margin, weight), 12);
        expect(precision.compute(y, weight, [Float64Array.from(margin)])).toBeCloseTo(
          binaryMetrics.average_precision.compute(y, margin, weight),
          12,
        );
      }),
    );
    expect(compared).toBeGreaterThan(50);
  });

  it('count errors as one less the accuracy', () => {
    const three = metricOf({ objective: 'multiclass', nClasses: 3, earlyStoppingMetric: 'error' });
    const two = metricOf({ earlyStoppingMetric: 'error' });
    fc.assert(
      fc.property(shapes, (rs) => {
        const y = rs.map((r) => r.label);
        const weight = rs.map((r) => r.weight);
        const margins = [
          rs.map((r) => r.margin),
          rs.map((r) => r.other),
          rs.map((r) => r.margin - r.other),
        ].map((m) => Float64Array.from(m));
        const chances = rs.map((_, i) => {
          const e = margins.map((m) => Math.exp(m[i]));
          const sum = e.reduce((a, b) => a + b, 0);
          return e.map((value) => value / sum);
        });
        // Equal margins have equal chances only up to rounding: leave near ties to the other cases.
        const isClear = chances.every((p) => {
          const [first, second] = p.toSorted((a, b) => b - a);
          return first - second > 1e-9;
        });
        const total = rs.reduce((sum, r) => sum + r.weight, 0);
        if (isClear) {
          const p = [0, 1, 2].map((k) => chances.map((chance) => chance[k]));
          const expected = 1 - multiclassMetrics.accuracy.compute(y, p, weight);
          expect(three.compute(y, weight, margins)).toBeCloseTo(expected, 12);
        }
        const wrong = rs.reduce((sum, r) => sum + (r.margin >= 0 !== r.label > 0 ? r.weight : 0), 0);
        expect(
          two.compute(
            y.map((label) => Math.min(label, 1)),
            weight,
            [margins[0]],
          ),
        ).toBeCloseTo(wrong / total, 12);
      }),
    );
  });

  it.each([
    ['squared-error', (margin: number): number => margin],
    ['quantile', (margin: number): number => margin],
    ['poisson', Math.exp],
    ['tweedie', Math.exp],
  ] as const)('measure errors of %s in the unit of the target', (objective, predict) => {
    const root = metricOf({ objective, earlyStoppingMetric: 'rmse' });
    const absolute = metricOf({ objective, earlyStoppingMetric: 'mae' });
    expect([root.direction, absolute.direction]).toEqual(['lower', 'lower']);
    fc.assert(
      fc.property(shapes, (rs) => {
        const y = rs.map((r) => r.label);
        const weight = rs.map((r) => r.weight);
        const margin = Float64Array.from(rs, (r) => r.other);
        const prediction = Array.from(margin, predict);
        expect(root.compute(y, weight, [margin])).toBeCloseTo(
          regressionMetrics.rmse.compute(y, prediction, weight),
          12,
        );
        expect(absolute.compute(y, weight, [margin])).toBeCloseTo(
          regressionMetrics.mae.compute(y, prediction, weight),
          12,
        );
      }),
    );
  });

  it('take the loss of the objective and NDCG as they are', () => {
    const y = [1, 0, 2, 0, 1];
    const weight = [1, 2, 1, 1, 0.5];
    const margin = Float64Array.of(0.3, 0.9, 0.3, -1, 2);
    const queries = Int32Array.of(0, 3, 5);
    const ndcg = metricOf({ objective: 'lambdarank', earlyStoppingMetric: 'ndcg', lambdarankTruncation: 2 });
    expect(ndcg.direction).toBe('higher');
    const expected = meanNdcg(y, weight, margin, queries, 2);
    expect(ndcg.compute(y, weight, [margin], queries)).toBe(expected);
    const loss = metricOf({ objective: 'lambdarank', lambdarankTruncation: 2 });
    expect(loss.direction).toBe('lower');
    expect(loss.compute(y, weight, [margin], queries)).toBe(1 - expected);
    const poisson = metricOf({ objective: 'poisson' });
    expect(poisson.compute([2], [1], [Float64Array.of(1)])).toBeCloseTo(Math.E - 2, 12);
  });
});
