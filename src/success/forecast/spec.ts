import type { ForecastSpec } from '../../champion/forecast/fit.js';
import type { ForecastConfig, ForecastMetric } from './config.js';
import { salesCalendar } from './events.js';

/**
 * How a metric is forecast. Views and engagement by their median, which is what absolute errors want. Orders are
 * counts with many zeros whose median is often 0; what is planned with them are sums, so they are forecast by their
 * mean.
 */
export function forecastSpec(metric: ForecastMetric, config: ForecastConfig): ForecastSpec {
  const isMean = metric === 'orders';
  return {
    metric,
    goal: isMean ? 'mean' : 'median',
    horizon: config.horizon,
    history: config.history,
    nWindows: config.backtests,
    levels: [0.8, 0.95],
    lags: [1, 2, 3, 7, 14, 21, 28],
    calendar: salesCalendar(),
    boosted: {
      objective: isMean ? 'tweedie' : 'huber',
      seasons: [7],
      differencePeriods: 4,
      maxRows: config.maxRows,
      boosting: { nEstimators: 60, learningRate: 0.15 },
    },
  };
}
