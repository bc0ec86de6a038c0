import { Matrix, take } from '../core/matrix.js';
import { createRng } from '../core/rng.js';
import type { Scores } from '../ensemble/out-of-fold.js';
import type { CategoryEncoderModel } from '../learners/encoding/model.js';
import type { FitOptions } from '../learners/estimator.js';
import { gradientBoosting } from '../learners/gbm/gradient-boosting.js';
import type { GradientBoostingParams } from '../learners/gbm/params.js';
import { boostingMargins } from '../learners/gbm/predict.js';
import {
  anomalyScores,
  isolationForest,
  type IsolationForestParams,
} from '../learners/isolation-forest/isolation-forest.js';
import { logisticRegression, type LogisticRegressionParams } from '../learners/linear/logistic-regression.js';
import { linearMargins } from '../learners/linear/margins.js';
import { ridgeRegression, type RidgeRegressionParams } from '../learners/linear/ridge-regression.js';
import { textClassifier, textMargins, type TextClassifierParams } from '../learners/text/text-classifier.js';
import type { BaseModel } from './model.js';

/** How a base model sees categories; as targets where it does not say, and where a column has too many for its way. */
export type CategoryReading = CategoryEncoderModel['kind'];

/** A base model to be fitted: a learner and its parameters as plain data, so that it can cross to a worker. */
export type BaseSpec = { readonly name: string; readonly categories?: CategoryReading } & (
  | { readonly kind: 'gradient-boosting'; readonly params: Partial<GradientBoostingParams> }
  /** `negatives`: fitted on the rows of class 0 alone, so that it learns what is normal there. */
  | {
      readonly kind: 'isolation-forest';
      readonly params: Partial<IsolationForestParams>;
      readonly trainOn: 'all' | 'negatives';
    }
  | { readonly kind: 'logistic-regression'; readonly params: Partial<LogisticRegressionParams> }
  /** `logTargets`: fitted on ln(1 + y), where the margins of the other bases are logarithms of means. */
  | {
      readonly kind: 'ridge-regression';
      readonly params: Partial<RidgeRegressionParams>;
      readonly logTargets?: boolean;
    }
  | {
      readonly kind: 'text-classifier';
      readonly params: Partial<TextClassifierParams> & { readonly column: string };
    }
);

/** What base models read: the design matrix and the raw texts of the same rows. */
export interface DesignRows {
  readonly X: Matrix;
  readonly texts: Readonly<Record<string, readonly (string | null)[]>>;
}

/** Rows to learn from: which columns stand for the categories is the learner's choice. */
export interface TrainingRows extends DesignRows {
  /** Columns of `X` for each way of reading categories, and those among them that hold codes; left out, all are for everybody. */
  readonly readings?: Readonly<Partial<Record<CategoryReading, DesignReading>>>;
}

/** The columns of one way of reading categories. */
export interface DesignReading {
  readonly columns: readonly string[];
  /** Those whose values are category codes. */
  readonly codes: readonly string[];
}

/** One fit, as plain data that can cross to a worker. */
export interface FitTask {
  readonly spec: BaseSpec;
  readonly train: TrainingRows;
  /** `[nRows]` */
  readonly y: Float64Array;
  /** `[nRows]` */
  readonly weight: Float64Array;
  readonly seed: number;
  /** Rows to score with the fitted model, none for an empty matrix. */
  readonly score: DesignRows;
  /** Rows that early stopping watches. */
  readonly validation?: DesignRows & { readonly y: Float64Array };
}

/** A fitted base model and its scores of `score`. */
export interface FitResult {
  readonly model: BaseModel;
  /** Margins; the anomaly score of an isolation forest. `[nMargins][score rows]` */
  readonly scores: Scores;
}

/** Fits one base model and scores the rows it was asked to. */
export async function fitBase(task: FitTask, signal?: AbortSignal): Promise<FitResult> {
  const model = await fit(task, signal);
  return { model, scores: scoreBase(model, task.score) };
}

async function fit(
  { spec, train, y, weight, seed, validation }: FitTask,
  signal?: AbortSignal,
): Promise<BaseModel> {
  const reading = train.readings?.[spec.categories ?? 'target-encoder'];
  const X = reading ? Matrix.select(train.X, reading.columns) : train.X;
  const options: FitOptions = {
    sampleWeight: weight,
    rng: createRng(seed),
    ...(signal && { signal }),
    ...(validation && { validation: { ...validation, X: Matrix.select(validation.X, X.names) } }),
  };
  switch (spec.kind) {
    case 'gradient-boosting': {
      const codes = reading?.codes ?? [];
      const params = codes.length > 0 ? { ...spec.params, categoricalFeatures: codes } : spec.params;
      return gradientBoosting(params).fit(X, y, options);
    }
    case 'isolation-forest': {
      if (spec.trainOn === 'all') return isolationForest(spec.params).fit(X, y, options);
      const normal = Uint32Array.from(y.keys()).filter((row) => y[row] === 0);
      return isolationForest(spec.params).fit(Matrix.rows(X, normal), take(y, normal), {
        ...options,
        sampleWeight: take(weight, normal),
      });
    }
    case 'logistic-regression':
      return logisticRegression(spec.params).fit(X, y, options);
    case 'ridge-regression':
      return ridgeRegression(spec.params).fit(X, spec.logTargets ? y.map(Math.log1p) : y, options);
    case 'text-classifier': {
      const texts = train.texts[spec.params.column];
      const present = Uint32Array.from(y.keys()).filter((row) => (texts[row] ?? '') !== '');
      return textClassifier(spec.params).fit(
        Array.from(present, (row) => texts[row]),
        take(y, present),
        { ...options, sampleWeight: take(weight, present) },
      );
    }
  }
}

/**
 * Scores of any fitted base model: its margins, the anomaly score of an isolation forest.
 * @returns `[nMargins]` arrays of `[nRows]`
 */
export function scoreBase(model: BaseModel, { X, texts }: DesignRows): Scores {
  switch (model.kind) {
    case 'gradient-boosting':
      // The graph hands tree sums on as float32; the second level must see the same numbers here and there.
      return boostingMargins(model, X).map((margin) => margin.map(Math.fround));
    case 'isolation-forest':
      return [anomalyScores(model, X)];
    case 'logistic-regression':
    case 'ridge-regression':
      return linearMargins(model, X);
    case 'text-classifier':
      return textMargins(model, texts[model.column]);
  }
}
