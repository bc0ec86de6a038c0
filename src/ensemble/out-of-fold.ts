import { DataError } from '../core/errors.js';
import type { Split } from './folds.js';

declare const outOfFoldBrand: unique symbol;

/** The scores of one base model: `[nMargins]` arrays of `[nRows]`. */
export type Scores = readonly Float64Array[];

/**
 * Scores that no model gave to a row it was trained on. Only `collectOutOfFold` and what builds on it makes
 * them, so the stack and the calibrator cannot be handed in-fold scores by mistake.
 */
export interface OutOfFold {
  readonly [outOfFoldBrand]: true;
  /** `[nCovered]` rows of the training data that were judged, ascending. */
  readonly rows: Uint32Array;
  /** `[nBases]`, each with one score per judged row and margin. */
  readonly bases: readonly { readonly name: string; readonly scores: Scores }[];
}

/** Out-of-fold margins of a stack: what a calibrator learns from. */
export interface OutOfFoldMargin {
  readonly [outOfFoldBrand]: true;
  readonly rows: Uint32Array;
  readonly margin: Float64Array;
}

/** The same for the margins of several classes, `[nClasses]` arrays. */
export interface OutOfFoldMargins {
  readonly [outOfFoldBrand]: true;
  readonly rows: Uint32Array;
  readonly margins: readonly Float64Array[];
}

/**
 * Fits on each split's `train` rows, scores its `test` rows, and lays the scores of all splits side by side.
 *
 * @param fitAndScore all base models of one split, in the same order for every split; scores `[nMargins][test rows]`
 * @throws {DataError} when a row is judged twice, or a split hands over other bases or scores of another shape
 */
export async function collectOutOfFold(
  splits: readonly Split[],
  nRows: number,
  fitAndScore: (split: Split, index: number) => Promise<readonly { name: string; scores: Scores }[]>,
): Promise<OutOfFold> {
  const position = new Int32Array(nRows).fill(-1);
  const rows = Uint32Array.from(splits.flatMap(({ test }) => Array.from(test))).sort();
  rows.forEach((row, i) => {
    if (position[row] >= 0) throw new DataError(`out of fold: row ${row} is judged twice`);
    position[row] = i;
  });
  const parts = await Promise.all(splits.map((split, index) => fitAndScore(split, index)));
  const bases = (parts[0] ?? []).map(({ name, scores }, b) => ({
    name,
    scores: scores.map((_, k) => {
      const joined = new Float64Array(rows.length);
      parts.forEach((part, s) => {
        const { test } = splits[s];
        if (part[b] !== undefined && part[b].name !== name) {
          throw new DataError(`out of fold: split ${s} hands over ${part[b].name} where split 0 has ${name}`);
        }
        const values = part[b]?.scores[k];
        if (values?.length !== test.length) {
          throw new DataError(
            `out of fold: split ${s} scored ${values?.length ?? 0} rows with ${name}, expected ${test.length}`,
          );
        }
        test.forEach((row, i) => (joined[position[row]] = values[i]));
      });
      return joined;
    }),
  }));
  return { rows, bases } as unknown as OutOfFold;
}

/** Marks margins that were computed from out-of-fold scores by a function of low dimension. */
export function outOfFoldMargin(oof: OutOfFold, margin: Float64Array): OutOfFoldMargin {
  return { rows: oof.rows, margin } as unknown as OutOfFoldMargin;
}

/** As `outOfFoldMargin`, for several classes. */
export function outOfFoldMargins(oof: OutOfFold, margins: readonly Float64Array[]): OutOfFoldMargins {
  return { rows: oof.rows, margins } as unknown as OutOfFoldMargins;
}
