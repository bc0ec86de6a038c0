import { DataError } from '../../core/errors.js';
import type { Matrix } from '../../core/matrix.js';
import type { GradientBoostingParams } from './params.js';

/** What a fit learns from: rows of no weight are left out from here on. */
export interface TrainingRows {
  readonly X: Matrix;
  /** `[nRows]` rows of `X` that have weight; undefined for all. */
  readonly rows: Uint32Array | undefined;
  readonly nRows: number;
  /** `[nRows]` */
  readonly y: ArrayLike<number>;
  /** `[nRows]`; undefined where all are 1. */
  readonly weight: Float64Array | undefined;
}

/** The rows that have weight, class weights included. */
export function trainingRows(
  X: Matrix,
  y: ArrayLike<number>,
  sampleWeight: Float64Array | undefined,
  params: GradientBoostingParams,
): TrainingRows {
  const factors = classFactors(y, sampleWeight, params);
  if (sampleWeight === undefined && factors === undefined) {
    return { X, rows: undefined, nRows: X.nRows, y, weight: undefined };
  }
  const weight = Float64Array.from(y, (label, i) => (sampleWeight?.[i] ?? 1) * (factors?.[label] ?? 1));
  const rows = Uint32Array.from(weight.keys()).filter((i) => weight[i] > 0);
  if (rows.length === 0) throw new DataError('sampleWeight and classWeight leave no row any weight');
  const all = rows.length === weight.length;
  const kept = all ? weight : weight.filter((w) => w > 0);
  return {
    X,
    rows: all ? undefined : rows,
    nRows: rows.length,
    y: all ? y : Float64Array.from(rows, (row) => y[row]),
    weight: kept.every((w) => w === 1) ? undefined : kept,
  };
}

/** `[nClasses]` what the weights of each class are multiplied by. */
function classFactors(
  y: ArrayLike<number>,
  sampleWeight: Float64Array | undefined,
  { classWeight, objective, nClasses }: GradientBoostingParams,
): readonly number[] | undefined {
  if (classWeight !== 'balanced') return classWeight ?? undefined;
  const sums = new Array<number>(objective === 'binary' ? 2 : nClasses).fill(0);
  let total = 0;
  for (let i = 0; i < y.length; i++) {
    const w = sampleWeight?.[i] ?? 1;
    sums[y[i]] += w;
    total += w;
  }
  const present = sums.filter((sum) => sum > 0).length;
  return sums.map((sum) => (sum > 0 ? total / (present * sum) : 0));
}
