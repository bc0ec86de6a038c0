import type { Split } from '../ensemble/folds.js';
import type { Feature } from '../features/expression.js';
import type { GradientBoostingModel } from '../learners/gbm/model.js';
import type { BaseSpec } from './base-model.js';
import type { Design, TrainingData } from './design.js';

export type BoosterSpec = Extract<BaseSpec, { kind: 'gradient-boosting' }>;

/** One set of rows to fit every booster on, and the rows to judge them by. */
export interface PlannedFit {
  /** Names the fit in progress. */
  readonly label: string;
  /** Rows of the data: trained on, and judged (none for the full model). */
  readonly split: Split;
  /** The same rows as base models read them. */
  readonly design: Design;
  /** Seed of each booster, by name. */
  readonly seeds: Readonly<Record<string, number>>;
}

/** Many fits of the same boosters over the same rows. */
export interface BoosterRequest {
  readonly label: string;
  readonly data: TrainingData;
  readonly features: readonly Feature[];
  readonly boosters: readonly BoosterSpec[];
  readonly fits: readonly PlannedFit[];
}

/** What fits boosters where not the worker threads do: a cluster that is given all fits of a champion at once. */
export interface BoosterEngine {
  /**
   * @returns `[fits]` fitted boosters by name
   * @throws {ServiceError} where the engine cannot be reached or gives up; nothing is kept then
   */
  fit(
    request: BoosterRequest,
    signal?: AbortSignal,
  ): Promise<readonly ReadonlyMap<string, GradientBoostingModel>[]>;
}
