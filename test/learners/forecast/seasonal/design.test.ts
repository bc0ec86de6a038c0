import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../../../src/core/rng.js';
import { penaltyOf, seasonalDesign, withEvents } from '../../../../src/learners/forecast/seasonal/design.js';
import { penalizedFactor, solveFactor } from '../../../../src/learners/forecast/seasonal/factor.js';
import { fittedValues, transposedProducts } from '../../../../src/learners/forecast/seasonal/products.js';
import {
  defaultSeasonalities,
  harmonicsOf,
} from '../../../../src/learners/forecast/seasonal/seasonalities.js';
import { solveWeighted } from '../../../../src/learners/forecast/seasonal/weighted-solve.js';
import { bruteForceRidge, solveDense } from './simulated-series.js';

const scales = { slope: 30, changepoint: 3, seasonality: 2, event: 5 };

/** A design with everything: hinges, a folded cycle, one that is not, an event. */
function designOf(n: number, hasSlope: boolean, origins: readonly number[] = []) {
  const seasonalities = [
    { period: 7, order: 3 },
    { period: 30.4, order: 2 },
  ];
  const shape = {
    n,
    hasSlope,
    changepoints: hasSlope
      ? Float64Array.from([0.2, 0.5, 0.8], (share) => Math.floor(share * n))
      : new Float64Array(0),
    harmonics: harmonicsOf(seasonalities),
  };
  const base = seasonalDesign(shape, [7, 30.4], origins);
  return withEvents(base, [
    { name: 'x@0', event: 'x', rows: Int32Array.of(1, n - 2), values: Float64Array.of(1, 0.5) },
  ]);
}

const columnsOf = ({ rows, n, nColumns }: { rows: Float64Array; n: number; nColumns: number }): number[][] =>
  Array.from({ length: nColumns }, (_, j) => Array.from({ length: n }, (_, i) => rows[i * nColumns + j]));

describe('fittedValues and transposedProducts', () => {
  it('are the products with the whole design, on any range', () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger(),
        fc.integer({ min: 14, max: 80 }),
        fc.boolean(),
        (seed, n, hasSlope) => {
          const rng = createRng(seed);
          const design = designOf(n, hasSlope);
          const columns = columnsOf(design);
          const vector = Float64Array.from(columns, () => rng.normal());
          const from = rng.integer(n);
          const to = from + 1 + rng.integer(n - from);
          const values = fittedValues(design, vector, from, to);
          for (let i = from; i < to; i++) {
            expect(values[i - from]).toBeCloseTo(
              columns.reduce((sum, column, j) => sum + column[i] * vector[j], 0),
              9,
            );
          }
          const z = Float64Array.from({ length: n }, () => (rng.uniform() < 0.1 ? NaN : rng.normal()));
          const origins = [Math.ceil(0.9 * n), n];
          transposedProducts(design, z, origins).forEach((sums, o) => {
            columns.forEach((column, j) => {
              const sum = column.reduce(
                (s, x, i) => s + (i < origins[o] && !Number.isNaN(z[i]) ? x * z[i] : 0),
                0,
              );
              expect(sums[j]).toBeCloseTo(sum, 9);
            });
          });
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('a design', () => {
  it('holds the Gram matrix of every origin', () => {
    const design = designOf(60, true, [40]);
    const columns = columnsOf(design);
    for (const origin of [40, 60]) {
      columns.forEach((a, j) =>
        columns.forEach((b, k) => {
          let sum = 0;
          for (let i = 0; i < origin; i++) sum += a[i] * b[i];
          expect(design.grams.get(origin)![j * design.nColumns + k]).toBeCloseTo(sum, 10);
        }),
      );
    }
  });

  it('leaves out harmonics that a shorter cycle has, and those that the grid cannot show', () => {
    const hours = harmonicsOf([
      { period: 24, order: 2 },
      { period: 168, order: 14 },
      { period: 4, order: 9 },
    ]);
    const multiples = [0, 1, 2].map((s) => hours.filter((h) => h.seasonality === s).map((h) => h.multiple));
    // The week's seventh and fourteenth harmonics are the day's first two.
    expect(multiples).toEqual([
      [1, 2],
      [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13],
      [1, 2],
    ]);
  });

  it('shuts changepoints in the last part of an origin', () => {
    const penalty = penaltyOf(designOf(100, true), scales, 60, 0.9);
    expect([...penalty.slice(0, 5)]).toEqual([0, 1 / 900, 1 / 9, 1 / 9, 1e12]);
    expect([...penalty.slice(5, 11)]).toEqual([1, 1, 4, 4, 9, 9].map((square) => square / 4));
  });
});

describe('defaultSeasonalities', () => {
  it('takes the natural cycles that were seen twice', () => {
    const step = (hours: number) => ({ unit: 'millisecond' as const, step: hours * 3_600_000 });
    expect(defaultSeasonalities(step(24), 1095)).toEqual([
      { period: 7, order: 3 },
      { period: 365.25, order: 10 },
    ]);
    expect(defaultSeasonalities(step(24), 700)).toEqual([{ period: 7, order: 3 }]);
    expect(defaultSeasonalities(step(24), 13)).toEqual([]);
    expect(defaultSeasonalities(step(1), 700)).toEqual([
      { period: 24, order: 8 },
      { period: 168, order: 24 },
    ]);
    expect(defaultSeasonalities({ unit: 'month', step: 1, day: 1 }, 24)).toEqual([{ period: 12, order: 6 }]);
    expect(defaultSeasonalities({ unit: 'month', step: 3, day: 1 }, 24)).toEqual([{ period: 4, order: 2 }]);
    expect(defaultSeasonalities({ unit: 'count', step: 1 }, 1000)).toEqual([]);
  });
});

describe('penalizedFactor', () => {
  it('solves as elimination does, begun anew or from a known part', () => {
    const design = designOf(60, true);
    const { nColumns } = design;
    const gram = design.grams.get(60)!;
    const penalty = penaltyOf(design, scales, 60, 1);
    const b = Float64Array.from({ length: nColumns }, (_, j) => Math.cos(j));
    const factor = penalizedFactor(gram, penalty);
    const dense = Array.from({ length: nColumns }, (_, j) =>
      Array.from({ length: nColumns }, (_, k) => gram[j * nColumns + k] + (j === k ? penalty[j] : 0)),
    );
    const expected = solveDense(dense, [...b]);
    solveFactor(factor, b, new Float64Array(nColumns)).forEach((x, j) =>
      expect(x).toBeCloseTo(expected[j], 9),
    );

    const size = nColumns - 1;
    const part = Float64Array.from(
      { length: size * size },
      (_, at) => gram[Math.floor(at / size) * nColumns + (at % size)],
    );
    const known = penalizedFactor(part, penalty.slice(0, size));
    expect(penalizedFactor(gram, penalty, known, size)).toEqual(factor);
  });
});

describe('solveWeighted', () => {
  it('is the ridge regression of the rows that are there, whether few or most are missing', () => {
    for (const share of [0.02, 0.2, 0.6]) {
      const rng = createRng(3);
      const n = 150;
      const design = designOf(n, true);
      const penalty = penaltyOf(design, scales, n, 1);
      const factor = penalizedFactor(design.grams.get(n)!, penalty);
      const z = Float64Array.from({ length: n }, (_, i) =>
        rng.uniform() < share ? NaN : Math.sin(i) + rng.normal(),
      );
      // A long gap beside the scattered ones.
      z.fill(NaN, 60, 60 + Math.floor(share * 40));
      const missing = Int32Array.from(Array.from(z.keys()).filter((i) => Number.isNaN(z[i])));
      const [rhs] = transposedProducts(design, z, [n]);
      const shortfall = { rows: missing, lacks: new Float64Array(missing.length).fill(1) };
      const found = solveWeighted({ design, penalty, factor }, rhs, shortfall);
      const expected = bruteForceRidge(columnsOf(design), [...penalty], z);
      found.forEach((x, j) => expect(x).toBeCloseTo(expected[j], 9));
    }
  });
});
