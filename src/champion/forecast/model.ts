import type { VersionedRecord } from '../../core/record.js';
import type { BoostedLagsModel } from '../../learners/forecast/boosted-lags/model.js';
import type { EventCalendar } from './calendar.js';

/** The forecasters that are blended, in this order everywhere. */
export const members = ['boosted-lags', 'local-regression', 'seasonal-naive'] as const;
export const nMembers = members.length;

/** What is known of one KOL beside the history: a row of the tables; row 0 is for those the training did not know. */
export interface KolTable {
  /** `[nRows]` level: what stands for a history without any value; a logarithm of 1 + value. */
  readonly level: Float32Array;
  /** `[nRows]` mean absolute deviation from it. */
  readonly spread: Float32Array;
  /** `[nRows]` mean absolute difference from a week before, where the history does not tell it. */
  readonly movement: Float32Array;
  /** `[nRows]` what the regression's values are differences from. */
  readonly center: Float32Array;
  /** `[nRows][nCoefficients]` intercept, waves, events, then lags. */
  readonly coefficients: Float32Array;
  /** `[nRows]` size of the KOL's errors against the typical one, both in units of the movement. */
  readonly error: Float32Array;
}

/** Weights and interval of one kind of KOL. */
export interface BlendTable {
  /** `[horizon][nMembers]`, not negative, summing to 1. */
  readonly weights: Float64Array;
  /** Per level `[horizon]`: how far truth lies below and above, in units of error times movement. */
  readonly intervals: readonly {
    readonly level: number;
    readonly lower: Float64Array;
    readonly upper: Float64Array;
  }[];
}

/** A forecaster of one metric of many KOLs. */
export interface ForecastChampion extends VersionedRecord {
  readonly kind: 'forecast-champion';
  readonly format: 1;
  readonly metric: string;
  readonly horizon: number;
  /** Days of history that are read. */
  readonly history: number;
  /**
   * `median`: members are blended as logarithms of 1 + value; `mean`: as values, each first multiplied by its factor.
   */
  readonly goal: 'median' | 'mean';
  /** `[nMembers]` what brings a member's values to the mean; 1 for the median. */
  readonly factors: Float64Array;
  readonly calendar: EventCalendar;
  readonly boosted: BoostedLagsModel;
  /** `[nLags]` of the regression, ascending. */
  readonly lags: readonly number[];
  /** Sanitised, in the order of the tables from row 1 on. */
  readonly kolIds: readonly string[];
  readonly kols: KolTable;
  readonly known: BlendTable;
  readonly unknown: BlendTable;
}

/** Histories to forecast from. */
export interface ForecastRequest {
  /** `[N][history]` the latest day last; NaN for a missing one. */
  readonly history: Float32Array;
  /** `[N]` row of the tables; 0 for a KOL that the training did not know. */
  readonly rows: Int32Array;
  /** `[N]` epoch day of the first day to forecast. */
  readonly start: Int32Array;
}
