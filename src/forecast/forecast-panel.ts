import type { CalendarEvent } from '../core/calendar/events.js';
import { ConfigError } from '../core/errors.js';
import type { BacktestSetting, SeriesForecasts } from './backtest.js';
import { addBoostedLags } from './boosted-candidate.js';
import type { ForecastContext } from './context.js';
import { blendPanel, type BlendedPanel } from './blend-panel.js';
import type { Panel, SeriesNote } from './panel.js';
import { detectPeriods, type Periods } from './seasons.js';
import { backtestTaskName, type BacktestTask } from './tasks.js';

/** What is asked of a panel. */
export interface ForecastRequest {
  /** Steps after the last observed value of each series, at least 1. */
  readonly horizon: number;
  /** Probabilities of the intervals, each within (0, 1). */
  readonly levels: readonly number[];
  /** What is known to happen on certain days; none when left out. */
  readonly events?: readonly CalendarEvent[];
}

/** The forecasts of all series of a panel, in its order. */
export interface PanelForecast extends BlendedPanel {
  /** What each series' candidates said. */
  readonly candidates: readonly SeriesForecasts[];
  /** Series that got less than the candidates, and why. */
  readonly fallbacks: readonly SeriesNote[];
}

/** Series whose autocorrelation tells the cycles where no calendar does. */
const detectionSeries = 200;
/** Points of a task: enough to be worth its way to a thread, few enough to share the end evenly. */
const taskPoints = 10_000;

/**
 * Forecasts every series of a panel: candidates and their backtests on the pool, series by series; then, over all of
 * them, blend and intervals. The same on any number of threads.
 * @throws {ConfigError} naming a level or horizon out of its range
 */
export async function forecastPanel(
  panel: Panel,
  { horizon, levels, events = [] }: ForecastRequest,
  context: ForecastContext,
): Promise<PanelForecast> {
  if (!Number.isInteger(horizon) || horizon < 1) {
    throw new ConfigError(`horizon=${horizon} must be a whole number of at least 1`);
  }
  const wrong = levels.find((level) => !(level > 0 && level < 1));
  if (wrong !== undefined) throw new ConfigError(`level=${wrong * 100} must be above 0 and below 100`);
  const setting: BacktestSetting = { horizon, detected: detectedPeriods(panel), events };
  const own = await backtestAll(panel, setting, context);
  const candidates = await addBoostedLags(panel, own, setting, context);
  const fallbacks = candidates.flatMap(({ fallback }, k) =>
    fallback === undefined ? [] : [{ id: panel.series[k].id, note: fallback }],
  );
  return { ...blendPanel(candidates, horizon, levels), candidates, fallbacks };
}

async function backtestAll(
  panel: Panel,
  setting: BacktestSetting,
  { pool, progress, signal }: ForecastContext,
): Promise<SeriesForecasts[]> {
  const stage = progress.stage('forecasting', panel.series.length);
  try {
    const results = await Promise.all(
      tasksOf(panel, setting).map(async (task) => {
        const done = await pool.run<SeriesForecasts[]>(backtestTaskName, task, { ...(signal && { signal }) });
        stage.advance(task.series.length);
        return done;
      }),
    );
    return results.flat();
  } finally {
    stage.done();
  }
}

/** The cycles that series without a calendar share: not all of them show each, the backtests will tell. */
function detectedPeriods({ series, frequency }: Panel): Periods {
  if (frequency.unit !== 'count') return [];
  const lengths = series.map(({ y }) => y.length).sort((a, b) => a - b);
  const typical = lengths[lengths.length >> 1] ?? 0;
  const long = series.filter(({ y }) => 2 * y.length >= typical);
  const every = Math.ceil(long.length / detectionSeries);
  const some = long.filter((_, k) => k % every === 0);
  return detectPeriods(some.map(({ y }) => y.map((value) => (Number.isNaN(value) ? 0 : value))));
}

function tasksOf({ series }: Panel, setting: BacktestSetting): BacktestTask[] {
  const tasks: BacktestTask[] = [];
  let from = 0;
  let points = 0;
  series.forEach(({ y }, k) => {
    points += y.length;
    if (points < taskPoints && k < series.length - 1) return;
    tasks.push({ series: series.slice(from, k + 1), setting });
    from = k + 1;
    points = 0;
  });
  return tasks;
}
