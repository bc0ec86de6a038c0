import { ConfigError, throwIfAborted } from '../../core/errors.js';
import { SparseMatrix } from '../../core/sparse-matrix.js';
import type { FitOptions } from '../estimator.js';
import { fitPresentClasses } from '../linear/absent-classes.js';
import { fitLogisticLoss, type DesignRows } from '../linear/logistic-loss.js';
import { checkPenalty, checkWhole, refuseUnknown } from '../linear/params.js';
import { checkTargets, checkWeights } from '../validate.js';
import type { TextClassifierModel, TfidfAnalyzer } from './model.js';
import { countTerms, fitTfidf, largestVocabulary, tfidfRows } from './tfidf.js';
import { checkAnalyzer } from './tokenize.js';
import { trainingRows } from './training-rows.js';

/** Parameters of the text classifier. */
export interface TextClassifierParams {
  /** The text column that the model reads. */
  readonly column: string;
  /** One vectoriser each; their terms share one norm, the penalty treats them alike. */
  readonly analyzers: readonly TfidfAnalyzer[];
  /** Penalty 0.5 * l2 * ||w||² beside the sum of weighted log losses, on rows as in `trainingRows`. */
  readonly l2Regularization: number;
  /** 2 gives one margin, more give one margin per class. */
  readonly nClasses: number;
  /** Texts a term must occur in. */
  readonly minDocumentFrequency: number;
  /** Terms kept per vectoriser, at most 2^20. */
  readonly maxTerms: number;
}

/** An unfitted text classifier. */
export interface TextEstimator {
  readonly kind: 'text-classifier';
  readonly params: TextClassifierParams;
  /**
   * @param texts `[nTexts]`; null counts as ""
   * @param y `[nTexts]` class indices
   */
  fit(
    texts: readonly (string | null)[],
    y: ArrayLike<number>,
    options: FitOptions,
  ): Promise<TextClassifierModel>;
}

const defaults: Omit<TextClassifierParams, 'column'> = {
  analyzers: [
    { unit: 'word', minN: 1, maxN: 2, maxLength: 400 },
    { unit: 'char', minN: 2, maxN: 4, maxLength: 400 },
  ],
  l2Regularization: 0.5,
  nClasses: 2,
  minDocumentFrequency: 2,
  maxTerms: 50_000,
};

// Ten times stricter than the default of scikit-learn, so that refits of nearly equal data stay nearly equal.
const maxIterations = 200;
const tolerance = 1e-5;

/**
 * Logistic (two classes) or softmax regression on the TF-IDF n-grams of one text column, by L-BFGS. Document
 * frequencies count texts, not weights. A class without weight gets a share of one in a million.
 *
 * @throws {ConfigError} naming a parameter that is unknown or out of its range
 * @example
 * const model = await textClassifier({ column: 'bio' }).fit(['nice', 'so nice', 'bad', 'so bad'], [1, 1, 0, 0], { rng });
 * textMargins(model, ['nice'])[0][0] > 0 // true
 */
export function textClassifier(
  given: Partial<TextClassifierParams> & { readonly column: string },
): TextEstimator {
  refuseUnknown(given, { column: '', ...defaults }, 'the text classifier');
  const params = { ...defaults, ...given };
  if (typeof params.column !== 'string' || params.column === '') {
    throw new ConfigError(`column=${String(params.column)} must name a text column`);
  }
  if (params.analyzers.length === 0) throw new ConfigError('analyzers must hold at least one analyzer');
  params.analyzers.forEach((analyzer, a) => checkAnalyzer(analyzer, `analyzers[${a}]`));
  checkPenalty(params.l2Regularization);
  checkWhole('nClasses', params.nClasses, 2, 10_000);
  checkWhole('minDocumentFrequency', params.minDocumentFrequency, 1, 2 ** 31);
  checkWhole('maxTerms', params.maxTerms, 1, largestVocabulary);
  Object.freeze(params);
  return { kind: 'text-classifier', params, fit: (texts, y, options) => fit(params, texts, y, options) };
}

async function fit(
  params: TextClassifierParams,
  texts: readonly (string | null)[],
  y: ArrayLike<number>,
  { sampleWeight, signal, onProgress }: FitOptions,
): Promise<TextClassifierModel> {
  const targets = checkTargets({ nRows: texts.length, nFeatures: 1 }, y, { classes: params.nClasses });
  const weight = checkWeights(texts.length, sampleWeight);
  throwIfAborted(signal);
  const vectorizers = params.analyzers.map((analyzer) => fitTfidf(texts, analyzer, params));
  const {
    rows: X,
    position,
    factor,
  } = trainingRows(
    tfidfRows(vectorizers, texts),
    vectorizers.map(({ terms }) => terms.length),
  );
  const rows: DesignRows = {
    nRows: X.nRows,
    nColumns: X.nColumns,
    addProduct: (vector, out) => SparseMatrix.addProduct(X, vector, out),
    addTransposedProduct: (vector, out) => SparseMatrix.addTransposedProduct(X, vector, out),
  };
  const { coefficients, intercept } = await fitPresentClasses(
    targets,
    weight,
    params.nClasses,
    X.nColumns,
    (labels, nMargins) =>
      fitLogisticLoss(rows, labels, weight, {
        nMargins,
        l2: params.l2Regularization,
        maxIterations,
        tolerance,
        signal,
      }),
  );
  const nMargins = intercept.length;
  let offset = 0;
  const weights = vectorizers.map(({ idf }) => {
    const own = new Float64Array(idf.length * nMargins);
    for (let term = 0; term < idf.length; term++) {
      for (let k = 0; k < nMargins; k++) {
        const coefficient = coefficients[k * X.nColumns + position[offset + term]];
        own[term * nMargins + k] = coefficient * factor[offset + term] * idf[term];
      }
    }
    offset += idf.length;
    return own;
  });
  onProgress?.(1, 1);
  return Object.freeze({
    kind: 'text-classifier',
    format: 1,
    column: params.column,
    nMargins,
    vectorizers,
    weights,
    intercept,
  });
}

/**
 * Margins of texts: log-odds of class 1, or one score per class before the softmax; the intercept alone where no
 * known term occurs.
 *
 * @param texts `[nTexts]`; null counts as ""
 * @returns `[nMargins]` arrays of `[nTexts]`
 */
export function textMargins(model: TextClassifierModel, texts: readonly (string | null)[]): Float64Array[] {
  const sums = Array.from({ length: model.nMargins }, () => new Float64Array(texts.length));
  const squares = new Float64Array(texts.length);
  model.vectorizers.forEach((vectorizer, v) => {
    const { rowStart, column, value } = countTerms(vectorizer, texts);
    const weights = model.weights[v];
    for (let i = 0; i < texts.length; i++) {
      for (let s = rowStart[i]; s < rowStart[i + 1]; s++) {
        squares[i] += value[s] * vectorizer.idf[column[s]] ** 2;
        for (let k = 0; k < model.nMargins; k++) {
          sums[k][i] += value[s] * weights[column[s] * model.nMargins + k];
        }
      }
    }
  });
  return sums.map((sum, k) =>
    sum.map((total, i) => model.intercept[k] + (squares[i] === 0 ? 0 : total / Math.sqrt(squares[i]))),
  );
}
