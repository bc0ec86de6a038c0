import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { Matrix } from '../../../../src/core/matrix.js';
import type { GradientBoostingModel } from '../../../../src/learners/gbm/model.js';
import { boostingMargins } from '../../../../src/learners/gbm/predict.js';

/** JSON has no NaN (null here) and no infinities (text). */
type Cell = number | string | null;

/** A foreign model and what it says of adversarial rows: written by test/golden/generate_foreign_boosters.py. */
export interface ForeignCase {
  readonly engine: 'xgboost' | 'lightgbm';
  readonly name: string;
  /** The file as the library writes it. */
  readonly model: string;
  /** `[nFeatures][nRows]` */
  readonly rows: readonly (readonly Cell[])[];
  /** `[nMargins][nRows]` */
  readonly margins: readonly (readonly number[])[];
  /** Margins of all trees, where `margins` are those of the best iterations. */
  readonly allMargins?: readonly (readonly number[])[];
  /** `[rows][nMargins][nFeatures + 1]` SHAP values of the first rows, the expected margin last. */
  readonly contributions?: readonly (readonly (readonly number[])[])[];
}

export interface ForeignGolden {
  readonly logf: { readonly x: readonly number[]; readonly y: readonly number[] };
  readonly cases: readonly ForeignCase[];
}

function read(name: string): ForeignGolden {
  return JSON.parse(
    readFileSync(new URL(`../../../golden/${name}.json`, import.meta.url), 'utf8'),
  ) as ForeignGolden;
}

export const golden = read('foreign-boosters');
/** Cases of past versions, by version. */
export const oldXgboost = ['1.7.6', '2.1.4'].flatMap((version) =>
  read(`xgboost-${version}`).cases.map((one) => ({ ...one, name: `${version} ${one.name}` })),
);
export const casesOf = (engine: ForeignCase['engine']): readonly ForeignCase[] =>
  golden.cases.filter((one) => one.engine === engine);

/** The file of a case. */
export function modelOf(engine: ForeignCase['engine'], name: string): string {
  return golden.cases.find((one) => one.engine === engine && one.name === name)!.model;
}

/** The rows of a case. */
export function rowsOf({ rows }: ForeignCase, names: readonly string[]): Matrix {
  return Matrix.fromColumns(
    rows.map((column) => Float32Array.from(column, (x) => (x === null ? NaN : Number(x)))),
    names,
  );
}

/** Every margin must be the same number. */
export function expectSameMargins(
  model: GradientBoostingModel,
  X: Matrix,
  margins: readonly (readonly number[])[],
): void {
  const wrong = boostingMargins(model, X).flatMap((margin, k) =>
    Array.from(margin, (actual, row) => ({ margin: k, row, actual, expected: margins[k]?.[row] })).filter(
      ({ actual, expected }) => actual !== expected,
    ),
  );
  expect(wrong.length, `differ, of ${X.nRows} rows: ${JSON.stringify(wrong.slice(0, 3))}`).toBe(0);
  expect(margins).toHaveLength(model.nMargins);
}
