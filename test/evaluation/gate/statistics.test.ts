import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dieboldMariano } from '../../../src/evaluation/diebold-mariano.js';
import { holmAdjusted } from '../../../src/evaluation/drift/holm.js';
import { spentAlpha } from '../../../src/evaluation/gate/alpha-spending.js';
import { judgeSlices } from '../../../src/evaluation/gate/checks/slices.js';
import { studentCdf } from '../../../src/evaluation/student.js';

const golden = JSON.parse(readFileSync(new URL('../../golden/gate.json', import.meta.url), 'utf8')) as {
  student: { t: number; degrees: number; cdf: number }[];
  dieboldMariano: { a: number[]; b: number[]; horizon: number; statistic: number; pValue: number }[];
  holm: { p: number[]; adjusted: number[] }[];
};

describe('studentCdf', () => {
  it('is that of SciPy, deep in the tails too', () => {
    for (const { t, degrees, cdf } of golden.student) {
      expect(Math.abs(studentCdf(t, degrees) / cdf - 1)).toBeLessThan(1e-10);
    }
  });
});

describe('dieboldMariano', () => {
  it('is the corrected statistic, computed by NumPy and SciPy from its definition', () => {
    for (const { a, b, horizon, statistic, pValue } of golden.dieboldMariano) {
      const found = dieboldMariano(a, b, horizon);
      expect(found.statistic).toBeCloseTo(statistic, 9);
      expect(found.pValue).toBeCloseTo(pValue, 9);
    }
  });
  it('changes its sign with the order and knows equal forecasts', () => {
    const [{ a, b, horizon }] = golden.dieboldMariano;
    expect(dieboldMariano(b, a, horizon).statistic).toBeCloseTo(-dieboldMariano(a, b, horizon).statistic, 12);
    expect(dieboldMariano(a, a, horizon)).toEqual({ difference: 0, statistic: 0, pValue: 1 });
    expect(() => dieboldMariano([1, 2], [1, 2], 3)).toThrow('2 losses, expected at least 5');
  });
});

describe('holmAdjusted', () => {
  it('is that of statsmodels', () => {
    for (const { p, adjusted } of golden.holm) {
      holmAdjusted(p).forEach((value, i) => {
        expect(value).toBeCloseTo(adjusted[i], 12);
      });
    }
  });
});

describe('spentAlpha', () => {
  it('never spends more than alpha, and nearly all of it in the end', () => {
    const sum = Array.from({ length: 100_000 }, (_, k) => spentAlpha(0.05, k + 1)).reduce((a, b) => a + b, 0);
    expect(sum).toBeLessThan(0.05);
    expect(sum).toBeGreaterThan(0.0499);
  });
});

describe('judgeSlices', () => {
  const limits = { sliceRows: 20, sliceMargin: 0.01 };
  it('judges none by too few rows, and the order of slices does not matter', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 1e6 }),
        (sizes, seed) => {
          let state = seed;
          const next = (): number => (state = (state * 48_271 + 11) % 2_147_483_647) / 2_147_483_647;
          const slices = sizes.map((size, s) => ({
            name: String(s),
            y: Float64Array.from({ length: size }, () => (next() < 0.5 ? 1 : 0)),
            a: Float64Array.from({ length: size }, next),
            b: Float64Array.from({ length: size }, next),
          }));
          const found = judgeSlices(slices, limits);
          found.forEach(({ nRows, judged, pValue }) => {
            expect(judged).toBe(nRows >= 20);
            if (!judged) expect(pValue).toBe(1);
          });
          const turned = [...judgeSlices([...slices].reverse(), limits)].reverse();
          found.forEach(({ pValue }, s) => {
            expect(turned[s].pValue).toBeCloseTo(pValue, 12);
          });
        },
      ),
    );
  });
});
