import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../../src/core/errors.js';
import { Matrix } from '../../../src/core/matrix.js';
import { createRng } from '../../../src/core/rng.js';
import { gradientBoosting } from '../../../src/learners/gbm/gradient-boosting.js';
import { planMemory, type FitShape } from '../../../src/learners/gbm/memory-plan.js';
import { scalesFor } from '../../../src/learners/gbm/scales.js';
import { controlEnd } from '../../../src/learners/kernels/control.js';

const shapes: fc.Arbitrary<FitShape> = fc
  .record({
    nRows: fc.integer({ min: 1, max: 3_000_000 }),
    nFeatures: fc.integer({ min: 1, max: 200 }),
    nMargins: fc.integer({ min: 1, max: 4 }),
    threads: fc.integer({ min: 1, max: 8 }),
    isWide: fc.boolean(),
    hasWeights: fc.boolean(),
    isSampled: fc.boolean(),
    isSymmetric: fc.boolean(),
    share: fc.double({ min: 0.01, max: 1, noNaN: true }),
    mostOpen: fc.integer({ min: 1, max: 100 }),
  })
  .map(({ share, ...shape }) => ({
    ...shape,
    nSlots: Math.max(1, Math.round(share * shape.nFeatures)),
    mostNodes: 2 * shape.mostOpen,
    sampleSize: Math.min(shape.nRows, 200_000),
  }));

describe('planMemory', () => {
  it('gives every array a place of its own, and binning what trees need only later', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const plan = planMemory(shape);
        const { nRows, nFeatures, nMargins, threads, nSlots } = shape;
        const always: [name: string, start: number, bytes: number][] = [
          ['columns', plan.columns, plan.columnStride * nFeatures],
          ['target', plan.target, 4 * nRows],
          ['weight', plan.weight, shape.hasWeights ? 4 * nRows : 0],
          ['margin', plan.margin, 4 * nRows * nMargins],
          ['gradient', plan.gradient, shape.isWide ? 4 * nRows * nMargins : 0],
          ['hessian', plan.hessian, shape.isWide ? 4 * nRows * nMargins : 0],
          ['bounds', plan.bounds, 1024 * nFeatures],
          ['results', plan.results, 160 * nSlots],
          ['thread memory', plan.threadMemory, plan.threadBytes * threads],
          ['thread histograms', plan.threadHistograms, threads > 1 ? plan.histogramBytes * threads : 0],
        ];
        const trees: typeof always = [
          ['packed', plan.packed, (shape.isWide ? 8 : 4) * nRows],
          ['index', plan.index, 4 * nRows],
          ['scratch', plan.scratch, 4 * nRows],
          ['row-major', plan.rowMajor, nSlots * nRows],
          ['histograms', plan.histograms, plan.histogramBytes * plan.nHistograms],
        ];
        const binning: typeof always = [
          ['staged', plan.staged, 4 * nRows * plan.nStaged],
          ['sort memory', plan.sortMemory, plan.sortBytes * plan.nStaged],
          ['sample', plan.sampleRows, shape.sampleSize < nRows ? 4 * shape.sampleSize : 0],
        ];
        for (const arrays of [
          [...always, ...trees],
          [...always, ...binning],
        ]) {
          const taken = arrays.filter(([, , bytes]) => bytes > 0).sort((a, b) => a[1] - b[1]);
          expect(taken[0][1]).toBeGreaterThanOrEqual(controlEnd);
          taken.slice(1).forEach(([name, start], k) => {
            const [before, from, bytes] = taken[k];
            if (start < from + bytes) expect.fail(`${name} begins inside ${before}`);
          });
          const [last, start, bytes] = taken[taken.length - 1];
          if (start + bytes > plan.totalBytes) expect.fail(`${last} ends behind the memory`);
        }
      }),
    );
  });

  it('refuses what no wasm memory holds', () => {
    const shape = { nRows: 60_000_000, nFeatures: 30, nMargins: 1, threads: 2, isWide: true };
    const rest = { hasWeights: false, isSampled: false, isSymmetric: false };
    const sizes = { nSlots: 30, mostOpen: 31, mostNodes: 62, sampleSize: 200_000 };
    expect(() => planMemory({ ...shape, ...rest, ...sizes })).toThrow(DataError);
    expect(() => planMemory({ ...shape, ...rest, ...sizes })).toThrow(/60000000 rows of 30 features .* GiB/);
  });

  it('is asked before any work starts: more than 2^31 cells are refused', async () => {
    const column = new Float32Array(70_000);
    const X = Matrix.fromColumns(Array.from({ length: 31_000 }, () => column));
    const refused = gradientBoosting().fit(X, new Uint8Array(70_000), { rng: createRng(1) });
    await expect(refused).rejects.toThrow(/70000 rows of 31000 features are more than 2\^31 cells/);
  });
});

describe('scalesFor', () => {
  const sizes = fc.integer({ min: 1, max: 100_000_000 });
  const maxima = fc.record({
    // Derivatives are float32.
    gradient: fc.oneof(fc.constant(0), fc.double({ min: 1e-38, max: 1e30, noNaN: true })),
    hessian: fc.oneof(fc.constant(0), fc.double({ min: 1e-38, max: 1e30, noNaN: true })),
  });

  it('keeps narrow sums of the largest derivatives within 32 bits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 23 }), maxima, (nRows, largest) => {
        const { gradient, hessian } = scalesFor(nRows, false, largest);
        expect(Math.round(largest.gradient * gradient) * nRows).toBeLessThan(2 ** 31);
        expect(Math.max(1, Math.round(largest.hessian * hessian)) * nRows).toBeLessThan(2 ** 32);
        expect(Math.round(largest.gradient * gradient)).toBeLessThan(2 ** 15);
        expect(Math.round(largest.hessian * hessian)).toBeLessThan(2 ** 16);
      }),
    );
  });

  it('keeps wide sums exact in doubles, and hessians out of the count', () => {
    fc.assert(
      fc.property(sizes, maxima, (nRows, largest) => {
        const { gradient, hessian, countShift } = scalesFor(nRows, true, largest);
        expect(Math.round(largest.gradient * gradient) * nRows).toBeLessThanOrEqual(2 ** 53);
        expect(Math.round(largest.gradient * gradient)).toBeLessThan(2 ** 31);
        const hessians = Math.max(1, Math.round(largest.hessian * hessian)) * nRows;
        expect(hessians).toBeLessThan(2 ** Math.min(countShift, 53));
        expect(nRows * 2 ** countShift + hessians).toBeLessThan(2 ** 64);
        expect(Number.isInteger(Math.log2(gradient))).toBe(true);
        expect(Number.isInteger(Math.log2(hessian))).toBe(true);
      }),
    );
  });
});
