import { eventColumns } from '../../../core/calendar/event-columns.js';
import { ConfigError } from '../../../core/errors.js';
import { fillTrend, firstEvent, firstHarmonic, type DesignShape } from './design.js';
import { unlink } from './link.js';
import type { SeasonalForecasterModel } from './model.js';
import { fillHarmonics, harmonicsOf } from './seasonalities.js';

/** The parts of a series or a forecast, each `[to - from]`, on the scale of the link: they add up. */
export interface SeasonalComponents {
  readonly trend: Float64Array;
  readonly seasonal: readonly { readonly period: number; readonly values: Float64Array }[];
  readonly events: readonly { readonly name: string; readonly values: Float64Array }[];
  /** What is left of the last residuals; 0 within the series. */
  readonly level: Float64Array;
  /** The sum, on the scale of the data. */
  readonly total: Float64Array;
}

/**
 * The forecast on the scale of the data.
 * @param horizon at least 1
 * @returns `[horizon]`, finite, the first one step after the end of the series
 * @throws {ConfigError} for a horizon that is none
 */
export function forecastSeasonal(model: SeasonalForecasterModel, horizon: number): Float64Array {
  if (!Number.isInteger(horizon) || horizon < 1) {
    throw new ConfigError(`horizon=${horizon} must be a whole number of at least 1`);
  }
  return seasonalComponents(model, model.n, model.n + horizon).total;
}

/**
 * The parts that the model is made of, for points of the series as well as beyond it.
 * @param from first point, 0 that of the series
 * @param to one after the last point
 */
export function seasonalComponents(
  model: SeasonalForecasterModel,
  from: number,
  to: number,
): SeasonalComponents {
  const { seasonalities, coefficients } = model;
  const shape: DesignShape = { ...model, harmonics: harmonicsOf(seasonalities) };
  const length = to - from;
  const trend = new Float64Array(length);
  const seasonal = seasonalities.map(({ period }) => ({ period, values: new Float64Array(length) }));
  const harmonicColumn = firstHarmonic(shape);
  const row = new Float64Array(firstEvent(shape));
  for (let at = 0; at < length; at++) {
    fillTrend(shape, Math.min(from + at, model.n - 1), row, 0);
    for (let j = 0; j < harmonicColumn; j++) trend[at] += row[j] * coefficients[j];
    fillHarmonics(shape.harmonics, from + at, row, harmonicColumn);
    shape.harmonics.forEach(({ seasonality }, k) => {
      const j = harmonicColumn + 2 * k;
      seasonal[seasonality].values[at] += row[j] * coefficients[j] + row[j + 1] * coefficients[j + 1];
    });
  }
  addSlopes(model, from, trend);
  const level = fadedLevel(model, from, length);
  const events = eventEffects(model, firstEvent(shape), from, to);
  const total = trend.map((value, at) => value + level[at]);
  for (const { values } of [...seasonal, ...events]) values.forEach((value, at) => (total[at] += value));
  return { trend, seasonal, events, level, total: unlink(model.link, total) };
}

/** What the fading slopes add beyond the end. */
function addSlopes({ n, slopes }: SeasonalForecasterModel, from: number, trend: Float64Array): void {
  for (const { slope, damping } of slopes) {
    let kept = 1;
    let gained = 0;
    for (let i = n; i < from + trend.length; i++) {
      kept *= damping;
      gained += slope * kept;
      if (i >= from) trend[i - from] += gained;
    }
  }
}

function fadedLevel({ n, levels }: SeasonalForecasterModel, from: number, length: number): Float64Array {
  const out = new Float64Array(length);
  for (const { level, decay } of levels) {
    let kept = level;
    for (let i = n; i < from + length; i++) {
      kept *= decay;
      if (i >= from) out[i - from] += kept;
    }
  }
  return out;
}

function eventEffects(
  { events, eventNames, grid, coefficients }: SeasonalForecasterModel,
  firstColumn: number,
  from: number,
  to: number,
): { name: string; values: Float64Array }[] {
  if (eventNames.length === 0) return [];
  const effects = new Map(events.map(({ name }) => [name, new Float64Array(to - from)]));
  for (const { name, event, rows, values } of eventColumns(events, grid, from, to)) {
    const column = eventNames.indexOf(name);
    if (column < 0) continue;
    const effect = effects.get(event)!;
    rows.forEach((row, at) => (effect[row] += coefficients[firstColumn + column] * values[at]));
  }
  return Array.from(effects, ([name, values]) => ({ name, values }));
}
