import { ConfigError, DataError } from '../../core/errors.js';
import { take } from '../../core/matrix.js';
import type { Rng } from '../../core/rng.js';
import { sanitizeText } from '../../core/sanitize-text.js';
import { checkTargets, checkWeights } from '../validate.js';
import { crossFitFolds } from './cross-fit-folds.js';
import { smoothedMeans } from './smoothed-means.js';
import type { TargetEncoderModel } from './model.js';

/** Parameters of a target encoder. */
export interface TargetEncoderParams {
  /** The text column that is encoded. */
  readonly column: string;
  /** 1: the mean target (binary, regression); K > 1: the share of each of K classes. */
  readonly nOutputs: number;
  /** Categories kept, those with the most weight; all others count as unknown. */
  readonly maxCategories: number;
}

/** An unfitted target encoder: parameters and nothing else. */
export interface TargetEncoder {
  readonly kind: 'target-encoder';
  readonly params: TargetEncoderParams;
  /**
   * @param values `[nRows]` raw texts
   * @param y `[nRows]` targets, or class indices 0 to nOutputs - 1 where nOutputs > 1
   * @throws {DataError} naming the first row whose target or weight cannot be used
   */
  fit(
    values: readonly (string | null)[],
    y: ArrayLike<number>,
    options?: { readonly sampleWeight?: ArrayLike<number> },
  ): TargetEncoderModel;
}

const defaults: Omit<TargetEncoderParams, 'column'> = { nOutputs: 1, maxCategories: 10_000 };

/**
 * Encodes the categories of a text column by their mean target, drawn towards the mean of all rows the more, the
 * fewer rows a category has (empirical Bayes: Micci-Barreca 2001, eq. 5 and 6; scikit-learn's `smooth='auto'`).
 * A weight of 2 counts as a row given twice. Texts are sanitised and trimmed; missing ones (null or "") are a
 * category of their own. The feature is named `column`, with several outputs `column=class 0`, `column=class 1`, …
 *
 * @throws {ConfigError} naming a parameter that is unknown or out of its range
 * @example
 * const encoder = targetEncoder({ column: 'country' });
 * const model = encoder.fit(['vn', 'vn', 'th', 'th'], [1, 1, 0, 0]);
 * encodeColumn(model, ['VN ', 'la'])[0] // [1, 0.5]
 */
export function targetEncoder(
  given: Partial<TargetEncoderParams> & Pick<TargetEncoderParams, 'column'>,
): TargetEncoder {
  for (const name of Object.keys(given)) {
    if (name !== 'column' && !Object.hasOwn(defaults, name)) {
      throw new ConfigError(
        `${name} is not a parameter of the target encoder; known are column, ${Object.keys(defaults).join(', ')}`,
      );
    }
  }
  const params = Object.freeze({ ...defaults, ...given });
  if (typeof params.column !== 'string' || params.column === '') {
    throw new ConfigError(`column=${String(params.column)} must be the name of a column`);
  }
  for (const name of ['nOutputs', 'maxCategories'] as const) {
    if (!Number.isInteger(params[name]) || params[name] < 1) {
      throw new ConfigError(`${name}=${String(params[name])} must be a whole number of at least 1`);
    }
  }
  return {
    kind: 'target-encoder',
    params,
    fit: (values, y, options) => fit(params, values, y, options?.sampleWeight),
  };
}

function fit(
  params: TargetEncoderParams,
  values: readonly (string | null)[],
  y: ArrayLike<number>,
  sampleWeight: ArrayLike<number> | undefined,
): TargetEncoderModel {
  const { column, nOutputs, maxCategories } = params;
  const kind = nOutputs === 1 ? 'regression' : { classes: nOutputs };
  const targets = checkTargets({ nRows: values.length, nFeatures: 1 }, y, kind);
  const weight = checkWeights(values.length, sampleWeight);

  const normalise = categoryReader();
  const texts = values.map(normalise);
  const weightOf = new Map<string, number>();
  texts.forEach((text, i) => {
    if (weight[i] > 0) weightOf.set(text, (weightOf.get(text) ?? 0) + weight[i]);
  });
  const missingSeen = weightOf.delete('');
  const categories = [...weightOf]
    .sort(([a, wa], [b, wb]) => wb - wa || (a < b ? -1 : 1))
    .slice(0, maxCategories)
    .map(([text]) => text)
    .sort();

  // Group 0 is the missing category, -1 takes part in the mean of all rows only.
  const groups = new Map(categories.map((text, c) => [text, c + 1]));
  groups.set('', 0);
  const group = Int32Array.from(texts, (text) => groups.get(text) ?? -1);
  const nGroups = categories.length + 1;
  const statistics = Array.from({ length: nOutputs }, (_, k) =>
    smoothedMeans(nOutputs === 1 ? targets : targets.map((t) => (t === k ? 1 : 0)), weight, group, nGroups),
  );
  return Object.freeze({
    kind: 'target-encoder',
    format: 1,
    column,
    outputs: nOutputs === 1 ? [column] : statistics.map((_, k) => `${column}=class ${k}`),
    categories,
    values: Float64Array.from(statistics.flatMap(({ means }) => [...means.subarray(1)].map(Math.fround))),
    unknown: Float64Array.from(statistics, ({ mean }) => Math.fround(mean)),
    missing: Float64Array.from(statistics, ({ mean, means }) => Math.fround(missingSeen ? means[0] : mean)),
  });
}

/** The form in which categories are compared: sanitised, then trimmed. */
function categoryReader(): (raw: string | null) => string {
  const known = new Map<string | null, string>();
  return (raw) => {
    let text = known.get(raw);
    if (text === undefined) known.set(raw, (text = sanitizeText(raw).trim()));
    return text;
  };
}

/**
 * The encoding of a column of raw texts.
 * @param values `[nRows]`
 * @returns one array of `[nRows]` per output
 */
export function encodeColumn(model: TargetEncoderModel, values: readonly (string | null)[]): Float32Array[] {
  const normalise = categoryReader();
  const nCategories = model.categories.length;
  const indexOf = new Map(model.categories.map((text, c) => [text, c]));
  indexOf.set('', nCategories);
  const index = Int32Array.from(values, (value) => indexOf.get(normalise(value)) ?? -1);
  return model.outputs.map((_, k) => {
    const table = model.values.subarray(k * nCategories, (k + 1) * nCategories);
    return Float32Array.from(index, (c) =>
      c < 0 ? model.unknown[k] : c === nCategories ? model.missing[k] : table[c],
    );
  });
}

/**
 * Encodings of training rows, each from an encoder fitted without the row's fold, so that no row's feature has
 * seen its own target (cross fitting, as scikit-learn's `TargetEncoder.fit_transform`).
 *
 * @param values `[nRows]`, at least 2
 * @returns one array of `[nRows]` per output
 * @throws {DataError} for fewer than two rows, or when the rows outside a fold all weigh 0
 */
export function crossFitEncode(
  encoder: TargetEncoder,
  values: readonly (string | null)[],
  y: ArrayLike<number>,
  options: { readonly sampleWeight?: ArrayLike<number>; readonly rng: Rng; readonly nFolds?: number },
): Float32Array[] {
  const { rng, nFolds = 5 } = options;
  if (!Number.isInteger(nFolds) || nFolds < 2 || nFolds > 65_535) {
    throw new ConfigError(`nFolds=${nFolds} must be a whole number from 2 to 65535`);
  }
  const nRows = values.length;
  if (nRows < 2) throw new DataError(`cross fitting needs at least two rows, not ${nRows}`);
  const kind = encoder.params.nOutputs === 1 ? 'regression' : { classes: encoder.params.nOutputs };
  const targets = checkTargets({ nRows, nFeatures: 1 }, y, kind);
  const weight = checkWeights(nRows, options.sampleWeight);

  const folds = crossFitFolds(targets, nFolds, rng);
  const rows = Uint32Array.from({ length: nRows }, (_, i) => i);
  const encoded = Array.from({ length: encoder.params.nOutputs }, () => new Float32Array(nRows));
  for (let fold = 0; fold < nFolds; fold++) {
    const held = rows.filter((row) => folds[row] === fold);
    if (held.length === 0) continue;
    const others = rows.filter((row) => folds[row] !== fold);
    const model = encoder.fit(textsAt(values, others), take(targets, others), {
      sampleWeight: take(weight, others),
    });
    encodeColumn(model, textsAt(values, held)).forEach((part, k) =>
      held.forEach((row, i) => (encoded[k][row] = part[i])),
    );
  }
  return encoded;
}

function textsAt(values: readonly (string | null)[], rows: Uint32Array): (string | null)[] {
  return Array.from(rows, (row) => values[row]);
}
