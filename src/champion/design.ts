import { Matrix } from '../core/matrix.js';
import { Table } from '../core/table.js';
import { createRng } from '../core/rng.js';
import { computeFeatures } from '../features/columns.js';
import type { Feature } from '../features/expression.js';
import type { TargetEncoderModel } from '../learners/encoding/model.js';
import { crossFitEncode, encodeColumn, targetEncoder } from '../learners/encoding/target-encoder.js';
import type { DesignRows } from './base-model.js';

/** Rows to learn from: raw columns, their features, and what is to be predicted. */
export interface TrainingData {
  readonly table: Table;
  /** Features of every row, `[nRows, nFeatures]`. */
  readonly X: Matrix;
  /** `[nRows]` class index or target. */
  readonly y: Float64Array;
  /** `[nRows]` */
  readonly weight: Float64Array;
  /** `[nRows]` what identifies each row, distinct. */
  readonly keys: readonly string[];
  /** `[nRows]` rows of one group are never on both sides of a split. */
  readonly groups?: readonly string[];
  /**
   * `[nRows]` finite, larger is newer. Where it is given, rounds, stack and calibrator are chosen by how models of
   * older rows do on newer ones, as the champion will have to; left out, by folds drawn at random.
   */
  readonly time?: Float64Array;
  /** Where the raw rows stand, for engines that read them there themselves. */
  readonly origin?: RowOrigin;
}

/** A table as it was read, and what tells its rows apart. */
export interface RowOrigin {
  /** `schema.table` */
  readonly table: string;
  readonly snapshot: string;
  /** Columns of `TrainingData.table` that are distinct together. */
  readonly keys: readonly string[];
}

/** Text columns read as categories, and texts read word by word. */
export interface DesignSpec {
  readonly categorical: readonly string[];
  readonly text: readonly string[];
  /** Columns an encoder writes: 1, or one per class for `multiclass`. */
  readonly encoderOutputs: number;
}

/** The design matrix of some training rows, and of other rows as the fitted champion would see them. */
export interface Design {
  readonly encoders: readonly TargetEncoderModel[];
  readonly train: DesignRows;
  readonly score: DesignRows;
}

/**
 * Rows a category must have on average for its mean to be known well without them: one target among so many moves
 * it by less than the jitter that cross-fitting would add, which costs splits their sharpness.
 */
const crowdedCategory = 200;

/**
 * Fits the encoders on `trainRows` and lays out both sets of rows. Where categories are rare, training rows get
 * encodings that their own target did not touch (cross-fitting), as rows to come will.
 */
export function fitDesign(
  data: TrainingData,
  spec: DesignSpec,
  trainRows: Uint32Array,
  scoreRows: Uint32Array,
  seed: number,
): Design {
  const trainTable = Table.rows(Table.select(data.table, [...spec.categorical, ...spec.text]), trainRows);
  const y = trainRows.length === 0 ? new Float64Array() : Float64Array.from(trainRows, (row) => data.y[row]);
  const sampleWeight = Float64Array.from(trainRows, (row) => data.weight[row]);
  const fitted = spec.categorical.map((column) => {
    const values = Table.strings(trainTable, column);
    let prefix = `target_${column}`;
    while (data.X.names.some((name) => name.startsWith(prefix))) prefix = `_${prefix}`;
    const encoder = targetEncoder({ column, prefix, nOutputs: spec.encoderOutputs });
    const model = encoder.fit(values, y, { sampleWeight });
    const isCrowded = model.categories.length * crowdedCategory <= trainRows.length;
    const rng = createRng(seed).split(column);
    const trained = isCrowded
      ? encodeColumn(model, values)
      : crossFitEncode(encoder, values, y, { sampleWeight, rng });
    return { model, trained };
  });
  const encoders = fitted.map(({ model }) => model);
  const encoded = fitted.flatMap(({ trained }) => trained);
  const names = encoders.flatMap(({ outputs }) => outputs);
  return {
    encoders,
    train: {
      X: Matrix.concat(Matrix.rows(data.X, trainRows), Matrix.fromColumns(encoded, names)),
      texts: textsOf(trainTable, spec.text),
    },
    score: designRows(Matrix.rows(data.X, scoreRows), Table.rows(data.table, scoreRows), encoders, spec.text),
  };
}

/** The design matrix of rows whose features are computed, under fitted encoders. */
export function designRows(
  features: Matrix,
  table: Table,
  encoders: readonly TargetEncoderModel[],
  text: readonly string[],
): DesignRows {
  const encoded = encoders.flatMap((encoder) => encodeColumn(encoder, Table.strings(table, encoder.column)));
  const names = encoders.flatMap(({ outputs }) => outputs);
  const X = names.length === 0 ? features : Matrix.concat(features, Matrix.fromColumns(encoded, names));
  return { X, texts: textsOf(table, text) };
}

/** Raw rows as training data. */
export function trainingData(
  table: Table,
  features: readonly Feature[],
  target: Omit<TrainingData, 'table' | 'X'>,
): TrainingData {
  return { table, X: computeFeatures(features, table), ...target };
}

function textsOf(table: Table, columns: readonly string[]): Record<string, readonly (string | null)[]> {
  return Object.fromEntries(columns.map((column) => [column, Table.strings(table, column)]));
}
