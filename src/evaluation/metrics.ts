import { averagePrecision, prepareAveragePrecision } from './average-precision.js';
import { brierScore, prepareBrierScore } from './brier-score.js';
import { expectedCalibrationError, prepareCalibrationError } from './calibration-error.js';
import { confidenceError, prepareConfidenceError } from './confidence-error.js';
import { kolmogorovSmirnov, prepareKolmogorovSmirnov } from './kolmogorov-smirnov.js';
import { liftAt, prepareLift } from './lift.js';
import {
  logLoss,
  maxLogLoss,
  multiclassLogLoss,
  prepareLogLoss,
  prepareMulticlassLogLoss,
} from './log-loss.js';
import { type Metric, valueOf } from './metric.js';
import {
  accuracy,
  macroF1,
  macroRocAuc,
  prepareAccuracy,
  prepareMacroF1,
  prepareMacroRocAuc,
} from './multiclass.js';
import { mae, prepareMae, prepareR2, prepareRmse, r2, rmse } from './regression.js';
import { prepareRocAuc, rocAuc } from './roc-auc.js';
import { thresholdMetric } from './threshold-metrics.js';
import {
  prepareDevianceExplained,
  prepareLevelError,
  prepareTweedieDeviance,
  tweedieDeviance,
} from './tweedie-deviance.js';

/** Metrics of a label 0 or 1 and one number per row. Those that need a threshold take 0.5. */
export const binaryMetrics = registry({
  roc_auc: {
    name: 'roc_auc',
    label: 'ROC-AUC',
    direction: 'higher',
    range: [0, 1],
    input: 'score',
    compute: rocAuc,
    prepare: prepareRocAuc,
  },
  average_precision: {
    name: 'average_precision',
    label: 'Average precision',
    direction: 'higher',
    range: [0, 1],
    input: 'score',
    compute: averagePrecision,
    prepare: prepareAveragePrecision,
  },
  log_loss: {
    name: 'log_loss',
    label: 'Log loss',
    direction: 'lower',
    range: [0, maxLogLoss],
    input: 'probability',
    compute: logLoss,
    prepare: prepareLogLoss,
  },
  brier_score: {
    name: 'brier_score',
    label: 'Brier score',
    direction: 'lower',
    range: [0, 1],
    input: 'probability',
    compute: brierScore,
    prepare: prepareBrierScore,
  },
  calibration_error: {
    name: 'calibration_error',
    label: 'Expected calibration error',
    direction: 'lower',
    range: [0, 1],
    input: 'probability',
    compute: (y, p, sampleWeight) => expectedCalibrationError(y, p, { sampleWeight }),
    prepare: (y, p) => prepareCalibrationError(y, p),
  },
  kolmogorov_smirnov: {
    name: 'kolmogorov_smirnov',
    label: 'Kolmogorov-Smirnov',
    direction: 'higher',
    range: [0, 1],
    input: 'score',
    compute: kolmogorovSmirnov,
    prepare: prepareKolmogorovSmirnov,
  },
  lift_10: {
    name: 'lift_10',
    label: 'Lift in the top 10 %',
    direction: 'higher',
    range: [0, 10],
    input: 'score',
    compute: (y, score, sampleWeight) => liftAt(y, score, 0.1, sampleWeight),
    prepare: (y, score) => prepareLift(y, score, 0.1),
  },
  precision: thresholdMetric('precision', 0.5),
  recall: thresholdMetric('recall', 0.5),
  f1: thresholdMetric('f1', 0.5),
  accuracy: thresholdMetric('accuracy', 0.5),
});

/** Metrics of a number and its prediction. */
export const regressionMetrics = registry({
  rmse: {
    name: 'rmse',
    label: 'RMSE',
    direction: 'lower',
    range: [0, Infinity],
    input: 'value',
    compute: rmse,
    prepare: prepareRmse,
  },
  mae: {
    name: 'mae',
    label: 'MAE',
    direction: 'lower',
    range: [0, Infinity],
    input: 'value',
    compute: mae,
    prepare: prepareMae,
  },
  r2: {
    name: 'r2',
    label: 'R²',
    direction: 'higher',
    range: [-Infinity, 1],
    input: 'value',
    compute: r2,
    prepare: prepareR2,
  },
});

/**
 * Metrics of an amount of at least 0 and its predicted mean, above 0, where the variance grows with a power of the mean.
 * @param power [1, 2)
 */
export function amountMetrics(
  power: number,
): Readonly<Record<'deviance_explained' | 'deviance' | 'level_error', Metric>> {
  const explained: Metric['prepare'] = (y, p) => prepareDevianceExplained(y, p, power);
  const needs = 'an amount above 0 and a positive weight';
  return registry({
    deviance_explained: {
      name: 'deviance_explained',
      label: 'Deviance explained (D²)',
      direction: 'higher',
      range: [-Infinity, 1],
      input: 'value',
      compute: (y, p, weight) => valueOf('deviance explained', needs, explained(y, p), y.length, weight),
      prepare: explained,
    },
    deviance: {
      name: 'deviance',
      label: power === 1 ? 'Poisson deviance' : `Tweedie deviance (${power})`,
      direction: 'lower',
      range: [0, Infinity],
      input: 'value',
      compute: (y, p, weight) => tweedieDeviance(y, p, power, weight),
      prepare: (y, p) => prepareTweedieDeviance(y, p, power),
    },
    level_error: {
      name: 'level_error',
      label: 'Error of the total',
      direction: 'lower',
      range: [0, Infinity],
      input: 'value',
      compute: (y, p, weight) => valueOf('level error', needs, prepareLevelError(y, p), y.length, weight),
      prepare: prepareLevelError,
    },
  });
}

/** Metrics of a class index and one probability per class. */
export const multiclassMetrics = registry({
  accuracy: {
    name: 'accuracy',
    label: 'Accuracy',
    direction: 'higher',
    range: [0, 1],
    input: 'probability',
    compute: accuracy,
    prepare: prepareAccuracy,
  },
  macro_f1: {
    name: 'macro_f1',
    label: 'Macro F1',
    direction: 'higher',
    range: [0, 1],
    input: 'probability',
    compute: macroF1,
    prepare: prepareMacroF1,
  },
  log_loss: {
    name: 'log_loss',
    label: 'Log loss',
    direction: 'lower',
    range: [0, maxLogLoss],
    input: 'probability',
    compute: multiclassLogLoss,
    prepare: prepareMulticlassLogLoss,
  },
  calibration_error: {
    name: 'calibration_error',
    label: 'Expected calibration error (top class)',
    direction: 'lower',
    range: [0, 1],
    input: 'probability',
    compute: confidenceError,
    prepare: prepareConfidenceError,
  },
  macro_roc_auc: {
    name: 'macro_roc_auc',
    label: 'Macro ROC-AUC (one versus rest)',
    direction: 'higher',
    range: [0, 1],
    input: 'probability',
    compute: macroRocAuc,
    prepare: prepareMacroRocAuc,
  },
});

/** Types every entry as a metric and keeps the names. */
function registry<Name extends string, Prediction>(
  metrics: Record<Name, Metric<Prediction>>,
): Readonly<Record<Name, Metric<Prediction>>> {
  return Object.freeze(metrics);
}
