import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import { spentAlpha } from '../../src/evaluation/alpha-spending.js';
import { bootstrapMeans } from '../../src/evaluation/bca.js';
import { calibrationInTheLarge } from '../../src/evaluation/calibration-in-the-large.js';
import { delong, delongPaired } from '../../src/evaluation/delong.js';
import { dieboldMariano } from '../../src/evaluation/diebold-mariano.js';
import { studentCdf, studentQuantile } from '../../src/evaluation/student-t.js';

interface Golden {
  delong: { name: string; y: number[]; a: number[]; b: number[]; expected: Record<string, number> }[];
  student: { t: number; degrees: number; cdf: number; quantile: number }[];
  dieboldMariano: { horizon: number; differences: number[]; expected: Record<string, number> }[];
  bca: { values: number[]; lower: number; upper: number; standardError: number }[];
  inTheLarge: { y: number[]; p: number[]; intercept: number; standardError: number }[];
}
const golden = JSON.parse(readFileSync(new URL('../golden/gate.json', import.meta.url), 'utf8')) as Golden;

describe('DeLong beside the definition over all pairs in NumPy', () => {
  it.each(golden.delong)('$name', ({ y, a, b, expected }) => {
    const paired = delongPaired(y, a, b);
    expect(delong(y, a).auc).toBeCloseTo(expected.aucA, 12);
    expect(delong(y, b).auc).toBeCloseTo(expected.aucB, 12);
    expect(delong(y, a).standardError).toBeCloseTo(expected.standardErrorA, 12);
    expect(paired.difference).toBeCloseTo(expected.difference, 12);
    expect(paired.standardError).toBeCloseTo(expected.standardError, 12);
    expect(paired.pValue).toBeCloseTo(expected.pValue, 12);
  });
});

describe("Student's t", () => {
  it.each(golden.student)('is that of SciPy at $t with $degrees degrees', ({ t, degrees, cdf, quantile }) => {
    expect(studentCdf(t, degrees)).toBeCloseTo(cdf, 13);
    expect(Math.abs(studentQuantile(cdf, degrees) - quantile)).toBeLessThan(1e-8 * (1 + Math.abs(quantile)));
  });
  it('refuses half a degree', () => {
    expect(() => studentCdf(1, 0.5)).toThrow('degrees=0.5 must be a whole number from 1');
  });
});

describe('Diebold and Mariano', () => {
  it.each(golden.dieboldMariano)('as written in the papers, $horizon steps ahead', (example) => {
    const found = dieboldMariano(example.differences, example.horizon);
    expect(found.statistic).toBeCloseTo(example.expected.statistic, 11);
    expect(found.pValue).toBeCloseTo(example.expected.pValue, 11);
    // The ends of an interval are where the test turns.
    const shifted = example.differences.map((value) => value - found.quantile(0.025));
    expect(dieboldMariano(shifted, example.horizon).pValue).toBeCloseTo(0.05, 9);
  });
  it('changes its sign with its sides, and is 0 for equal forecasts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 8, maxLength: 40 }),
        (d) => {
          const one = dieboldMariano(d, 2);
          const other = dieboldMariano(
            d.map((value) => -value),
            2,
          );
          expect(other.statistic).toBeCloseTo(-one.statistic, 9);
        },
      ),
    );
    expect(dieboldMariano([0, 0, 0, 0])).toMatchObject({
      difference: 0,
      standardError: 0,
      statistic: 0,
      pValue: 1,
    });
  });
  it('refuses a NaN and a horizon beyond half of what there is', () => {
    expect(() => dieboldMariano([1, NaN])).toThrow('differences[1]=NaN must be finite');
    expect(() => dieboldMariano([1, 2, 3, 4], 2)).toThrow('horizon=2');
    expect(() => dieboldMariano([1])).toThrow('1 differences, expected at least two');
  });
});

describe('the BCa bootstrap of means', () => {
  it.each(golden.bca)(
    "has SciPy's ends, within the noise of resampling",
    ({ values, lower, upper, standardError }) => {
      const [found] = bootstrapMeans([Float64Array.from(values)], { replicates: 100_000, rng: createRng(3) });
      expect(Math.abs(found.quantile(0.025) - lower)).toBeLessThan(0.03 * standardError);
      expect(Math.abs(found.quantile(0.975) - upper)).toBeLessThan(0.03 * standardError);
    },
  );
  it('is the same for a seed, mirrors, and has no width for a constant', () => {
    const values = Float64Array.from({ length: 37 }, (_, i) => Math.sin(i) ** 3);
    const [one, mirrored, constant] = bootstrapMeans(
      [values, values.map((value) => -value), new Float64Array(37).fill(2)],
      { replicates: 500, rng: createRng(1) },
    );
    const [again] = bootstrapMeans([values], { replicates: 500, rng: createRng(1) });
    expect(again.quantile(0.1)).toBe(one.quantile(0.1));
    expect(mirrored.quantile(0.9)).toBeCloseTo(-one.quantile(0.1), 12);
    expect(constant.quantile(0.001)).toBe(2);
    expect(one.quantile(0.4)).toBeLessThan(one.quantile(0.6));
  });
  it('refuses what is not finite, naming the row', () => {
    expect(() => bootstrapMeans([Float64Array.of(1, Infinity)], { rng: createRng(1) })).toThrow(
      'value Infinity of row 1 must be finite',
    );
  });
});

describe('calibration in the large', () => {
  it.each(golden.inTheLarge)('is the root that SciPy finds', ({ y, p, intercept, standardError }) => {
    const found = calibrationInTheLarge(y, p);
    expect(found?.intercept).toBeCloseTo(intercept, 10);
    expect(found?.standardError).toBeCloseTo(standardError, 10);
  });
  it('does not exist for one class', () => {
    expect(calibrationInTheLarge([1, 1], [0.3, 0.6])).toBeNull();
  });
});

describe('the spending of alpha', () => {
  it('never exceeds alpha over all looks', () => {
    const total = (spending: 'inverse-square' | 'even'): number =>
      Array.from({ length: 5_000 }, (_, k) => spentAlpha(0.05, k + 1, spending, 20)).reduce(
        (a, b) => a + b,
        0,
      );
    expect(total('inverse-square')).toBeLessThanOrEqual(0.05);
    expect(total('inverse-square')).toBeGreaterThan(0.0499);
    expect(total('even')).toBeCloseTo(0.05, 12);
    expect(spentAlpha(0.05, 21, 'even', 20)).toBe(0);
    expect(spentAlpha(0.05, 7, 'none')).toBe(0.05);
  });
  it('refuses look 0', () => {
    expect(() => spentAlpha(0.05, 0, 'none')).toThrow('look=0 must be a whole number from 1');
  });
});
