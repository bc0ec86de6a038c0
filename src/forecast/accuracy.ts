import type { PanelForecast } from './forecast-panel.js';

/** How the blend did in the backtests, beside the seasonal naive forecast. */
export interface BacktestAccuracy {
  /** Series that could be judged. */
  readonly nSeries: number;
  /** Mean absolute error in units of the recent movement of each series, mean over series. */
  readonly scaledError: number;
  /** The same of the value one season before. */
  readonly scaledErrorNaive: number;
  /** Per level: share of judged points within the interval. */
  readonly coverage: readonly number[];
  /** Per level and step ahead, over all points; null where none was judged. */
  readonly coverageByStep: readonly (readonly (number | null)[])[];
}

/** Sums the backtests of a job up: forecasts made without having seen what came, by weights that had not either. */
export function backtestAccuracy(
  { candidates, backtests, coverageByStep }: PanelForecast,
  nLevels: number,
): BacktestAccuracy {
  let [nSeries, blended, naive] = [0, 0, 0];
  const covered = new Float64Array(nLevels);
  candidates.forEach((series, k) => {
    if (series.backtests.length === 0 || backtests[k].coverage.some(Number.isNaN)) return;
    const reference = Math.max(series.names.indexOf('seasonal-naive'), series.names.indexOf('naive'));
    const error = (path: (w: number) => Float64Array): number =>
      meanScaledError(series.actual, path, series.units);
    nSeries++;
    blended += error((w) => backtests[k].yhat[w]);
    naive += error((w) => series.backtests[w][reference]);
    backtests[k].coverage.forEach((share, l) => (covered[l] += share));
  });
  const mean = (sum: number): number => (nSeries === 0 ? NaN : sum / nSeries);
  return {
    nSeries,
    scaledError: mean(blended),
    scaledErrorNaive: mean(naive),
    coverage: [...covered].map(mean),
    coverageByStep: coverageByStep.map((row) =>
      [...row].map((share) => (Number.isNaN(share) ? null : share)),
    ),
  };
}

function meanScaledError(
  actual: readonly Float64Array[],
  path: (window: number) => Float64Array,
  units: readonly number[],
): number {
  let [sum, count] = [0, 0];
  actual.forEach((window, w) => {
    window.forEach((value, h) => {
      if (Number.isNaN(value)) return;
      sum += Math.abs(value - path(w)[h]) / units[w];
      count++;
    });
  });
  return sum / count;
}
