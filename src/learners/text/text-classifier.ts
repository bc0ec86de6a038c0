import { ConfigError, throwIfAborted } from '../../core/errors.js';
import type { FitOptions } from '../estimator.js';
import { fitPresentClasses } from '../linear/absent-classes.js';
import { fitRowWeights, linearWeights } from '../linear/newton-cg.js';
import { checkPenalty, checkWhole, refuseUnknown } from '../linear/params.js';
import { checkTargets, checkWeights } from '../validate.js';
import { choosePenalty, drawTexts, type LabelledRows, type Penalty } from './choose-penalty.js';
import { scaledRows } from './factored-rows.js';
import type { TextClassifierModel, TfidfAnalyzer } from './model.js';
import { logCountRatios, tfidfFactors, weightByRatios } from './term-factors.js';
import { checkLimits } from './tfidf.js';
import { checkAnalyzer } from './tokenize.js';
import { learnVocabulary } from './vocabulary.js';

export { textMargins } from './text-margins.js';

/** Parameters of the text classifier. */
export interface TextClassifierParams {
  /** The text column that the model reads. */
  readonly column: string;
  /** One vectoriser each; their terms share one norm, the penalty treats them alike. */
  readonly analyzers: readonly TfidfAnalyzer[];
  /**
   * Penalty 0.5 * l2 * ||w||² beside the sum of weighted log losses, on rows as `tfidfFactors` scales them; `choose`:
   * by the log loss on texts held out.
   */
  readonly l2Regularization: number | 'choose';
  /**
   * From 0 to 1: how far terms are weighted by the log ratio of their counts in the classes, see `weightByRatios`;
   * `choose`: as above.
   */
  readonly logCountRatio: number | 'choose';
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
    { unit: 'word', tokens: 'signs', minN: 1, maxN: 2, maxLength: 400 },
    { unit: 'char', tokens: 'signs', minN: 2, maxN: 5, maxLength: 400 },
  ],
  l2Regularization: 'choose',
  logCountRatio: 'choose',
  nClasses: 2,
  minDocumentFrequency: 2,
  maxTerms: 50_000,
};

// The largest component of the gradient of the mean loss; scikit-learn stops at 1e-4.
const maxIterations = 100;
const tolerance = 3e-5;

/**
 * Logistic (two classes) or softmax regression on the TF-IDF n-grams of one text column. Document frequencies count
 * texts, not weights. A class without weight gets a share of one in a million.
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
  if (params.l2Regularization !== 'choose') checkPenalty(params.l2Regularization);
  if (params.logCountRatio !== 'choose' && !(params.logCountRatio >= 0 && params.logCountRatio <= 1))
    throw new ConfigError(`logCountRatio=${params.logCountRatio} must be a number from 0 to 1, or choose`);
  checkWhole('nClasses', params.nClasses, 2, 10_000);
  checkLimits(params);
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
  const { vectorizers, rows } = learnVocabulary(texts, params.analyzers, params);
  const plain = tfidfFactors(vectorizers, rows);
  const { l2Regularization: l2, logCountRatio } = await penaltyOf(
    params,
    {
      rows,
      factors: plain,
      y: targets,
      weight,
      nClasses: params.nClasses,
      draw: drawTexts(texts),
    },
    signal,
  );
  const factors =
    logCountRatio === 0
      ? plain
      : weightByRatios(rows, plain, logCountRatios(rows, targets, weight, params.nClasses), logCountRatio);
  const X = scaledRows(rows, factors.row, factors.term);
  const { coefficients, intercept } = await fitPresentClasses(
    targets,
    weight,
    params.nClasses,
    rows.nTerms,
    async (labels, nMargins) => {
      const solver = { nMargins, l2, maxIterations, tolerance, signal };
      return linearWeights(X, await fitRowWeights(X, labels, weight, solver));
    },
  );
  const nMargins = intercept.length;
  let offset = 0;
  const weights = vectorizers.map(({ idf }) => {
    const own = new Float64Array(idf.length * nMargins);
    for (let term = 0; term < idf.length; term++) {
      for (let k = 0; k < nMargins; k++) {
        own[term * nMargins + k] =
          coefficients[k * rows.nTerms + offset + term] * factors.term[offset + term];
      }
    }
    offset += idf.length;
    return own;
  });
  onProgress?.(1, 1);
  return Object.freeze({
    kind: 'text-classifier',
    format: vectorizers.some(({ format }) => format === 2) ? 2 : 1,
    column: params.column,
    nMargins,
    vectorizers,
    weights,
    intercept,
  });
}

async function penaltyOf(
  { l2Regularization, logCountRatio }: TextClassifierParams,
  data: LabelledRows,
  signal?: AbortSignal,
): Promise<Penalty> {
  if (l2Regularization !== 'choose' && logCountRatio !== 'choose') return { l2Regularization, logCountRatio };
  const given = {
    ...(l2Regularization !== 'choose' && { l2Regularization }),
    ...(logCountRatio !== 'choose' && { logCountRatio }),
  };
  return choosePenalty(data, given, signal);
}
