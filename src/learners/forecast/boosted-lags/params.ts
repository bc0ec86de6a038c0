import { ConfigError } from '../../../core/errors.js';
import type { GradientBoostingParams } from '../../gbm/params.js';
import { gradientBoostingParams } from '../../gbm/params.js';
import { checkInteger, checkOneOf, mergeParams } from '../../params.js';

/** Parameters of the global forecaster. */
export interface BoostedLagsParams {
  /** Steps that are forecast. */
  readonly horizon: number;
  /**
   * Periods in steps, the one that forecasts are differenced by first; a yearly one belongs to the calendar. None
   * for series without a season.
   */
  readonly seasons: readonly number[];
  /** Targets are differences from the mean of so many last values of the first season; 1 is the seasonal naive. */
  readonly differencePeriods: number;
  /** Steps before the origin that are looked at. */
  readonly history: number;
  /** Steps before the next one whose values are features: 1 is the last known value. */
  readonly lags: readonly number[];
  /** Steps over which means and deviations are taken, ascending. */
  readonly windows: readonly number[];
  /**
   * `absolute-error` and `huber` boost the scaled difference from the season before and forecast about the median;
   * `tweedie` and `poisson` boost the ratio to the level and forecast the mean, of series without negative values.
   */
  readonly objective: 'absolute-error' | 'huber' | 'squared-error' | 'tweedie' | 'poisson';
  /** Training rows at most, over all series. */
  readonly maxRows: number;
  /** Steps of the horizon that one origin gives rows for. */
  readonly stepsPerOrigin: number;
  /** Steps at the start of a series that are never an origin. */
  readonly minHistory: number;
  /** What is changed of the booster. */
  readonly boosting: Readonly<
    Partial<
      Pick<
        GradientBoostingParams,
        | 'nEstimators'
        | 'learningRate'
        | 'maxLeafNodes'
        | 'minSamplesLeaf'
        | 'l2Regularization'
        | 'subsample'
        | 'colsampleByTree'
        | 'huberDelta'
        | 'tweedieVariancePower'
        | 'maxBins'
      >
    >
  >;
}

const defaults: BoostedLagsParams = {
  horizon: 28,
  seasons: [7],
  differencePeriods: 1,
  history: 112,
  lags: [1, 2, 3, 4, 5, 6, 7],
  windows: [7, 28],
  objective: 'huber',
  maxRows: 200_000,
  stepsPerOrigin: 7,
  minHistory: 14,
  boosting: {},
};

const boostingDefaults = {
  nEstimators: 120,
  learningRate: 0.08,
  maxLeafNodes: 31,
  minSamplesLeaf: 50,
  l2Regularization: 1,
} as const;

/**
 * Given parameters over the defaults, frozen.
 * @throws {ConfigError} naming the first parameter that is unknown or out of its range
 */
export function boostedLagsParams(given: Partial<BoostedLagsParams>): BoostedLagsParams {
  const params = mergeParams('boosted lags', defaults, given);
  checkInteger(params, 'horizon', 1, 10_000);
  checkInteger(params, 'history', 2, 100_000);
  checkInteger(params, 'differencePeriods', 1, 1_000);
  checkInteger(params, 'maxRows', 1, 2 ** 31 - 1);
  checkInteger(params, 'stepsPerOrigin', 1, 10_000);
  checkInteger(params, 'minHistory', 1, 1_000_000);
  checkOneOf(params, 'objective', ['absolute-error', 'huber', 'squared-error', 'tweedie', 'poisson']);
  checkSteps('seasons', params.seasons, 2, params.history);
  checkSteps('lags', params.lags, 1, params.history);
  checkSteps('windows', params.windows, 2, params.history);
  gradientBoostingParams({ ...params.boosting, objective: params.objective });
  return Object.freeze({
    ...params,
    seasons: Object.freeze([...params.seasons]),
    lags: Object.freeze([...params.lags]),
    windows: Object.freeze([...params.windows]),
    boosting: Object.freeze({ ...params.boosting }),
  });
}

/** What the booster is fitted with. */
export function boostingParamsOf(params: BoostedLagsParams): Partial<GradientBoostingParams> {
  return { ...boostingDefaults, ...params.boosting, objective: params.objective };
}

function checkSteps(name: string, steps: readonly number[], low: number, high: number): void {
  steps.forEach((step, i) => {
    if (!Number.isInteger(step) || step < low || step > high || steps.indexOf(step) !== i) {
      throw new ConfigError(
        `${name}[${i}]=${step} must be a whole number from ${low} to history=${high}, and stand there once`,
      );
    }
  });
}
