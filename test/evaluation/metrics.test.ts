import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../src/core/errors.js';
import { createRng } from '../../src/core/rng.js';
import { expectedCalibrationError } from '../../src/evaluation/calibration-error.js';
import { liftAt } from '../../src/evaluation/lift.js';
import type { Metric } from '../../src/evaluation/metric.js';
import { binaryMetrics, multiclassMetrics, regressionMetrics } from '../../src/evaluation/metrics.js';
import type { ClassProbabilities } from '../../src/evaluation/multiclass.js';
import { rocAuc } from '../../src/evaluation/roc-auc.js';
import { confusionAt, f1Threshold } from '../../src/evaluation/threshold-metrics.js';
import { tieGroups } from '../../src/evaluation/tie-groups.js';

/** Labels of both classes with probabilities that tie often. */
const binaryRows = fc
  .array(fc.record({ y: fc.constantFrom(0, 1), p: fc.integer({ min: 0, max: 8 }).map((k) => k / 8) }), {
    minLength: 2,
    maxLength: 40,
  })
  .filter((rows) => new Set(rows.map((row) => row.y)).size === 2);

function aucByPairs(y: readonly number[], score: readonly number[]): number {
  let wins = 0;
  let pairs = 0;
  for (let i = 0; i < y.length; i++) {
    for (let j = 0; j < y.length; j++) {
      if (y[i] !== 1 || y[j] !== 0) continue;
      pairs++;
      wins += score[i] > score[j] ? 1 : score[i] === score[j] ? 0.5 : 0;
    }
  }
  return wins / pairs;
}

describe('tieGroups', () => {
  it('orders as a comparison sort does, whatever the doubles', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(-0, 0, 1, -Infinity, Infinity))),
        (score) => {
          const { order, ends } = tieGroups(score);
          const expected = score.map((_, i) => i);
          expected.sort((i, j) => (score[i] < score[j] ? -1 : score[i] > score[j] ? 1 : i - j));
          expect([...order]).toEqual(expected);
          expect(ends.length).toBe(new Set(score.map((s) => s + 0)).size);
          expect(ends.at(-1) ?? 0).toBe(score.length);
        },
      ),
    );
  });
});

describe('rocAuc', () => {
  it('equals the definition over all pairs', () => {
    fc.assert(
      fc.property(binaryRows, (rows) => {
        const y = rows.map((row) => row.y);
        const p = rows.map((row) => row.p);
        expect(rocAuc(y, p)).toBeCloseTo(aucByPairs(y, p), 12);
      }),
    );
  });
  it('does not change under a monotone map and turns round with the sign', () => {
    fc.assert(
      fc.property(binaryRows, (rows) => {
        const y = rows.map((row) => row.y);
        const p = rows.map((row) => row.p);
        const auc = rocAuc(y, p);
        expect(
          rocAuc(
            y,
            p.map((v) => Math.exp(5 * v) - 1e6),
          ),
        ).toBe(auc);
        expect(
          rocAuc(
            y,
            p.map((v) => -v),
          ),
        ).toBeCloseTo(1 - auc, 12);
      }),
    );
  });
  it('takes infinite scores as the ends of the order', () => {
    expect(rocAuc([0, 0, 1, 1], [-Infinity, 2, 2, Infinity])).toBe(0.875);
  });
});

describe('f1Threshold', () => {
  it('is not beaten by any other threshold, and rounding to float32 does not move it', () => {
    fc.assert(
      fc.property(binaryRows, fc.double({ min: 0.1, max: 1, noNaN: true }), (rows, scale) => {
        const y = rows.map((row) => row.y);
        const p = rows.map((row) => Math.min(1, row.p * scale + 1e-3));
        const threshold = f1Threshold(y, p);
        const best = confusionAt(y, p, threshold).f1;
        for (const other of [...p, -1, 2]) {
          expect(confusionAt(y, p, other).f1).toBeLessThanOrEqual(best + 1e-15);
        }
        if (threshold > Math.min(...p)) {
          expect(confusionAt(y, p.map(Math.fround), threshold).f1).toBe(best);
        }
      }),
    );
  });
  it('needs a positive row', () => {
    expect(() => f1Threshold([0, 0], [0.1, 0.2])).toThrow(DataError);
  });
});

describe('liftAt', () => {
  it('is the mean over the ways to break a tie', () => {
    // Top half of four rows: the first, and one of the two tied ones, of which one is positive.
    expect(liftAt([1, 1, 0, 0], [4, 2, 2, 1], 0.5)).toBe((1 + 0.5) / 2 / 0.5);
    expect(liftAt([1, 0, 1, 0], [1, 1, 1, 1], 0.25)).toBe(1);
  });
  it('refuses a fraction outside (0, 1]', () => {
    expect(() => liftAt([0, 1], [0, 1], 0)).toThrow('fraction=0 must be in (0, 1]');
  });
});

describe('expectedCalibrationError', () => {
  it('finds a constant shift, whatever the bins', () => {
    const y = Array.from({ length: 100 }, (_, i) => (i % 10 < 3 ? 1 : 0));
    for (const nBins of [1, 2, 15]) {
      expect(expectedCalibrationError(y, new Float64Array(100).fill(0.5), { nBins })).toBeCloseTo(0.2, 12);
    }
  });
  it('refuses a fraction of a bin', () => {
    expect(() => expectedCalibrationError([0, 1], [0, 1], { nBins: 1.5 })).toThrow('nBins=1.5 must be');
  });
});

// Contract: every metric of a registry passes all of this.

interface Rows<Prediction> {
  y: number[];
  p: Prediction;
}

function contract<Prediction>(
  registry: Record<string, Metric<Prediction>>,
  sample: Rows<Prediction>,
  extremes: { perfect: Rows<Prediction>; worst: Rows<Prediction> },
  take: (p: Prediction, rows: readonly number[]) => Prediction,
  withNaN: (p: Prediction, row: number) => Prediction,
): void {
  const { y, p } = sample;
  describe.each(Object.entries(registry))('metric %s', (key, metric) => {
    it('is called by its key', () => {
      expect(metric.name).toBe(key);
      expect(metric.label).not.toBe('');
    });
    it('leaves its input alone and repeats itself', () => {
      const before = JSON.stringify({ y, p });
      const value = metric.compute(y, p);
      expect(metric.compute(y, p)).toBe(value);
      expect(JSON.stringify({ y, p })).toBe(before);
    });
    it('does not depend on the order of rows', () => {
      const reversed = y.map((_, i) => y.length - 1 - i);
      expect(
        metric.compute(
          reversed.map((i) => y[i]),
          take(p, reversed),
        ),
      ).toBeCloseTo(metric.compute(y, p), 12);
    });
    it('takes an integer weight as copies, and no account of its scale', () => {
      const weight = y.map((_, i) => i % 4);
      const copies = y.flatMap((_, i) => new Array<number>(weight[i]).fill(i));
      const repeated = metric.compute(
        copies.map((i) => y[i]),
        take(p, copies),
      );
      expect(metric.compute(y, p, weight)).toBeCloseTo(repeated, 12);
      expect(
        metric.compute(
          y,
          p,
          weight.map((w) => w * 0.37),
        ),
      ).toBeCloseTo(repeated, 12);
      expect(metric.prepare(y, p)(Float64Array.from(weight))).toBeCloseTo(repeated, 12);
    });
    it('ranks perfect above the sample above the worst, inside its range', () => {
      const sign = metric.direction === 'higher' ? 1 : -1;
      const [best, middle, worst] = [extremes.perfect, sample, extremes.worst].map((rows) =>
        metric.compute(rows.y, rows.p),
      );
      // Kolmogorov-Smirnov measures the distance of the classes, and the worst ranking keeps them apart as well.
      if (metric.name !== 'kolmogorov_smirnov') expect(sign * middle).toBeGreaterThan(sign * worst);
      expect(sign * best).toBeGreaterThan(sign * middle);
      for (const value of [best, middle, worst]) {
        expect(value).toBeGreaterThanOrEqual(metric.range[0]);
        // A mean of equal losses can round up.
        expect(value).toBeLessThanOrEqual(metric.range[1] + 1e-12);
      }
      const end = metric.direction === 'higher' ? metric.range[1] : metric.range[0];
      expect(best).toBeCloseTo(end, 12);
    });
    it('names the row of a NaN', () => {
      expect(() => metric.compute(y, withNaN(p, 2))).toThrow(/\[2\]=NaN must be/);
      expect(() => metric.compute(withNaN(y as Prediction & number[], 3) as number[], p)).toThrow(
        /y\[3\]=NaN must be/,
      );
      expect(() =>
        metric.compute(
          y,
          p,
          y.map((_, i) => (i === 4 ? NaN : 1)),
        ),
      ).toThrow(/sampleWeight\[4\]=NaN must be/);
    });
    it('refuses no rows, rows that do not match, and weights without weight', () => {
      expect(() => metric.compute([], take(p, []))).toThrow('there are no rows');
      expect(() => metric.compute(y.slice(1), p)).toThrow(DataError);
      expect(() =>
        metric.compute(
          y,
          p,
          y.map(() => 0),
        ),
      ).toThrow('all weights are 0');
      expect(() => metric.compute(y, p, [1])).toThrow('sampleWeight has 1 rows');
      expect(() =>
        metric.compute(
          y,
          p,
          y.map(() => -1),
        ),
      ).toThrow('must be finite and not negative');
    });
  });
}

const takeNumbers = (p: number[], rows: readonly number[]): number[] => rows.map((i) => p[i]);
const nanAt = (p: number[], row: number): number[] => p.map((v, i) => (i === row ? NaN : v));

const rng = createRng(5);
const labels = Array.from({ length: 100 }, (_, i) => (i % 10 === 0 ? 1 : 0));
const noisy = labels.map((label) => Math.round(100 * Math.min(1, 0.3 * label + 0.7 * rng.uniform())) / 100);
contract<number[]>(
  binaryMetrics,
  { y: labels, p: noisy },
  { perfect: { y: labels, p: labels }, worst: { y: labels, p: labels.map((v) => 1 - v) } },
  takeNumbers,
  nanAt,
);

const targets = Array.from({ length: 50 }, () => rng.normal());
contract<number[]>(
  regressionMetrics,
  { y: targets, p: targets.map((v) => v + 0.3 * rng.normal()) },
  { perfect: { y: targets, p: targets }, worst: { y: targets, p: targets.map((v) => -9 * v) } },
  takeNumbers,
  nanAt,
);

const classes = Array.from({ length: 60 }, (_, i) => i % 3);
const oneHot = (k: number, at: number): number => (k === at ? 1 : 0);
const columns = (of: (label: number, k: number) => number): ClassProbabilities =>
  [0, 1, 2].map((k) => classes.map((label) => of(label, k)));
const guess = classes.map((label) => (rng.uniform() < 0.6 ? label : rng.integer(3)));
contract<ClassProbabilities>(
  multiclassMetrics,
  { y: classes, p: [0, 1, 2].map((k) => guess.map((g) => (g === k ? 0.6 : 0.2))) },
  {
    perfect: { y: classes, p: columns((label, k) => oneHot(k, label)) },
    worst: { y: classes, p: columns((label, k) => oneHot(k, (label + 1) % 3)) },
  },
  (P, rows) => P.map((column) => rows.map((i) => column[i])),
  (P, row) =>
    typeof P[0] === 'number'
      ? (nanAt(P as unknown as number[], row) as unknown as ClassProbabilities)
      : P.map((column, k) => (k === 1 ? nanAt([...Array.from(column)], row) : column)),
);

describe('one class only', () => {
  it.each(['roc_auc', 'kolmogorov_smirnov'] as const)('%s is undefined', (name) => {
    expect(() => binaryMetrics[name].compute([1, 1], [0.2, 0.3])).toThrow('it needs rows of both classes');
    expect(() => binaryMetrics[name].compute([0, 1], [0.2, 0.3], [1, 0])).toThrow(DataError);
  });
  it.each(['average_precision', 'lift_10'] as const)('%s needs a positive', (name) => {
    expect(() => binaryMetrics[name].compute([0, 0], [0.2, 0.3])).toThrow('it needs a positive row');
  });
  it('macro ROC-AUC leaves absent classes out, and needs two', () => {
    const P = [
      [0.7, 0.1, 0.4],
      [0.2, 0.8, 0.5],
      [0.1, 0.1, 0.1],
    ];
    expect(multiclassMetrics.macro_roc_auc.compute([0, 1, 1], P)).toBe(1);
    expect(() => multiclassMetrics.macro_roc_auc.compute([1, 1, 1], P)).toThrow(
      'it needs rows of two classes',
    );
  });
  it('r2 needs two different targets', () => {
    expect(() => regressionMetrics.r2.compute([1, 1], [1, 2])).toThrow('it needs two different targets');
  });
});

describe('multiclass input', () => {
  it('refuses rows that do not sum to 1 and classes without a column', () => {
    const halves = [
      [0.5, 0.5],
      [0.5, 0.4],
    ];
    expect(() => multiclassMetrics.log_loss.compute([0, 1], halves)).toThrow('row 1 sum to 0.9');
    expect(() =>
      multiclassMetrics.log_loss.compute(
        [0, 2],
        [
          [0.5, 0.5],
          [0.5, 0.5],
        ],
      ),
    ).toThrow('y[1]=2 must be a class');
  });
});
