import type { Frequency } from '../../../core/time-grid.js';
import type { BoostedLagsParams } from './params.js';
import type { SeriesPanel } from './panel.js';

/** What the calendar says of a moment, UTC. */
export type CalendarFeature = 'hour' | 'day_of_week' | 'day_of_month' | 'month';

/** Which features a model reads: all that is needed to make them anew, as plain data. */
export interface LagPlan {
  readonly horizon: number;
  readonly history: number;
  readonly seasons: readonly number[];
  /** Values of the first season whose mean targets are differences from. */
  readonly differencePeriods: number;
  /** `[nSeasons]` values one, two, … periods back that are features of their own. */
  readonly seasonLags: readonly number[];
  readonly lags: readonly number[];
  readonly windows: readonly number[];
  readonly calendar: readonly CalendarFeature[];
  readonly events: readonly string[];
  readonly attributes: readonly string[];
  readonly dynamic: readonly string[];
}

/** How many periods back a season's own values are features. */
const mostSeasonLags = 4;
const day = 86_400_000;

/** The features that parameters and panel together make. */
export function lagPlan(params: BoostedLagsParams, panel: SeriesPanel): LagPlan {
  const { horizon, history, seasons, lags, windows, differencePeriods } = params;
  const frequency = panel.series[0]?.grid.frequency ?? { unit: 'count', step: 1 };
  return Object.freeze({
    horizon,
    history,
    seasons,
    differencePeriods: Math.min(differencePeriods, Math.floor(history / (seasons[0] ?? history))),
    seasonLags: seasons.map((season) => Math.min(mostSeasonLags, Math.floor(history / season))),
    lags,
    windows,
    calendar: calendarOf(frequency),
    events: Object.keys(panel.events ?? {}),
    attributes: Object.keys(panel.attributes ?? {}),
    dynamic: Object.keys(panel.dynamic ?? {}),
  });
}

function calendarOf(frequency: Frequency): readonly CalendarFeature[] {
  switch (frequency.unit) {
    case 'count':
      return [];
    case 'month':
      return ['month'];
    case 'business-day':
      return ['day_of_week', 'day_of_month', 'month'];
    case 'millisecond':
      if (frequency.step > day) return ['day_of_month', 'month'];
      return frequency.step < day
        ? ['hour', 'day_of_week', 'day_of_month', 'month']
        : ['day_of_week', 'day_of_month', 'month'];
  }
}

/** Features that one target has: values of its season, in the order of `targetFeatures`. */
export function targetFeatureNames({ seasons, seasonLags }: LagPlan): string[] {
  return seasons.flatMap((season, k) => [
    ...Array.from({ length: seasonLags[k] }, (_, j) => `season_${season}_lag_${j + 1}`),
    `season_${season}_mean`,
  ]);
}

/** Features that all targets of an origin share, in the order of `originFeatures`. */
export function originFeatureNames({ lags, windows }: LagPlan): string[] {
  return [
    ...lags.map((lag) => `lag_${lag}`),
    ...windows.map((window) => `mean_${window}`),
    ...windows.map((window) => `deviation_${window}`),
    ...(windows.length > 0 ? ['trend'] : []),
    'level',
    'spread',
    'zero_share',
    'missing_share',
  ];
}

/** All features, in the order of the matrix. */
export function featureNames(plan: LagPlan): string[] {
  return [
    ...targetFeatureNames(plan),
    ...originFeatureNames(plan),
    ...plan.calendar,
    ...plan.events.map((name) => `event_${name}`),
    ...(plan.seasons.length > 0 ? plan.events.map((name) => `event_${name}_season_before`) : []),
    ...plan.attributes.map((name) => `attribute_${name}`),
    ...plan.dynamic.map((name) => `dynamic_${name}`),
    'step',
  ];
}

/** How many whole periods lie between a target and the last value of its season that is known at the origin. */
export function periodsBack(step: number, season: number): number {
  return Math.ceil(step / season);
}
