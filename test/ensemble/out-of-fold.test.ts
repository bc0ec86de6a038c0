import { describe, expect, it } from 'vitest';
import { chooseCalibrator } from '../../src/ensemble/calibration/choose.js';
import { splitsOf, stratifiedFolds } from '../../src/ensemble/folds.js';
import { collectOutOfFold, outOfFoldMargin } from '../../src/ensemble/out-of-fold.js';
import { fitStack } from '../../src/ensemble/stack.js';

const keys = Array.from({ length: 60 }, (_, i) => `row ${i}`);
const folds = stratifiedFolds(keys, new Uint8Array(60), 4, 3);

describe('collectOutOfFold', () => {
  it('scores no row by a model that saw it, and every row once', async () => {
    const seenBy = splitsOf(folds).map(({ train }) => new Set(train));
    // The score of a row names the split whose model gave it.
    const oof = await collectOutOfFold(splitsOf(folds), 60, ({ test }, index) =>
      Promise.resolve([
        { name: 'spy', scores: [new Float64Array(test.length).fill(index), Float64Array.from(test)] },
      ]),
    );
    expect([...oof.rows]).toEqual(keys.map((_, i) => i));
    const [model, row] = oof.bases[0].scores;
    oof.rows.forEach((i, at) => {
      expect(seenBy[model[at]].has(i)).toBe(false);
      expect(row[at]).toBe(i);
    });
  });

  it('keeps the rows apart where not all of them are judged', async () => {
    const splits = [
      { train: Uint32Array.of(0, 1), test: Uint32Array.of(9, 4) },
      { train: Uint32Array.of(0, 1, 4), test: Uint32Array.of(7) },
    ];
    const oof = await collectOutOfFold(splits, 12, ({ test }) =>
      Promise.resolve([{ name: 'row', scores: [Float64Array.from(test, (i) => 10 * i)] }]),
    );
    expect([...oof.rows]).toEqual([4, 7, 9]);
    expect([...oof.bases[0].scores[0]]).toEqual([40, 70, 90]);
  });

  it('refuses rows judged twice and scores of the wrong shape', async () => {
    const twice = [Uint32Array.of(1), Uint32Array.of(2, 1)].map((test) => ({
      train: Uint32Array.of(0),
      test,
    }));
    const score = (values: number) => () =>
      Promise.resolve([{ name: 'short', scores: [new Float64Array(values)] }]);
    await expect(collectOutOfFold(twice, 3, score(1))).rejects.toThrow('row 1 is judged twice');
    await expect(collectOutOfFold(splitsOf(folds), 60, score(3))).rejects.toThrow(
      'split 0 scored 3 rows with short, expected 15',
    );
  });

  it('refuses splits whose base models come in another order', async () => {
    const named = collectOutOfFold(splitsOf(folds), 60, ({ test }, index) =>
      Promise.resolve(
        (index === 2 ? ['b', 'a'] : ['a', 'b']).map((name) => ({
          name,
          scores: [new Float64Array(test.length)],
        })),
      ),
    );
    await expect(named).rejects.toThrow('split 2 hands over b where split 0 has a');
  });
});

describe('in-fold scores', () => {
  it('cannot be passed to stack or calibrator: the compiler refuses them', () => {
    const y = new Float64Array(60);
    const rows = Uint32Array.from(keys.keys());
    const inFold = { rows, bases: [{ name: 'a', scores: [y] }] };
    const plan = { task: 'binary', nMargins: 1, consensus: ['a'] } as const;
    // tsc checks the lines below; they are not run.
    const refused = [
      // @ts-expect-error scores that were not collected out of fold
      () => fitStack(plan, inFold, y, folds),
      // @ts-expect-error margins of such scores
      () => chooseCalibrator({ rows, margin: y }, y, folds),
      // @ts-expect-error no way around through the margin
      () => outOfFoldMargin(inFold, y),
    ];
    expect(refused).toHaveLength(3);
  });
});
