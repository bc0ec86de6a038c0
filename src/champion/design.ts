import { Matrix, take } from '../core/matrix.js';
import { Table } from '../core/table.js';
import { createRng } from '../core/rng.js';
import { computeFeatures } from '../features/columns.js';
import type { Feature } from '../features/expression.js';
import { categoryCodes } from '../learners/encoding/category-codes.js';
import { encodeColumn } from '../learners/encoding/encode-column.js';
import type { CategoryEncoderModel } from '../learners/encoding/model.js';
import { oneHot } from '../learners/encoding/one-hot.js';
import { crossFitEncode, targetEncoder } from '../learners/encoding/target-encoder.js';
import type { CategoryReading, DesignReading, DesignRows, TrainingRows } from './base-model.js';

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
  /** Columns a target encoder writes: 1, or one per class for `multiclass`. */
  readonly encoderOutputs: number;
  /** Who reads it: only encoders that somebody reads are fitted. */
  readonly bases: readonly { readonly categories?: CategoryReading }[];
}

/** The design matrix of some training rows, and of other rows as the fitted champion would see them. */
export interface Design {
  readonly encoders: readonly CategoryEncoderModel[];
  readonly train: TrainingRows;
  readonly score: DesignRows;
}

/**
 * Rows a category must have on average for its mean to be known well without them: one target among so many moves
 * it by less than the jitter that cross-fitting would add, which costs splits their sharpness.
 */
const crowdedCategory = 200;

/** Sets of categories are searched in bins: a column with more has its rare ones thrown together, and is better read by targets. */
const mostCodes = 254;

/** Columns that a category may cost a linear model, and rows that its coefficient asks for. */
const mostOneHot = 50;
const leastOneHotRows = 10;

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
  const fitted = spec.categorical.flatMap((column) =>
    fitEncoders(data, spec, column, Table.strings(trainTable, column), trainRows, seed),
  );
  const encoders = fitted.map(({ model }) => model);
  const encoded = fitted.flatMap(({ trained }) => trained);
  const names = encoders.flatMap(({ outputs }) => outputs);
  return {
    encoders,
    train: {
      X: Matrix.concat(Matrix.rows(data.X, trainRows), Matrix.fromColumns(encoded, names)),
      texts: textsOf(trainTable, spec.text),
      readings: Object.fromEntries(
        readingsOf(spec).map((reading) => [
          reading,
          columnsOf(data.X.names, spec.categorical, encoders, reading),
        ]),
      ),
    },
    score: designRows(Matrix.rows(data.X, scoreRows), Table.rows(data.table, scoreRows), encoders, spec.text),
  };
}

/** An encoder and what it makes of the rows that it was fitted on. */
interface FittedEncoder {
  readonly model: CategoryEncoderModel;
  readonly trained: readonly Float32Array[];
}

/** The encoders of one column: one for each way in which it is read. */
function fitEncoders(
  data: TrainingData,
  spec: DesignSpec,
  column: string,
  values: readonly (string | null)[],
  trainRows: Uint32Array,
  seed: number,
): FittedEncoder[] {
  const free = (name: string): string =>
    data.X.names.some((taken) => taken.startsWith(name)) ? free(`_${name}`) : name;
  const readings = readingsOf(spec);
  const nCategories = new Set(values).size;
  const encoders: CategoryEncoderModel[] = [];
  if (readings.includes('category-codes') && nCategories <= mostCodes) {
    encoders.push(categoryCodes({ column, output: free(`code_${column}`), most: mostCodes }, values));
  }
  if (readings.includes('one-hot') && nCategories <= mostOneHot) {
    const prefix = free(`is_${column}_`);
    const outputOf = (category: string): string => `${prefix}${category}`;
    const model = oneHot({ column, outputOf, most: mostOneHot, leastRows: leastOneHotRows }, values);
    if (model.outputs.length > 0) encoders.push(model);
  }
  const fitted = encoders.map((model) => ({ model, trained: encodeColumn(model, values) }));
  const isServed = readings.every((reading) => encoders.some(({ kind }) => kind === reading));
  return isServed
    ? fitted
    : [fitTargetEncoder(data, spec, column, free(`target_${column}`), values, trainRows, seed), ...fitted];
}

function fitTargetEncoder(
  data: TrainingData,
  spec: DesignSpec,
  column: string,
  prefix: string,
  values: readonly (string | null)[],
  trainRows: Uint32Array,
  seed: number,
): FittedEncoder {
  const y = take(data.y, trainRows);
  const sampleWeight = take(data.weight, trainRows);
  const encoder = targetEncoder({ column, prefix, nOutputs: spec.encoderOutputs });
  const model = encoder.fit(values, y, { sampleWeight });
  const isCrowded = model.categories.length * crowdedCategory <= trainRows.length;
  const rng = createRng(seed).split(column);
  const trained = isCrowded
    ? encodeColumn(model, values)
    : crossFitEncode(encoder, values, y, { sampleWeight, rng });
  return { model, trained };
}

function readingsOf({ bases }: DesignSpec): CategoryReading[] {
  return [...new Set(bases.map(({ categories }) => categories ?? 'target-encoder'))];
}

function columnsOf(
  features: readonly string[],
  categorical: readonly string[],
  encoders: readonly CategoryEncoderModel[],
  reading: CategoryReading,
): DesignReading {
  const chosen = categorical.flatMap((column) => {
    const own = encoders.filter((encoder) => encoder.column === column);
    return own.find(({ kind }) => kind === reading) ?? own.filter(({ kind }) => kind === 'target-encoder');
  });
  const namesOf = (some: readonly CategoryEncoderModel[]): string[] => some.flatMap(({ outputs }) => outputs);
  return {
    columns: [...features, ...namesOf(chosen)],
    codes: namesOf(chosen.filter(({ kind }) => kind === 'category-codes')),
  };
}

/** The design matrix of rows whose features are computed, under fitted encoders. */
export function designRows(
  features: Matrix,
  table: Table,
  encoders: readonly CategoryEncoderModel[],
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
