import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Matrix } from '../../../src/core/matrix.js';
import { createRng } from '../../../src/core/rng.js';
import { fitBins, mapToBins } from '../../../src/learners/gbm/binning.js';
import {
  binOffsets,
  buildHistogram,
  subtractHistogram,
  type Histogram,
} from '../../../src/learners/gbm/histogram.js';
import { findBestSplit, type SplitRules } from '../../../src/learners/gbm/split.js';

interface Row {
  readonly x: readonly number[];
  readonly g: number;
  readonly h: number;
}

const nFeatures = 3;
const features = Int32Array.from({ length: nFeatures }, (_, j) => j);
const cell = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: -3, max: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity) },
);
const rowsOf = fc.array(
  fc.record({
    x: fc.array(cell, { minLength: nFeatures, maxLength: nFeatures }),
    g: fc.double({ min: -3, max: 3, noNaN: true }),
    h: fc.double({ min: 0.05, max: 2, noNaN: true }),
  }),
  { minLength: 2, maxLength: 30 },
);
const rulesOf: fc.Arbitrary<SplitRules> = fc.record({
  minSamplesLeaf: fc.integer({ min: 1, max: 6 }),
  minChildWeight: fc.constantFrom(1e-3, 1),
  l2Regularization: fc.constantFrom(0, 0.5, 3),
  minGainToSplit: fc.constantFrom(0, 0.3),
  monotone: fc
    .array(fc.constantFrom(-1, 0, 0, 1), { minLength: nFeatures, maxLength: nFeatures })
    .map((signs) => Int8Array.from(signs)),
});

function binned(rows: readonly Row[]): {
  mapper: ReturnType<typeof fitBins>;
  offsets: Int32Array;
  histogram: (of: readonly number[]) => Histogram;
} {
  const X = Matrix.fromColumns(Array.from(features, (j) => rows.map((row) => row.x[j])));
  const mapper = fitBins(X, 255, createRng(1));
  const bins = mapToBins(mapper, X);
  const offsets = binOffsets(mapper.bounds.map((bounds) => bounds.length + 2));
  const g = Float64Array.from(rows, (row) => row.g);
  const h = Float64Array.from(rows, (row) => row.h);
  const buffer = { gradient: new Float64Array(rows.length), hessian: new Float64Array(rows.length) };
  return {
    mapper,
    offsets,
    histogram(of) {
      // Not zero: what was there before must not matter.
      const out = new Float64Array(3 * offsets[nFeatures]).fill(7);
      buildHistogram(out, bins, offsets, features, Uint32Array.from(of), 0, of.length, g, h, buffer);
      return out;
    },
  };
}

const total = (rows: readonly Row[], of: 'g' | 'h'): number => rows.reduce((sum, row) => sum + row[of], 0);

/** The gain of sending `left` one way and `right` the other; undefined where the rules forbid it. */
function gainOf(
  left: readonly Row[],
  right: readonly Row[],
  rules: SplitRules,
  sign: number,
): number | undefined {
  if (Math.min(left.length, right.length) < rules.minSamplesLeaf) return undefined;
  if (Math.min(total(left, 'h'), total(right, 'h')) < rules.minChildWeight) return undefined;
  const value = (side: readonly Row[]): number =>
    -total(side, 'g') / (total(side, 'h') + rules.l2Regularization);
  if ((value(right) - value(left)) * sign < 0) return undefined;
  // Twice the fall of g v + (h + l2) v² / 2 at the best v.
  const score = (side: readonly Row[]): number => -total(side, 'g') * value(side);
  return score(left) + score(right) - score([...left, ...right]);
}

const goesLeft = (x: number, threshold: number, missingLeft: boolean): boolean =>
  Number.isNaN(x) ? missingLeft : x <= threshold;

describe('split search', () => {
  it('finds the gain that trying every cut of the raw rows finds', () => {
    fc.assert(
      fc.property(rowsOf, rulesOf, (rows, rules) => {
        const { mapper, offsets, histogram } = binned(rows);
        let best = 0;
        for (const j of features) {
          for (const threshold of new Set(rows.map((row) => row.x[j]).filter((x) => !Number.isNaN(x)))) {
            for (const missingLeft of [true, false]) {
              const left = rows.filter((row) => goesLeft(row.x[j], threshold, missingLeft));
              const right = rows.filter((row) => !goesLeft(row.x[j], threshold, missingLeft));
              best = Math.max(best, gainOf(left, right, rules, rules.monotone[j]) ?? 0);
            }
          }
        }
        // On the edge of a rule, rounding may decide either way.
        fc.pre(Math.abs(best - rules.minGainToSplit) > 1e-9 || best === 0);
        const node = {
          gradient: total(rows, 'g'),
          hessian: total(rows, 'h'),
          count: rows.length,
          lower: -Infinity,
          upper: Infinity,
        };
        const found = findBestSplit(histogram([...rows.keys()]), offsets, features, node, rules);
        if (best <= rules.minGainToSplit) {
          // A gain of rounding size is no gain.
          expect(found?.gain ?? 0).toBeLessThan(1e-9);
          return;
        }
        expect(found?.gain).toBeCloseTo(best, 9);
        if (found === undefined) return;
        // What it says of its sides is true of the rows.
        const bounds = mapper.bounds[found.feature];
        const threshold = found.bin < bounds.length ? bounds[found.bin] : Infinity;
        const left = rows.filter((row) => goesLeft(row.x[found.feature], threshold, found.missingLeft));
        expect(found.left.count).toBe(left.length);
        expect(found.right.count).toBe(rows.length - left.length);
        expect(found.left.gradient).toBeCloseTo(total(left, 'g'), 9);
        expect(found.right.hessian).toBeCloseTo(node.hessian - total(left, 'h'), 9);
      }),
      { numRuns: 1000 },
    );
  });

  it('lets no side of a monotone split cross the middle', () => {
    const rows = [0, 1, 2, 3].map((x) => ({ x: [x, 0, 0], g: x < 2 ? 1 : -3, h: 1 }));
    const { offsets, histogram } = binned(rows);
    const node = { gradient: -4, hessian: 4, count: 4, lower: -Infinity, upper: Infinity };
    const rules = { minSamplesLeaf: 1, minChildWeight: 0, l2Regularization: 0, minGainToSplit: 0 };
    const search = (sign: number): ReturnType<typeof findBestSplit> =>
      findBestSplit(histogram([0, 1, 2, 3]), offsets, features, node, {
        ...rules,
        monotone: Int8Array.of(sign, 0, 0),
      });
    // Left -1, right 3.
    expect(search(1)).toMatchObject({ bin: 1, left: { upper: 1 }, right: { lower: 1 } });
    expect(search(-1)).toBeUndefined();
  });
});

describe('histogram', () => {
  it('parent less child is the sibling', () => {
    fc.assert(
      fc.property(rowsOf, fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }), (rows, picks) => {
        const { offsets, histogram } = binned(rows);
        const all = [...rows.keys()];
        const parent = histogram(all);
        subtractHistogram(parent, histogram(all.filter((i) => picks[i])), offsets);
        const sibling = histogram(all.filter((i) => !picks[i]));
        parent.forEach((sum, k) => expect(sum).toBeCloseTo(sibling[k], 10));
        // Rows are counted exactly.
        for (let k = 2; k < parent.length; k += 3) expect(parent[k]).toBe(sibling[k]);
        for (const j of features) {
          let count = 0;
          for (let b = offsets[j]; b < offsets[j + 1]; b++) count += sibling[3 * b + 2];
          expect(count).toBe(all.filter((i) => !picks[i]).length);
        }
      }),
      { numRuns: 200 },
    );
  });
});
