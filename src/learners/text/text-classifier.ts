import { ConfigError, throwIfAborted } from '../../core/errors.js';
import { sanitizeText } from '../../core/sanitize-text.js';
import type { SparseMatrix } from '../../core/sparse-matrix.js';
import type { FitOptions } from '../estimator.js';
import { fitLogistic, type Design } from '../linear/fit-logistic.js';
import { fitPresentClasses } from '../linear/present-classes.js';
import { aboveZero, checkInteger, checkWithin, mergeParams } from '../params.js';
import { checkTargets, checkWeights } from '../validate.js';
import type { TextClassifierModel, TfidfAnalyzer, TfidfModel } from './model.js';
import { checkAnalyzer, fitTfidf, tfidfParams, transformTfidf, type TfidfParams } from './tfidf.js';

/** Parameters of a text classifier. */
export interface TextClassifierParams extends TfidfParams {
  /** The text column it reads. */
  readonly column: string;
  /** How texts are cut into terms; the terms of all analysers share one norm. */
  readonly analyzers: readonly TfidfAnalyzer[];
  /** 0.5 * l2 * ||w||² is added to the sum of weighted log losses (scikit-learn's 1 / C). */
  readonly l2Regularization: number;
  /** 2: one margin, the log-odds of class 1; more: one margin per class. */
  readonly nClasses: number;
  readonly maxIterations: number;
  /** Largest gradient component per unit of weight to stop at. */
  readonly tolerance: number;
}

/** An unfitted text classifier. */
export interface TextClassifier {
  readonly kind: 'text-classifier';
  readonly params: TextClassifierParams;
  /**
   * @param texts `[nRows]` as they come; null reads as ""
   * @param y `[nRows]` class index 0, 1, …
   */
  fit(
    texts: readonly (string | null)[],
    y: ArrayLike<number>,
    options: Omit<FitOptions, 'validation'>,
  ): Promise<TextClassifierModel>;
}

const defaults: TextClassifierParams = {
  column: '',
  analyzers: [
    { unit: 'word', minN: 1, maxN: 2, maxLength: 500 },
    { unit: 'char', minN: 3, maxN: 5, maxLength: 500 },
  ],
  l2Regularization: 0.15,
  nClasses: 2,
  minDocumentFrequency: 2,
  maxTerms: 200_000,
  maxIterations: 200,
  tolerance: 1e-4,
};

/**
 * Logistic regression on TF-IDF terms of one text column, by L-BFGS.
 *
 * @throws {ConfigError} naming a parameter that is missing, unknown or out of its range
 * @example
 * const classifier = textClassifier({ column: 'comment', minDocumentFrequency: 1 });
 * const model = await classifier.fit(['rất tốt', 'quá tệ'], [1, 0], { rng: createRng(1) });
 * textMargins(model, ['tốt'])[0][0] > 0 // true
 */
export function textClassifier(
  given: Partial<TextClassifierParams> & { readonly column: string },
): TextClassifier {
  const params = mergeParams<TextClassifierParams>('text classifier', defaults, given);
  if (typeof params.column !== 'string' || params.column === '') {
    throw new ConfigError(`column=${String(params.column)} must be the name of a text column`);
  }
  if (params.analyzers.length === 0) throw new ConfigError('analyzers must hold at least one analyser');
  for (const analyzer of params.analyzers) checkAnalyzer(analyzer);
  tfidfParams({ minDocumentFrequency: params.minDocumentFrequency, maxTerms: params.maxTerms });
  checkWithin(params, 'l2Regularization', aboveZero, Number.MAX_VALUE);
  checkInteger(params, 'nClasses', 2, 10_000);
  checkInteger(params, 'maxIterations', 1, 1_000_000);
  checkWithin(params, 'tolerance', aboveZero, 1);
  Object.freeze(params);
  return { kind: 'text-classifier', params, fit: (texts, y, options) => fit(params, texts, y, options) };
}

async function fit(
  params: TextClassifierParams,
  texts: readonly (string | null)[],
  y: ArrayLike<number>,
  { sampleWeight, onProgress, signal }: Omit<FitOptions, 'validation'>,
): Promise<TextClassifierModel> {
  const targets = checkTargets({ nRows: texts.length, nFeatures: 1 }, y, { classes: params.nClasses });
  const weights = checkWeights(texts.length, sampleWeight);
  throwIfAborted(signal);
  const sanitized = texts.map(sanitizeText);
  const { minDocumentFrequency, maxTerms } = params;
  const vectorizers: TfidfModel[] = [];
  const counts: SparseMatrix[] = [];
  for (const analyzer of params.analyzers) {
    const vectorizer = fitTfidf(sanitized, analyzer, { minDocumentFrequency, maxTerms });
    vectorizers.push(vectorizer);
    counts.push(transformTfidf(vectorizer, sanitized));
    await new Promise((resume) => setImmediate(resume));
    throwIfAborted(signal);
  }

  const X = trainingRows(vectorizers, counts);
  const options = { ...params, onProgress, signal };
  const { coefficients, intercept } = await fitPresentClasses(
    targets,
    weights,
    params.nClasses,
    X.nColumns,
    (present, nMargins) => fitLogistic(sparseDesign(X), present, weights, nMargins, options),
  );
  const nMargins = intercept.length;
  let first = 0;
  return Object.freeze({
    kind: 'text-classifier',
    format: 1,
    column: params.column,
    nMargins,
    vectorizers,
    weights: vectorizers.map(({ idf }, v) => {
      const own = new Float64Array(idf.length * nMargins);
      for (let at = 0; at < own.length; at++) {
        const term = Math.floor(at / nMargins);
        const coefficient = coefficients[(at % nMargins) * X.nColumns + X.position[first + term]];
        own[at] = coefficient * idf[term] * X.scales[v];
      }
      first += idf.length;
      return own;
    }),
    intercept,
  });
}

/**
 * Margins of texts: log-odds (binary) or log of unnormalised class shares.
 * @param texts `[nRows]` as they come; null reads as ""
 * @returns `[nMargins]` arrays of `[nRows]`
 */
export function textMargins(model: TextClassifierModel, texts: readonly (string | null)[]): Float64Array[] {
  const { nMargins, vectorizers, weights, intercept } = model;
  const sanitized = texts.map(sanitizeText);
  const counts = vectorizers.map((vectorizer) => transformTfidf(vectorizer, sanitized));
  const norms = rowNorms(vectorizers, counts);
  return Array.from(intercept, (start, k) => {
    const margin = new Float64Array(texts.length);
    counts.forEach(({ starts, columns, values }, v) => {
      const own = weights[v];
      for (let i = 0; i < margin.length; i++) {
        for (let e = starts[i]; e < starts[i + 1]; e++)
          margin[i] += values[e] * own[columns[e] * nMargins + k];
      }
    });
    return margin.map((sum, i) => start + (norms[i] > 0 ? sum / norms[i] : 0));
  });
}

/** The root of the sum of squared idf over the term occurrences of every text; 0 where no known term occurs. */
function rowNorms(vectorizers: readonly TfidfModel[], counts: readonly SparseMatrix[]): Float64Array {
  const squares = new Float64Array(counts[0].nRows);
  counts.forEach(({ starts, columns, values }, v) => {
    const { idf } = vectorizers[v];
    for (let i = 0; i < squares.length; i++) {
      for (let e = starts[i]; e < starts[i + 1]; e++) squares[i] += values[e] * idf[columns[e]] ** 2;
    }
  });
  return squares.map(Math.sqrt);
}

/** Rows as the optimiser sees them, and the way back. */
interface TrainingRows extends SparseMatrix {
  /** `[nColumns]` position of every term, the vectorisers' terms side by side. */
  readonly position: Uint32Array;
  /** `[nVectorizers]` what the entries of each were multiplied by. */
  readonly scales: readonly number[];
}

/**
 * Counts times idf over the row's norm, the terms of all vectorisers side by side. Each vectoriser's entries are
 * scaled to a mean squared length of 1, so that the penalty treats few words and many n-grams of characters alike;
 * common terms come first, which keeps them in the cache.
 */
function trainingRows(vectorizers: readonly TfidfModel[], counts: readonly SparseMatrix[]): TrainingRows {
  const nRows = counts[0].nRows;
  const nColumns = counts.reduce((sum, part) => sum + part.nColumns, 0);
  const nEntries = counts.reduce((sum, { values }) => sum + values.length, 0);
  const norms = rowNorms(vectorizers, counts);
  const entry = (part: SparseMatrix, v: number, i: number, e: number): number =>
    (part.values[e] * vectorizers[v].idf[part.columns[e]]) / norms[i];

  const frequency = new Uint32Array(nColumns);
  let first = 0;
  const firsts: number[] = [];
  const scales = counts.map((part, v) => {
    firsts.push(first);
    let squares = 0;
    for (let i = 0; i < nRows; i++) {
      for (let e = part.starts[i]; e < part.starts[i + 1]; e++) {
        squares += entry(part, v, i, e) ** 2;
        frequency[first + part.columns[e]]++;
      }
    }
    first += part.nColumns;
    return squares === 0 ? 1 : Math.sqrt(nRows / squares);
  });
  const order = Uint32Array.from({ length: nColumns }, (_, c) => c).sort(
    (a, b) => frequency[b] - frequency[a],
  );
  const position = new Uint32Array(nColumns);
  order.forEach((column, at) => (position[column] = at));

  const starts = new Uint32Array(nRows + 1);
  const columns = new Uint32Array(nEntries);
  const values = new Float64Array(nEntries);
  let size = 0;
  for (let i = 0; i < nRows; i++) {
    counts.forEach((part, v) => {
      for (let e = part.starts[i]; e < part.starts[i + 1]; e++) {
        columns[size] = position[firsts[v] + part.columns[e]];
        values[size++] = scales[v] * entry(part, v, i, e);
      }
    });
    starts[i + 1] = size;
  }
  return { nRows, nColumns, starts, columns, values, position, scales };
}

function sparseDesign({ nRows, nColumns, starts, columns, values }: SparseMatrix): Design {
  return {
    nRows,
    nFeatures: nColumns,
    addProduct(coefficients, margin) {
      for (let i = 0; i < nRows; i++) {
        const end = starts[i + 1];
        let sum = 0;
        for (let e = starts[i]; e < end; e++) sum += values[e] * coefficients[columns[e]];
        margin[i] += sum;
      }
    },
    addTransposed(residual, gradient) {
      for (let i = 0; i < nRows; i++) {
        const end = starts[i + 1];
        const factor = residual[i];
        for (let e = starts[i]; e < end; e++) gradient[columns[e]] += values[e] * factor;
      }
    },
  };
}
