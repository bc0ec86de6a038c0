import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import { calibrate, sigmoid } from '../../src/ensemble/calibration/apply.js';
import { fitBeta } from '../../src/ensemble/calibration/beta.js';
import { chooseCalibrator } from '../../src/ensemble/calibration/choose.js';
import { fitIsotonic } from '../../src/ensemble/calibration/isotonic.js';
import { fitPlatt } from '../../src/ensemble/calibration/platt.js';
import { splitsOf, stratifiedFolds } from '../../src/ensemble/folds.js';
import { collectOutOfFold, outOfFoldMargin, type OutOfFoldMargin } from '../../src/ensemble/out-of-fold.js';

interface Golden {
  readonly margins: readonly number[];
  readonly binary: readonly number[];
  readonly platt: { readonly slope: number; readonly intercept: number; readonly p: readonly number[] };
  readonly isotonic: readonly number[];
  readonly beta: { readonly p: readonly number[] };
}
const golden = JSON.parse(
  readFileSync(new URL('../golden/ensemble.json', import.meta.url), 'utf8'),
) as Golden;

const largestGap = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a, (value, i) => Math.abs(value - b[i])).reduce((most, gap) => Math.max(most, gap), 0);

const fits = { platt: fitPlatt, beta: fitBeta, isotonic: fitIsotonic };

describe('calibrators', () => {
  it('platt agrees with _SigmoidCalibration of scikit-learn', () => {
    const model = fitPlatt(golden.margins, golden.binary);
    // scikit-learn stops its L-BFGS at a gradient of 1e-6.
    expect(largestGap(calibrate(model, golden.margins), golden.platt.p)).toBeLessThan(1e-6);
  });

  it('isotonic agrees with IsotonicRegression of scikit-learn at the training rows', () => {
    const model = fitIsotonic(golden.margins, golden.binary);
    // Knots are rounded to float32; between blocks the line is steep, but not between training rows of one block.
    expect(largestGap(calibrate(model, golden.margins), golden.isotonic)).toBeLessThan(1e-5);
  });

  it('beta agrees with betacal', () => {
    const model = fitBeta(golden.margins, golden.binary);
    // betacal stops its L-BFGS at a gradient of 1e-4.
    expect(largestGap(calibrate(model, golden.margins), golden.beta.p)).toBeLessThan(1e-3);
  });

  const rows = fc.array(
    fc.record({
      margin: fc.oneof(
        fc.double({ min: -12, max: 12, noNaN: true }),
        fc.constantFrom(-800, -40, -1, 0, 1, 40, 800),
      ),
      label: fc.constantFrom(0, 1),
    }),
    { minLength: 1, maxLength: 60 },
  );

  it.each(Object.entries(fits))('%s gives finite probabilities, whatever it was fitted on', (_, fit) => {
    fc.assert(
      fc.property(rows, (sample) => {
        const margins = sample.map(({ margin }) => margin);
        const model = fit(
          margins,
          sample.map(({ label }) => label),
        );
        for (const p of calibrate(model, [...margins, -1e4, -30, -0.5, 0, 0.5, 30, 1e4])) {
          expect(p).toBeGreaterThanOrEqual(0);
          expect(p).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  const grid = Array.from({ length: 400 }, (_, i) => -20 + i / 10);

  it.each(['platt', 'beta', 'isotonic'] as const)('%s never turns the order of scores round', (name) => {
    fc.assert(
      fc.property(rows, (sample) => {
        const model = fits[name](
          sample.map(({ margin }) => margin),
          sample.map(({ label }) => label),
        );
        const p = calibrate(model, grid);
        for (let i = 1; i < p.length; i++) expect(p[i]).toBeGreaterThanOrEqual(p[i - 1] - 1e-12);
      }),
    );
  });

  it('isotonic means of blocks equal the share of positives in them', () => {
    const margins = [-2, -2, -1, 0, 1, 2];
    const labels = [0, 1, 0, 1, 0, 1];
    const p = calibrate(fitIsotonic(margins, labels), margins);
    // -2 and -1 pool to 1/3, 0 and 1 to 1/2.
    [1 / 3, 1 / 3, 1 / 3, 0.5, 0.5, 1].forEach((share, i) => expect(p[i]).toBeCloseTo(share, 6));
  });
});

describe('chooseCalibrator', () => {
  const n = 4000;
  const folds = stratifiedFolds(
    Array.from({ length: n }, (_, i) => `${i}`),
    new Uint8Array(n),
    5,
    1,
  );

  /** Margins that are the true log-odds, seen through `distort`, with labels drawn from the truth. */
  async function margins(
    seed: number,
    distort: (truth: number) => number,
  ): Promise<{ oof: OutOfFoldMargin; y: Float64Array; truth: Float64Array }> {
    const rng = createRng(seed);
    const truth = Float64Array.from({ length: n }, () => 2 * rng.normal());
    const y = truth.map((margin) => (rng.uniform() < sigmoid(margin) ? 1 : 0));
    const seen = truth.map(distort);
    const oof = await collectOutOfFold(splitsOf(folds), n, ({ test }) =>
      Promise.resolve([{ name: 'seen', scores: [Float64Array.from(test, (i) => seen[i])] }]),
    );
    return { oof: outOfFoldMargin(oof, seen), y, truth };
  }

  it('leaves calibrated margins as they are', async () => {
    for (const seed of [1, 2, 3]) {
      const { oof, y } = await margins(seed, (truth) => truth);
      expect(chooseCalibrator(oof, y, folds).name).toBe('identity');
    }
  });

  it('undoes a wrong slope and a shift by the simplest map that can', async () => {
    const { oof, y, truth } = await margins(4, (margin) => 3 * margin - 2);
    const { name, model, losses } = chooseCalibrator(oof, y, folds);
    expect(name).toBe('platt');
    expect(largestGap(calibrate(model, oof.margin), truth.map(sigmoid))).toBeLessThan(0.04);
    expect(losses.map((candidate) => candidate.name)).toEqual(['identity', 'platt', 'beta', 'isotonic']);
  });

  it('takes a flexible map where a straight one does not do', async () => {
    const { oof, y, truth } = await margins(5, (margin) => (margin > 0 ? 6 : 0.2) * margin);
    const { name, model } = chooseCalibrator(oof, y, folds);
    expect(['beta', 'isotonic']).toContain(name);
    const meanGap = (p: ArrayLike<number>): number =>
      truth.reduce((sum, margin, i) => sum + Math.abs(sigmoid(margin) - p[i]), 0) / n;
    expect(meanGap(calibrate(model, oof.margin))).toBeLessThan(0.5 * meanGap(oof.margin.map(sigmoid)));
  });
});
