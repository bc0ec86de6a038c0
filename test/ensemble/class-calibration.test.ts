import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import { calibrateClasses, chooseClassCalibrator } from '../../src/ensemble/calibration/classes.js';
import type { ClassCalibratorModel } from '../../src/ensemble/calibration/class-model.js';
import { splitsOf, stratifiedFolds } from '../../src/ensemble/folds.js';
import { collectOutOfFold, outOfFoldMargins } from '../../src/ensemble/out-of-fold.js';
import type { Choice } from '../../src/ensemble/pick-simplest.js';

const nRows = 4000;

/** Margins whose softmax is what the labels are drawn from, then distorted; and what was chosen for them. */
async function chosenFor(
  distort: (z: number, k: number) => number,
  nClasses = 3,
): Promise<{ choice: Choice<ClassCalibratorModel>; margins: Float64Array[]; y: Float64Array }> {
  const rng = createRng(3);
  const y = new Float64Array(nRows);
  const margins = Array.from({ length: nClasses }, () => new Float64Array(nRows));
  for (let i = 0; i < nRows; i++) {
    const z = margins.map(() => 2 * rng.normal());
    const shares = z.map(Math.exp);
    let left = rng.uniform() * shares.reduce((a, b) => a + b);
    y[i] = Math.max(
      0,
      shares.findIndex((share) => (left -= share) <= 0),
    );
    margins.forEach((margin, k) => (margin[i] = distort(z[k], k)));
  }
  const folds = stratifiedFolds(
    Array.from(y, (_, i) => `r${i}`),
    y,
    5,
    1,
  );
  const oof = await collectOutOfFold(splitsOf(folds), nRows, ({ test }) =>
    Promise.resolve([
      { name: 'm', scores: margins.map((margin) => Float64Array.from(test, (row) => margin[row])) },
    ]),
  );
  return { choice: chooseClassCalibrator(outOfFoldMargins(oof, margins), y, folds), margins, y };
}

describe('calibrators of classes', () => {
  it('leave margins alone that are right already', async () => {
    expect((await chosenFor((z) => z)).choice.name).toBe('identity');
  });

  it('find the temperature of margins that are too sure', async () => {
    const { choice } = await chosenFor((z) => 3 * z);
    expect(choice.name).toBe('temperature');
    expect(choice.model.kind === 'temperature' && choice.model.scale).toBeCloseTo(1 / 3, 1);
  });

  it('find scale and offset of every class', async () => {
    const { choice, margins, y } = await chosenFor((z, k) => [z, 2 * z + 1, z / 2 - 1][k]);
    expect(choice.name).toBe('vector');
    if (choice.model.kind !== 'vector') throw new Error('no vector');
    const { scale } = choice.model;
    [1, 0.5, 2].forEach((wanted, k) => expect(Math.abs(Math.log(scale[k] / wanted))).toBeLessThan(0.15));
    // What the likelihood is largest for gives every class its own frequency.
    const P = calibrateClasses(choice.model, margins);
    P.forEach((p, k) => {
      const expected = p.reduce((sum, value) => sum + value, 0);
      expect(expected).toBeCloseTo(y.filter((label) => label === k).length, 2);
    });
    for (let i = 0; i < nRows; i++) expect(P[0][i] + P[1][i] + P[2][i]).toBeCloseTo(1, 12);
  });

  it('never turn an order round', async () => {
    const { choice } = await chosenFor((z) => -z);
    if (choice.model.kind === 'temperature') expect(choice.model.scale).toBe(0);
    else expect(choice.name).toBe('vector');
  });

  it('give many classes a temperature only', async () => {
    const { choice } = await chosenFor((z, k) => [z, 2 * z + 1, z / 2 - 1, z, z, z][k], 6);
    expect(choice.losses.map(({ name }) => name)).toEqual(['identity', 'temperature']);
  });
});
