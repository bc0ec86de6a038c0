import { DataError } from '../core/errors.js';
import type { Rng } from '../core/rng.js';
import { bootstrapIntervals, type BootstrapInterval } from './bootstrap.js';
import { type CalibrationBin, calibrationCurve } from './calibration-curve.js';
import { type CalibrationLine, fitCalibrationLine } from './calibration-line.js';
import { delong } from './delong.js';
import { freezeDeep } from './freeze.js';
import type { Metric, MetricEstimate } from './metric.js';
import { amountMetrics, binaryMetrics, multiclassMetrics, regressionMetrics } from './metrics.js';
import { type ClassProbabilities, mostProbable } from './multiclass.js';
import { type PrecisionRecallPoint, precisionRecallCurve } from './precision-recall-curve.js';
import {
  type RegressionBin,
  regressionCurve,
  type ResidualBin,
  residualHistogram,
} from './regression-curve.js';
import { rocCurve, type RocPoint } from './roc-curve.js';
import { type HistogramBin, scoreHistogram } from './score-histogram.js';
import { confusionAt, thresholdMetric } from './threshold-metrics.js';
import { type ThresholdRow, thresholdTable } from './threshold-table.js';

interface EvaluationOptions {
  readonly rng: Rng;
  /** Confidence level of the intervals; 0.95 when left out. */
  readonly level?: number;
  /** Bootstrap resamples; 1000 when left out. */
  readonly replicates?: number;
}

/** How a probability did on labelled rows. JSON-plain. */
export interface BinaryEvaluation {
  readonly task: 'binary';
  readonly nRows: number;
  readonly positives: number;
  readonly level: number;
  readonly metrics: readonly MetricEstimate[];
  readonly threshold: {
    /** Probabilities from here up are called positive. */
    readonly threshold: number;
    readonly tp: number;
    readonly fp: number;
    readonly tn: number;
    readonly fn: number;
    /** Precision, recall, F1 and accuracy at the threshold. */
    readonly metrics: readonly MetricEstimate[];
  };
  /** Null where the probabilities separate the classes or are all equal. */
  readonly calibrationLine: CalibrationLine | null;
  readonly curves: {
    readonly roc: readonly RocPoint[];
    readonly precisionRecall: readonly PrecisionRecallPoint[];
    readonly calibration: readonly CalibrationBin[];
    readonly scores: readonly HistogramBin[];
    readonly thresholds: readonly ThresholdRow[];
  };
}

/** How a predicted number did. JSON-plain. */
export interface RegressionEvaluation {
  readonly task: 'regression';
  readonly nRows: number;
  readonly level: number;
  readonly metrics: readonly MetricEstimate[];
  readonly curves: {
    readonly calibration: readonly RegressionBin[];
    readonly residuals: readonly ResidualBin[];
  };
}

/** How class probabilities did. JSON-plain. */
export interface MulticlassEvaluation {
  readonly task: 'multiclass';
  readonly nRows: number;
  readonly level: number;
  readonly classes: readonly string[];
  readonly metrics: readonly MetricEstimate[];
  readonly perClass: readonly {
    readonly label: string;
    readonly nRows: number;
    readonly precision: number;
    readonly recall: number;
    readonly f1: number;
  }[];
  /** `[nClasses][nClasses]` rows by true class (outer) and most probable class (inner). */
  readonly confusion: readonly (readonly number[])[];
}

export type Evaluation = BinaryEvaluation | RegressionEvaluation | MulticlassEvaluation;

const { roc_auc, average_precision, log_loss, brier_score, calibration_error, kolmogorov_smirnov, lift_10 } =
  binaryMetrics;
const reportedMetrics = [
  roc_auc,
  average_precision,
  log_loss,
  brier_score,
  calibration_error,
  kolmogorov_smirnov,
  lift_10,
] as const;

/**
 * Metrics with intervals, the counts at a threshold, and the curves of a probability. ROC-AUC has DeLong's interval
 * (the bootstrap's with fewer than two rows of a class), all others the bootstrap's.
 * @throws {DataError} for a NaN or a probability outside [0, 1], naming the row, and where only one class is present
 * @throws {ConfigError} for a NaN threshold, replicates below 2 or a level outside (0, 1)
 */
export function evaluateBinary(
  input: EvaluationOptions & {
    /** Labels `[nRows]`, 0 or 1. */
    readonly y: ArrayLike<number>;
    /** Probabilities `[nRows]` of class 1. */
    readonly p: ArrayLike<number>;
    /** Probabilities from here up are called positive. */
    readonly threshold: number;
  },
): BinaryEvaluation {
  const { y, p, threshold, rng, level = 0.95, replicates } = input;
  const atThreshold = (['precision', 'recall', 'f1', 'accuracy'] as const).map((name) =>
    thresholdMetric(name, threshold),
  );
  const metrics: readonly Metric[] = [...reportedMetrics, ...atThreshold];
  const intervals = bootstrapIntervals(metrics, y, p, { replicates, level, rng: rng.split('bootstrap') });
  const estimates = metrics.map((metric, m) => estimate(metric, intervals[m]));
  const { tp, fp, tn, fn } = confusionAt(y, p, threshold);
  const positives = tp + fn;
  if (Math.min(positives, y.length - positives) >= 2) {
    estimates[0] = { ...estimates[0], ...pickInterval(delong(y, p, level)) };
  }
  return freezeDeep({
    task: 'binary',
    nRows: y.length,
    positives,
    level,
    metrics: estimates.slice(0, reportedMetrics.length),
    threshold: { threshold, tp, fp, tn, fn, metrics: estimates.slice(reportedMetrics.length) },
    calibrationLine: fitCalibrationLine(y, p, new Float64Array(y.length).fill(1)),
    curves: {
      roc: rocCurve(y, p),
      precisionRecall: precisionRecallCurve(y, p),
      calibration: calibrationCurve(y, p, { level }),
      scores: scoreHistogram(y, p),
      thresholds: thresholdTable(y, p),
    },
  });
}

/**
 * Metrics with bootstrap intervals and the curves of a predicted number.
 * @throws {DataError} for a value that is not finite, naming the row, and where y is constant
 * @throws {ConfigError} for replicates below 2 or a level outside (0, 1)
 */
export function evaluateRegression(
  input: EvaluationOptions & {
    /** Targets `[nRows]`. */
    readonly y: ArrayLike<number>;
    /** `[nRows]` */
    readonly prediction: ArrayLike<number>;
    /** For amounts of at least 0 and predicted means: `amountMetrics` of this power come first. */
    readonly tweediePower?: number;
  },
): RegressionEvaluation {
  const { y, prediction, rng, level = 0.95, replicates, tweediePower } = input;
  const metrics: readonly Metric[] = [
    ...(tweediePower === undefined ? [] : Object.values(amountMetrics(tweediePower))),
    ...Object.values(regressionMetrics),
  ];
  const intervals = bootstrapIntervals(metrics, y, prediction, {
    replicates,
    level,
    rng: rng.split('bootstrap'),
  });
  return freezeDeep({
    task: 'regression',
    nRows: y.length,
    level,
    metrics: metrics.map((metric, m) => estimate(metric, intervals[m])),
    curves: {
      calibration: regressionCurve(y, prediction, { level }),
      residuals: residualHistogram(y, prediction),
    },
  });
}

/**
 * Metrics with bootstrap intervals, each class by itself, and the confusion matrix of class probabilities.
 * @throws {DataError} for a NaN or a probability outside [0, 1], naming the row, and where only one class is present
 * @throws {ConfigError} for replicates below 2 or a level outside (0, 1)
 */
export function evaluateMulticlass(
  input: EvaluationOptions & {
    /** Class indices `[nRows]`. */
    readonly y: ArrayLike<number>;
    /** One column of probabilities `[nRows]` per class. */
    readonly P: ClassProbabilities;
    /** `[nClasses]` names in the order of the columns. */
    readonly classes: readonly string[];
  },
): MulticlassEvaluation {
  const { y, P, classes, rng, level = 0.95, replicates } = input;
  if (classes.length !== P.length) {
    throw new DataError(
      `evaluate: ${classes.length} class names for ${P.length} columns of P, expected as many`,
    );
  }
  const metrics: readonly Metric<ClassProbabilities>[] = Object.values(multiclassMetrics);
  const intervals = bootstrapIntervals(metrics, y, P, { replicates, level, rng: rng.split('bootstrap') });
  const confusion = classes.map(() => classes.map(() => 0));
  const chosen = mostProbable(P);
  for (let i = 0; i < y.length; i++) confusion[y[i]][chosen[i]]++;
  return freezeDeep({
    task: 'multiclass',
    nRows: y.length,
    level,
    classes: [...classes],
    metrics: metrics.map((metric, m) => estimate(metric, intervals[m])),
    perClass: classes.map((label, k) => {
      const tp = confusion[k][k];
      const nRows = confusion[k].reduce((sum, count) => sum + count, 0);
      const called = confusion.reduce((sum, row) => sum + row[k], 0);
      return {
        label,
        nRows,
        precision: called === 0 ? 0 : tp / called,
        recall: nRows === 0 ? 0 : tp / nRows,
        f1: called + nRows === 0 ? 0 : (2 * tp) / (called + nRows),
      };
    }),
    confusion,
  });
}

function estimate(
  { name, label, direction }: Pick<MetricEstimate, 'name' | 'label' | 'direction'>,
  { value, lower, upper }: BootstrapInterval,
): MetricEstimate {
  return { name, label, value, lower, upper, direction };
}

function pickInterval({ lower, upper }: { lower: number; upper: number }) {
  return { lower, upper };
}
