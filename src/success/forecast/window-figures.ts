import type { ForecastAccuracy } from '../../champion/forecast/accuracy.js';
import type { DailyPanel, HeldOutWindow } from '../../champion/forecast/fit.js';
import { week } from '../../champion/forecast/history.js';
import { forecastFigures, type FanPoint, type ForecastFigures } from '../../evaluation/forecast/figures.js';
import { seasonalScale } from '../../evaluation/forecast/seasonal-scale.js';

/** Days of history that a fan shows before the window. */
const shownDays = 56;
const dayLength = 86_400_000;

/** The held-out window of a forecaster, step by step and KOL by KOL. */
export function windowFigures({
  panel,
  heldOut,
  accuracy,
  firstDay,
}: {
  readonly panel: DailyPanel;
  readonly heldOut: HeldOutWindow;
  readonly accuracy: Pick<ForecastAccuracy, 'metrics'>;
  /** Epoch day of the panel's first column. */
  readonly firstDay: number;
}): ForecastFigures {
  const { nDays, naive, forecasts } = heldOut;
  const { values, kolIds } = panel;
  const horizon = naive.length / values.length;
  const own = (of: ArrayLike<number>, k: number): number[] =>
    Array.from({ length: horizon }, (_, h) => of[k * horizon + h]);
  const windows = values.map((row, series) => ({
    series,
    actual: row.subarray(nDays, nDays + horizon),
    yhat: own(forecasts.yhat, series),
    naive: own(naive, series),
    bounds: forecasts.intervals.map(({ lower, upper }) => ({
      lower: own(lower, series),
      upper: own(upper, series),
    })),
    scale: seasonalScale(row.subarray(0, nDays), week),
  }));
  const none = forecasts.intervals.map(() => null);
  const dayOf = (t: number): string => new Date((firstDay + t) * dayLength).toISOString().slice(0, 10);
  const known = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return forecastFigures({
    title: 'Newest window',
    note: 'Days that the judged forecaster had not seen; intervals of figures over KOLs.',
    metrics: accuracy.metrics,
    isCalendar: true,
    levels: forecasts.intervals.map(({ level }) => level),
    unit: "Mean absolute error, in units of each KOL's usual change in a week",
    ids: kolIds,
    windows,
    pointsOf(series) {
      const { actual, yhat, naive: before, bounds } = windows[series];
      const from = Math.max(0, nDays - shownDays);
      const past = Array.from({ length: nDays - from }, (_, i): FanPoint => ({
        at: dayOf(from + i),
        actual: known(values[series][from + i]),
        yhat: null,
        naive: null,
        lower: none,
        upper: none,
      }));
      return [
        ...past,
        ...Array.from(actual, (value, h): FanPoint => ({
          at: dayOf(nDays + h),
          actual: known(value),
          yhat: known(yhat[h]),
          naive: known(before[h]),
          lower: bounds.map(({ lower }) => known(lower[h])),
          upper: bounds.map(({ upper }) => known(upper[h])),
        })),
      ];
    },
  });
}
