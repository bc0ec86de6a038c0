import { ConfigError, DataError } from '../../core/errors.js';
import type { Rng } from '../../core/rng.js';
import { shuffle } from '../../core/rng.js';
import { checkInteger } from '../params.js';
import { checkTargets, checkWeights } from '../validate.js';
import { encodeCategories } from './encode-column.js';
import { categoryOf, frequentCategories } from './frequent-categories.js';
import type { TargetEncoderModel } from './model.js';
import { smoothedMeans } from './smoothed-means.js';

/** Parameters of a target encoder. */
export interface TargetEncoderParams {
  /** The text column it reads. */
  readonly column: string;
  /** 1 for a binary or numeric target, or one output per class. */
  readonly nOutputs: number;
  /** Names the outputs: the prefix itself, or prefix_0, prefix_1, … where there are several. */
  readonly prefix: string;
  /** Only the most frequent categories are known, the rest count as unknown. */
  readonly maxCategories: number;
}

/** What fitting is given beside values and targets. */
export interface EncoderFitOptions {
  /** `[nRows]`, finite and not negative; 1 each when left out. */
  readonly sampleWeight?: ArrayLike<number>;
}

/** How cross-fitting divides the rows: folds as given, or dealt at random. */
export type CrossFitOptions = EncoderFitOptions &
  (
    | { /** `[nRows]` fold numbers from 0. */ readonly folds: ArrayLike<number> }
    | { readonly rng: Rng; /** 5 when left out. */ readonly nFolds?: number }
  );

/** An unfitted target encoder. */
export interface TargetEncoder {
  readonly kind: 'target-encoder';
  readonly params: TargetEncoderParams;
  /**
   * @param values `[nRows]` categories as they come; null and "" are missing
   * @param y `[nRows]` targets; class index 0, 1, … where there are several outputs
   */
  fit(
    values: readonly (string | null)[],
    y: ArrayLike<number>,
    options?: EncoderFitOptions,
  ): TargetEncoderModel;
}

/**
 * Encodes a category as its mean target, drawn towards the overall mean the less the category says: empirical Bayes
 * with the ratio of variances within and overall (Micci-Barreca 2001, eq. 5 and 6; scikit-learn's `smooth='auto'`).
 *
 * @throws {ConfigError} naming a parameter that is missing or out of its range
 * @example
 * const encoder = targetEncoder({ column: 'language' });
 * const model = encoder.fit(['vi', 'vi', 'en', 'en'], [1, 1, 0, 0]);
 * encodeColumn(model, ['vi', 'en', 'fr']) // [[1, 0, 0.5]]
 */
export function targetEncoder(
  given: Partial<TargetEncoderParams> & { readonly column: string },
): TargetEncoder {
  const known = ['column', 'nOutputs', 'prefix', 'maxCategories'];
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new ConfigError(`${unknown} is not a parameter of target encoding; known are ${known.join(', ')}`);
  }
  const params = { nOutputs: 1, prefix: `target_${given.column}`, maxCategories: 10_000, ...given };
  for (const name of ['column', 'prefix'] as const) {
    if (typeof params[name] !== 'string' || params[name] === '') {
      throw new ConfigError(`${name}=${String(params[name])} must be a name`);
    }
  }
  checkInteger(params, 'nOutputs', 1, 10_000);
  checkInteger(params, 'maxCategories', 1, 1_000_000);
  Object.freeze(params);
  return {
    kind: 'target-encoder',
    params,
    fit: (values, y, options = {}) => {
      const { targets, weights } = checkRows(params, values, y, options);
      return fit(params, values.map(categoryOf), targets, weights);
    },
  };
}

/**
 * Encodings of the training rows, each by an encoder fitted on the other folds, so that no row sees its own target
 * (scikit-learn's cross-fitting in `TargetEncoder.fit_transform`). Random folds are dealt in the order of the
 * target, which keeps the folds' means alike: otherwise the mean that unknown categories get would tell the fold.
 *
 * @returns `[nOutputs]` arrays of `[nRows]`
 * @throws {DataError} when a row cannot be learned from, or the folds leave nothing to learn from
 */
export function crossFitEncode(
  encoder: TargetEncoder,
  values: readonly (string | null)[],
  y: ArrayLike<number>,
  options: CrossFitOptions,
): Float32Array[] {
  const { params } = encoder;
  const { targets, weights } = checkRows(params, values, y, options);
  const folds = 'folds' in options ? options.folds : dealFolds(targets, options.rng, options.nFolds ?? 5);
  if (folds.length !== values.length) {
    throw new DataError(`folds has ${folds.length} values, expected one for each of ${values.length} rows`);
  }
  const categories = values.map(categoryOf);
  const encoded = Array.from({ length: params.nOutputs }, () => new Float32Array(values.length));
  for (const fold of new Set(Array.from(folds))) {
    const inside = rowsWhere(folds, (f) => f === fold);
    const outside = rowsWhere(folds, (f) => f !== fold);
    if (!outside.some((row) => weights[row] > 0)) {
      throw new DataError(`fold ${fold} holds every row of positive weight; cross-fitting needs two folds`);
    }
    const model = fit(
      params,
      outside.map((row) => categories[row]),
      Float64Array.from(outside, (row) => targets[row]),
      Float64Array.from(outside, (row) => weights[row]),
    );
    const columns = encodeCategories(
      model,
      inside.map((row) => categories[row]),
    );
    columns.forEach((column, k) => inside.forEach((row, i) => (encoded[k][row] = column[i])));
  }
  return encoded;
}

function checkRows(
  { nOutputs }: TargetEncoderParams,
  values: readonly (string | null)[],
  y: ArrayLike<number>,
  { sampleWeight }: EncoderFitOptions,
): { targets: Float64Array; weights: Float64Array } {
  const shape = { nRows: values.length, nFeatures: 1 };
  return {
    targets: checkTargets(shape, y, nOutputs === 1 ? 'regression' : { classes: nOutputs }),
    weights: checkWeights(values.length, sampleWeight),
  };
}

function fit(
  { column, nOutputs, prefix, maxCategories }: TargetEncoderParams,
  values: readonly string[],
  targets: Float64Array,
  weights: Float64Array,
): TargetEncoderModel {
  const categories = frequentCategories(values, (i) => weights[i] > 0, { most: maxCategories });
  const nCategories = categories.length;
  const index = new Map(categories.map((category, c) => [category, c]));
  // The missing values are one more group behind the categories; -1 counts in the overall mean only.
  const group = Int32Array.from(values, (value) => (value === '' ? nCategories : (index.get(value) ?? -1)));

  const encoded = new Float64Array(nOutputs * nCategories);
  const unknown = new Float64Array(nOutputs);
  const missing = new Float64Array(nOutputs);
  for (let k = 0; k < nOutputs; k++) {
    const target = nOutputs === 1 ? targets : targets.map((label) => (label === k ? 1 : 0));
    const { overall, means } = smoothedMeans(target, weights, group, nCategories + 1);
    unknown[k] = Math.fround(overall);
    missing[k] = Math.fround(means[nCategories]);
    for (let c = 0; c < nCategories; c++) encoded[k * nCategories + c] = Math.fround(means[c]);
  }
  const outputs = nOutputs === 1 ? [prefix] : Array.from({ length: nOutputs }, (_, k) => `${prefix}_${k}`);
  return Object.freeze({
    kind: 'target-encoder',
    format: 1,
    column,
    outputs,
    categories,
    values: encoded,
    unknown,
    missing,
  });
}

function dealFolds(targets: Float64Array, rng: Rng, nFolds: number): Uint32Array {
  checkInteger({ nFolds }, 'nFolds', 2, 1_000_000);
  const rows = Uint32Array.from(targets.keys());
  shuffle(rows, rng);
  const folds = new Uint32Array(targets.length);
  rows.sort((a, b) => targets[a] - targets[b]).forEach((row, rank) => (folds[row] = rank % nFolds));
  return folds;
}

function rowsWhere(folds: ArrayLike<number>, keep: (fold: number) => boolean): number[] {
  const rows: number[] = [];
  for (let i = 0; i < folds.length; i++) if (keep(folds[i])) rows.push(i);
  return rows;
}
