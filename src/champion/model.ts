import type { VersionedRecord } from '../core/record.js';
import type { ClassCalibratorModel } from '../ensemble/calibration/class-model.js';
import type { CalibratorModel } from '../ensemble/calibration/model.js';
import type { StackModel } from '../ensemble/stack.js';
import type { Feature } from '../features/expression.js';
import type { CategoryEncoderModel } from '../learners/encoding/model.js';
import type { GradientBoostingModel } from '../learners/gbm/model.js';
import type { IsolationForestModel } from '../learners/isolation-forest/model.js';
import type { LinearModel } from '../learners/linear/model.js';
import type { TextClassifierModel } from '../learners/text/model.js';

/** Logarithms of means are held within this distance from 0: beyond it a mean would leave float32. */
export const logMeanLimit = 80;

export type Task = 'binary' | 'multiclass' | 'regression';

/** A raw column that the champion reads, named as in its source. */
export interface InputColumn {
  readonly name: string;
  readonly type: 'number' | 'boolean' | 'timestamp' | 'string';
}

export type BaseModel = GradientBoostingModel | IsolationForestModel | LinearModel | TextClassifierModel;

/**
 * Everything between raw columns and the calibrated score.
 *
 * Raw columns → features and encoders → the design matrix (features first, then encoder outputs; every base model
 * picks its columns by name) → base scores (margins; the anomaly score of an isolation forest) → stack → margin →
 * sigmoid → calibrator, or, for several classes, calibrator → softmax.
 */
export interface ChampionModel extends VersionedRecord {
  readonly kind: 'champion';
  readonly format: 1;
  readonly task: Task;
  /** Class labels in the order of the margins; binary: [negative, positive]; empty for regression. */
  readonly classes: readonly string[];
  readonly inputs: readonly InputColumn[];
  readonly features: readonly Feature[];
  readonly encoders: readonly CategoryEncoderModel[];
  readonly bases: readonly { readonly name: string; readonly model: BaseModel }[];
  readonly stack: StackModel;
  /** Regression: `log` where margins are logarithms of the predicted mean; left out, margins are the prediction. */
  readonly link?: 'log';
  /** Identity unless the task is binary. */
  readonly calibrator: CalibratorModel;
  /** Multiclass: stands between margins and softmax; left out, nothing does. */
  readonly classCalibrator?: ClassCalibratorModel;
}
