import { DataError, throwIfAborted } from '../../core/errors.js';
import type { Progress } from '../../core/progress.js';
import type { Rng } from '../../core/rng.js';
import { boostedLags } from '../../learners/forecast/boosted-lags/boosted-lags.js';
import type { BoostedLagsModel } from '../../learners/forecast/boosted-lags/model.js';
import type { BoostedLagsParams } from '../../learners/forecast/boosted-lags/params.js';
import type { SeriesPanel } from '../../learners/forecast/boosted-lags/panel.js';
import { learnBlend, type Backtest } from './blend.js';
import { dayRegressors, eventColumns, eventNames, type EventCalendar } from './calendar.js';
import { logHistory } from './history.js';
import { kolTable } from './kol-table.js';
import { localRegressions } from './local-regression.js';
import { memberForecasts, type MemberModels } from './members.js';
import { members, type ForecastChampion } from './model.js';
import { combine, type Forecasts } from './predict.js';

const dayLength = 86_400_000;

/** One metric of many KOLs, day by day. */
export interface DailyPanel {
  /** `[nKols]` sanitised, distinct. */
  readonly kolIds: readonly string[];
  /** `[nKols][nDays]` not negative, NaN where missing. */
  readonly values: readonly Float32Array[];
  /** Epoch day of the first of them. */
  readonly firstDay: number;
}

/** All that decides what is fitted, as plain data. */
export interface ForecastSpec {
  readonly metric: string;
  readonly goal: ForecastChampion['goal'];
  readonly horizon: number;
  readonly history: number;
  /** Backtest windows that teach weights and intervals, each as long as the horizon. */
  readonly nWindows: number;
  readonly levels: readonly number[];
  readonly lags: readonly number[];
  readonly calendar: EventCalendar;
  readonly boosted: Partial<BoostedLagsParams>;
}

export interface ForecastFitContext {
  readonly rng: Rng;
  readonly threads: number;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/** The newest window, forecast by a champion that ended before it. */
export interface HeldOutWindow {
  /** Days of history before the window. */
  readonly nDays: number;
  readonly forecasts: Forecasts;
  /** What it would have said of the same histories, had it known none of the KOLs. */
  readonly asUnknown: Forecasts;
  /** `[nKols][horizon]` the value of the same weekday of the last known week. */
  readonly naive: Float64Array;
  /** `[nKols]` whether the KOL had a value before the window. */
  readonly isKnown: Uint8Array;
}

export interface FittedForecast {
  readonly model: ForecastChampion;
  readonly heldOut: HeldOutWindow;
}

/**
 * Fits the members at every origin, the newest one and one per window before it; judges the blend of the earlier
 * windows on the newest one; learns it anew with that window; and gives the champion that ends with the data.
 * A model of an origin, and the blend that judges it, have seen nothing after it.
 *
 * @throws {DataError} when there are too few days for the windows
 */
export async function fitForecastChampion(
  panel: DailyPanel,
  spec: ForecastSpec,
  context: ForecastFitContext,
): Promise<FittedForecast> {
  const { horizon, nWindows } = spec;
  const nDays = panel.values[0]?.length ?? 0;
  // Origins from the oldest to the newest: the windows before the held-out one, that one, and the end.
  const origins = Array.from({ length: nWindows + 2 }, (_, j) => nDays - (nWindows + 1 - j) * horizon);
  if (!(origins[0] >= 2 * horizon)) {
    throw new DataError(
      `${spec.metric}: ${nDays} days of ${panel.values.length} KOLs are too few; ${nWindows + 1} windows of ${horizon} days and two before them are needed`,
    );
  }
  const stage = context.progress.stage(`forecast ${spec.metric}`, origins.length + 2);
  const z = panel.values.map((values) => logHistory(values, 0, nDays));
  const regressors = dayRegressors(spec.calendar, panel.firstDay, nDays);
  const nKnown = regressors.length / nDays;
  const local = localRegressions(z, regressors, nKnown, spec.lags, origins);
  stage.advance();

  const series = seriesPanel(panel, spec);
  const models: MemberModels[] = [];
  for (const [o, origin] of origins.entries()) {
    throwIfAborted(context.signal);
    const boosted = await fitBoosted(series, panel.firstDay + origin - 1, spec, context, `origin-${o}`);
    models.push({ ...spec, boosted, kols: kolTable(z, origin, local[o], spec.history) });
    stage.advance();
  }
  const backtests = origins.slice(0, -1).map((origin, o) => backtest(panel, z, origin, models[o]));
  const judged = backtests[nWindows];
  const earlier = learnBlend(backtests.slice(0, nWindows), spec);
  const rows = rowsOf(judged.isKnown);
  const kols = { ...models[nWindows].kols, error: errorColumn(earlier.error) };
  const judge = { ...spec, ...earlier, kols };
  const heldOut: HeldOutWindow = {
    nDays: origins[nWindows],
    forecasts: combine(judge, rows, judged.members),
    asUnknown: combine(judge, new Int32Array(rows.length), judged.members),
    naive: judged.members.z[members.indexOf('seasonal-naive')].map(Math.expm1),
    isKnown: judged.isKnown,
  };

  const learned = learnBlend(backtests.slice(1), spec);
  const last = models[nWindows + 1];
  stage.done();
  return {
    heldOut,
    model: Object.freeze({
      kind: 'forecast-champion',
      format: 1,
      metric: spec.metric,
      horizon,
      history: spec.history,
      goal: spec.goal,
      factors: learned.factors,
      calendar: spec.calendar,
      boosted: last.boosted,
      lags: spec.lags,
      kolIds: panel.kolIds,
      kols: { ...last.kols, error: errorColumn(learned.error) },
      known: learned.known,
      unknown: learned.unknown,
    }),
  };
}

/** Rows of the tables, the unknown KOL first: its errors are the typical ones of strangers. */
function errorColumn(error: Float64Array): Float32Array {
  return Float32Array.of(1, ...error);
}

function rowsOf(isKnown: Uint8Array): Int32Array {
  return Int32Array.from(isKnown, (known, k) => (known === 1 ? k + 1 : 0));
}

/** Every series from its first value on. */
function seriesPanel({ values, firstDay }: DailyPanel, { calendar, horizon }: ForecastSpec): SeriesPanel {
  const starts = values.map((row) =>
    Math.max(
      0,
      row.findIndex((value) => !Number.isNaN(value)),
    ),
  );
  const names = eventNames(calendar);
  const columns = eventColumns(calendar, firstDay, (values[0]?.length ?? 0) + horizon);
  return {
    series: values.map((row, k) => ({
      y: Float64Array.from(row.subarray(starts[k])),
      grid: {
        frequency: { unit: 'millisecond', step: dayLength },
        start: (firstDay + starts[k]) * dayLength,
      },
    })),
    events: Object.fromEntries(
      names.map((name, e) => [name, starts.map((start) => columns[e].subarray(start))]),
    ),
  };
}

function fitBoosted(
  series: SeriesPanel,
  lastDay: number,
  spec: ForecastSpec,
  context: ForecastFitContext,
  label: string,
): Promise<BoostedLagsModel> {
  const { horizon, history } = spec;
  return boostedLags({ ...spec.boosted, horizon, history }).fit(series, {
    rng: context.rng.split(label),
    threads: context.threads,
    until: lastDay * dayLength,
    ...(context.signal && { signal: context.signal }),
  });
}

/** What the members would have said at an origin, and what came. */
function backtest(
  panel: DailyPanel,
  z: readonly Float64Array[],
  origin: number,
  models: MemberModels,
): Backtest {
  const { horizon, history: length } = models;
  const nKols = z.length;
  const history = new Float32Array(nKols * length).fill(NaN);
  const truth = new Float64Array(nKols * horizon);
  const level = new Float64Array(nKols);
  const isKnown = new Uint8Array(nKols);
  panel.values.forEach((values, k) => {
    const from = Math.max(0, origin - length);
    history.set(values.subarray(from, origin), (k + 1) * length - (origin - from));
    truth.set(z[k].subarray(origin, origin + horizon), k * horizon);
    let [sum, n] = [0.5, 1];
    for (let t = from; t < origin; t++) {
      if (Number.isNaN(values[t])) continue;
      sum += values[t];
      n++;
    }
    level[k] = sum / n;
    isKnown[k] = n > 1 ? 1 : 0;
  });
  const start = new Int32Array(nKols).fill(panel.firstDay + origin);
  return {
    members: memberForecasts(models, { history, rows: rowsOf(isKnown), start }),
    truth,
    level,
    isKnown,
  };
}
