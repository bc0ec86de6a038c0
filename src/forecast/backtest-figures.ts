import { timeAt } from '../core/time-grid.js';
import { forecastFigures, type FanPoint, type ForecastFigures } from '../evaluation/forecast/figures.js';
import type { BacktestAccuracy } from './accuracy.js';
import type { PanelForecast } from './forecast-panel.js';
import type { Panel } from './panel.js';

/** Points of history that a fan shows beside the windows, in horizons, and at least. */
const shownHorizons = 3;
const leastShown = 24;

/**
 * The backtests of a job, step by step and series by series, and how its series go on.
 * @param levels within (0, 1)
 */
export function backtestFigures(
  panel: Panel,
  { candidates, backtests, forecasts }: PanelForecast,
  accuracy: BacktestAccuracy,
  levels: readonly number[],
): ForecastFigures {
  const isCalendar = panel.series[0]?.isCalendar ?? false;
  const windows = candidates.flatMap((series, k) => {
    const reference = Math.max(series.names.indexOf('seasonal-naive'), series.names.indexOf('naive'));
    return series.actual.map((actual, w) => ({
      series: k,
      actual,
      yhat: backtests[k].yhat[w],
      naive: series.backtests[w][reference],
      scale: series.units[w],
    }));
  });
  const none = levels.map(() => null);
  const known = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return forecastFigures({
    title: 'Backtests',
    note: 'Forecasts from earlier moments, made without having seen what came, by weights and intervals that had not either.',
    metrics: [],
    isCalendar,
    levels,
    unit: 'Mean absolute error, in units of the recent movement of each series',
    ids: panel.series.map(({ id }) => id),
    windows,
    coverage: accuracy.coverageByStep,
    pointsOf(k) {
      const { grid, y } = panel.series[k];
      const { origins, judged, names, backtests: paths } = candidates[k];
      const at = (t: number): string => {
        const time = timeAt(grid, t);
        return isCalendar ? new Date(time).toISOString() : String(time);
      };
      const origin = origins.at(-1) ?? y.length;
      const w = origins.length - 1;
      const reference = Math.max(names.indexOf('seasonal-naive'), names.indexOf('naive'));
      const { yhat, intervals } = forecasts[k];
      const from = Math.max(0, origin - Math.max(leastShown, shownHorizons * yhat.length));
      const past = Array.from({ length: y.length - from }, (_, i): FanPoint => {
        const t = from + i;
        const h = t - origin;
        const isJudged = w >= 0 && h >= 0 && h < judged;
        return {
          at: at(t),
          actual: known(y[t]),
          yhat: isJudged ? known(backtests[k].yhat[w][h]) : null,
          naive: isJudged ? known(paths[w][reference][h]) : null,
          lower: none,
          upper: none,
        };
      });
      const next = Array.from(yhat, (value, h): FanPoint => ({
        at: at(y.length + h),
        actual: null,
        yhat: known(value),
        naive: null,
        lower: intervals.map(({ lower }) => known(lower[h])),
        upper: intervals.map(({ upper }) => known(upper[h])),
      }));
      return [...past, ...next];
    },
  });
}
