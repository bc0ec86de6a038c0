import { describe, expect, it } from 'vitest';
import { createRng } from '../../../src/core/rng.js';
import { localRegressions } from '../../../src/champion/forecast/local-regression.js';

const nKnown = 3;
const lags = [1, 3];
const size = nKnown + lags.length;

/** Ordinary normal equations, a row at a time, and Gauss' elimination. */
function oracle(
  rows: readonly { x: readonly number[]; y: number; weight: number }[],
  penalty: readonly number[],
  towards: readonly number[],
): number[] {
  const a = Array.from({ length: size }, (_, i) =>
    Array.from(
      { length: size },
      (_, j) =>
        rows.reduce((sum, { x, weight }) => sum + weight * x[i] * x[j], 0) + (i === j ? penalty[i] : 0),
    ),
  );
  const b = towards.map(
    (value, i) => rows.reduce((sum, { x, y, weight }) => sum + weight * x[i] * y, 0) + penalty[i] * value,
  );
  for (let i = 0; i < size; i++) {
    for (let r = 0; r < size; r++) {
      if (r === i) continue;
      const factor = a[r][i] / a[i][i];
      for (let c = 0; c < size; c++) a[r][c] -= factor * a[i][c];
      b[r] -= factor * b[i];
    }
  }
  return b.map((value, i) => value / a[i][i]);
}

describe('localRegressions', () => {
  const rng = createRng(1);
  const nDays = 90;
  const regressors = Float64Array.from({ length: nDays * nKnown }, (_, i) =>
    i % nKnown === 0 ? 1 : rng.normal(),
  );
  const z = Array.from({ length: 5 }, (_, k) =>
    Float64Array.from({ length: nDays }, (_, t) => {
      if (t < 5 * k || (k !== 2 && rng.uniform() < 0.05)) return NaN;
      return 3 + k + 0.5 * regressors[t * nKnown + 1] + 0.3 * rng.normal();
    }),
  );

  it('solves the drawn ridge regressions of every origin', () => {
    const origins = [40, 60, 90];
    const found = localRegressions(z, regressors, nKnown, lags, origins);
    origins.forEach((end, o) => {
      const kols = z.map((series, k) => {
        const known = [...series.slice(0, 40)].filter((value) => !Number.isNaN(value));
        const center = known.reduce((sum, value) => sum + value, 0) / known.length;
        expect(found[o].center[k]).toBeCloseTo(center, 12);
        const filled = [...series];
        for (let t = 0; t < nDays; t++) {
          if (!Number.isNaN(filled[t])) continue;
          filled[t] = t >= 7 && !Number.isNaN(filled[t - 7]) ? filled[t - 7] : NaN;
        }
        const rows = [];
        for (let t = 0; t < end; t++) {
          if (Number.isNaN(series[t])) continue;
          const past = lags.map((lag) => {
            const value = t >= lag ? filled[t - lag] : center;
            return (Number.isNaN(value) ? center : value) - center;
          });
          const x = [...regressors.slice(t * nKnown, (t + 1) * nKnown), ...past];
          rows.push({ x, y: series[t] - center, weight: 1 });
        }
        return { rows, variance: rows.reduce((sum, { y }) => sum + y * y, 0) / rows.length };
      });
      const pooled = kols.flatMap(({ rows, variance }) =>
        rows.map((row) => ({ ...row, weight: 1 / variance })),
      );
      const common = oracle(pooled, new Array<number>(size).fill(1e-3), new Array<number>(size).fill(0));
      kols.forEach(({ rows, variance }, k) => {
        const penalty = [0.1, 5, 5, 30, 30].map((days) => days * variance);
        const expected = oracle(rows, penalty, common);
        const own = found[o].coefficients.subarray(k * size, (k + 1) * size);
        expected.forEach((value, j) => expect(own[j]).toBeCloseTo(value, 8));
      });
    });
  });

  it('knows nothing of a KOL without values', () => {
    const [{ center, coefficients }] = localRegressions(
      [z[0], new Float64Array(nDays).fill(NaN)],
      regressors,
      nKnown,
      lags,
      [nDays],
    );
    expect(center[1]).toBeNaN();
    expect(coefficients.every(Number.isFinite)).toBe(true);
  });
});
