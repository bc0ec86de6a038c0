import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { calibrationLine } from '../../src/evaluation/calibration-line.js';
import { sortedQuantile, wilsonInterval } from '../../src/evaluation/interval.js';
import type { Metric } from '../../src/evaluation/metric.js';
import { binaryMetrics, multiclassMetrics, regressionMetrics } from '../../src/evaluation/metrics.js';
import { normalCdf, normalQuantile } from '../../src/evaluation/normal.js';
import { confusionAt, f1Threshold } from '../../src/evaluation/threshold-metrics.js';

interface Case {
  name: string;
  y: number[];
  sampleWeight: number[] | null;
  metrics: Record<string, number>;
}
interface BinaryCase extends Case {
  p: number[];
  calibrationLine: Record<string, number> | null;
  confusions: ({ threshold: number } & Record<string, number>)[];
  bestF1: number;
}
const golden = JSON.parse(readFileSync(new URL('../golden/metrics.json', import.meta.url), 'utf8')) as {
  binary: BinaryCase[];
  regression: (Case & { p: number[] })[];
  multiclass: (Case & { P: number[][] })[];
  normalCdf: [number, number][];
  normalQuantile: [number, number][];
  wilson: [number, number, number, number, number][];
  quantile: [number, number][];
};

function near(actual: number, expected: number, tolerance = 1e-12): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected)));
}

function relativelyNear(actual: number, expected: number, tolerance: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance * Math.abs(expected));
}

describe.each(golden.binary)('scikit-learn on $name', (example) => {
  const { y, p } = example;
  const weight = example.sampleWeight ?? undefined;
  it.each(Object.entries(example.metrics))('%s', (name, expected) => {
    const metric: Metric = binaryMetrics[name as keyof typeof binaryMetrics];
    near(metric.compute(y, p, weight), expected);
  });
  it.each(example.confusions)('confusion at $threshold', ({ threshold, ...expected }) => {
    const actual = confusionAt(y, p, threshold, weight);
    for (const [name, value] of Object.entries(expected)) near(actual[name as keyof typeof actual], value);
  });
  it('best F1', () => {
    near(confusionAt(y, p, f1Threshold(y, p)).f1, example.bestF1);
  });
  it('calibration line', () => {
    if (example.calibrationLine === null) {
      expect(() => calibrationLine(y, p, weight)).toThrow('calibration line: has no finite solution');
      return;
    }
    const actual = calibrationLine(y, p, weight);
    for (const [name, value] of Object.entries(example.calibrationLine)) {
      near(actual[name as keyof typeof actual], value, 1e-9);
    }
  });
});

describe.each(golden.regression)('scikit-learn on $name', ({ y, p, sampleWeight, metrics }) => {
  it.each(Object.entries(metrics))('%s', (name, expected) => {
    const metric: Metric = regressionMetrics[name as keyof typeof regressionMetrics];
    // The mean of targets near 1e6 is itself only good to 1e-10.
    near(metric.compute(y, p, sampleWeight ?? undefined), expected, 1e-11);
  });
});

describe.each(golden.multiclass)('scikit-learn on $name', ({ y, P, sampleWeight, metrics }) => {
  it.each(Object.entries(metrics))('%s', (name, expected) => {
    const metric = multiclassMetrics[name as keyof typeof multiclassMetrics];
    near(metric.compute(y, P, sampleWeight ?? undefined), expected);
  });
});

describe('scipy and numpy', () => {
  it.each(golden.normalCdf)('normal distribution at %d', (x, expected) => {
    // Deep in the tail the rounding of x / sqrt(2) alone costs x^2 units in the last place.
    relativelyNear(normalCdf(x), expected, x < -10 ? 1e-12 : 4e-15);
  });
  it.each(golden.normalQuantile)('normal quantile at %d', (p, expected) => {
    relativelyNear(normalQuantile(p), expected, 1e-14);
  });
  it.each(golden.wilson)('Wilson interval of %d in %d at %d', (successes, n, level, lower, upper) => {
    const interval = wilsonInterval(successes, n, level);
    near(interval.lower, lower);
    near(interval.upper, upper);
  });
  it.each(golden.quantile)('quantile %d', (q, expected) => {
    near(sortedQuantile([0.5, 1.25, 3, 7, 7, 20], q), expected);
  });
  it('normal quantile at the ends', () => {
    expect([0, 1, -1, NaN].map(normalQuantile)).toEqual([-Infinity, Infinity, NaN, NaN]);
  });
});
