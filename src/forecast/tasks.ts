import type { Tasks } from '../core/serve-tasks.js';
import { designCache } from '../learners/forecast/seasonal/prepared.js';
import { backtestSeries, type BacktestSetting, type SeriesForecasts } from './backtest.js';
import type { PanelSeries } from './panel.js';

/** Some series of a panel, as they cross to a worker. */
export interface BacktestTask {
  readonly series: readonly PanelSeries[];
  readonly setting: BacktestSetting;
}

/** What a thread remembers from task to task: it saves time and changes no result. */
const designs = designCache(48);

export const backtestTaskName = 'backtest-series';

/** What the worker threads can do for forecasts, by name. */
export const forecastTasks = {
  // eslint-disable-next-line @typescript-eslint/require-await -- a refusal must reject, not throw
  [backtestTaskName]: async ({ series, setting }: BacktestTask): Promise<SeriesForecasts[]> =>
    series.map((one) => backtestSeries(one, setting, designs)),
} satisfies Tasks;
