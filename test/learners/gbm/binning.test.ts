import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextFloat32, previousFloat32 } from '../../../src/core/float32.js';
import { Matrix } from '../../../src/core/matrix.js';
import { createRng } from '../../../src/core/rng.js';
import { fitBins, mapToBins } from '../../../src/learners/gbm/binning.js';

/** Values crowded together: small integers, neighbours in float32, both zeros, the ends of the order, missing. */
const value = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -4, max: 4 }) },
  { weight: 2, arbitrary: fc.float({ noNaN: true }) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(1, 1e-45, -1e-45, -0, 3.4028234663852886e38, -3.4028234663852886e38)
      .map(Math.fround),
  },
  { weight: 1, arbitrary: fc.constantFrom(nextFloat32(1), previousFloat32(1), Infinity, -Infinity, NaN) },
);
const column = fc.array(value, { minLength: 1, maxLength: 80 });
const maxBins = fc.oneof(fc.integer({ min: 2, max: 12 }), fc.constant(255));

describe('binning', () => {
  it('x <= bounds[b] exactly where the bin of x is at most b', () => {
    fc.assert(
      fc.property(column, maxBins, (values, most) => {
        const X = Matrix.fromColumns([values]);
        const mapper = fitBins(X, most, createRng(1));
        const [bins] = mapToBins(mapper, X);
        const [bounds] = mapper.bounds;
        expect(bounds.length + 1).toBeLessThanOrEqual(most);
        bounds.forEach((bound, b) => {
          expect(Number.isNaN(bound)).toBe(false);
          if (b > 0) expect(bound).toBeGreaterThan(bounds[b - 1]);
        });
        X.columns[0].forEach((x, i) => {
          if (Number.isNaN(x)) expect(bins[i]).toBe(bounds.length + 1);
          else {
            expect(bins[i]).toBeLessThanOrEqual(bounds.length);
            bounds.forEach((bound, b) => expect(x <= bound).toBe(bins[i] <= b));
          }
        });
      }),
      { numRuns: 500 },
    );
  });

  it('gives every value a bin of its own where there are enough bins', () => {
    fc.assert(
      fc.property(column, (values) => {
        const X = Matrix.fromColumns([values]);
        const mapper = fitBins(X, 255, createRng(1));
        const [bins] = mapToBins(mapper, X);
        // -0 and 0 are one value.
        const present = X.columns[0].filter((x) => x === x).map((x) => x + 0);
        expect(mapper.bounds[0].length + 1).toBe(Math.max(1, new Set(present).size));
        const binOf = new Map<number, number>();
        X.columns[0].forEach((x, i) => {
          if (Number.isNaN(x)) return;
          expect(binOf.get(x) ?? bins[i]).toBe(bins[i]);
          binOf.set(x, bins[i]);
        });
        expect(new Set(binOf.values()).size).toBe(new Set(present).size);
      }),
      { numRuns: 300 },
    );
  });

  it('fills bins about equally, and keeps a heavy value nearly to itself', () => {
    const rng = createRng(2);
    const values = Float32Array.from({ length: 20_000 }, (_, i) => (i % 4 === 0 ? 0.5 : rng.normal()));
    const X = Matrix.fromColumns([values]);
    const mapper = fitBins(X, 32, createRng(1));
    const [bins] = mapToBins(mapper, X);
    const counts = new Array<number>(32).fill(0);
    bins.forEach((bin) => counts[bin]++);
    const heavy = counts.findIndex((count) => count >= 5000);
    // A neighbour's bin that is less than half full joins the heavy value, as in LightGBM.
    expect(counts[heavy] - 5000).toBeLessThan(15_000 / 31 / 2);
    counts.forEach((count, bin) => {
      if (bin !== heavy) expect(count).toBeLessThan((1.5 * 15_000) / 31);
    });
    expect(mapper.bounds[0].length).toBeGreaterThan(28);
  });
});
