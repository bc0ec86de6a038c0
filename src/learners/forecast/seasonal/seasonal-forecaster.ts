import { DataError } from '../../../core/errors.js';
import { shiftGrid, type TimeGrid } from '../../../core/time-grid.js';
import { blendWays, type BlendedForecast } from './blend-ways.js';
import { chooseLink } from './choose-link.js';
import { solveFactor } from './factor.js';
import type { SeasonalForecasterModel } from './model.js';
import { seasonalForecasterParams, type SeasonalForecasterParams } from './params.js';
import { prepareDesign, type DesignCache, type PreparedDesign } from './prepared.js';
import { transposedProducts } from './products.js';
import { cleanedSeries, regressRobustly, robustDeviation } from './regression.js';
import type { StandardizedSeries } from './standardized.js';
import { waysOf } from './ways.js';
import { weighWays } from './weigh.js';
import { solveWeighted, withoutRows } from './weighted-solve.js';

export type { SeasonalForecasterParams } from './params.js';

/** A series and where it lies in time. */
export interface GriddedSeries {
  /** `[n]`, oldest first, NaN where missing. */
  readonly y: Float64Array;
  readonly grid: TimeGrid;
}

/** A forecaster of trend, cycles and events: parameters and nothing else. */
export interface SeasonalForecaster {
  readonly kind: 'seasonal-forecaster';
  /** Defaults filled in. */
  readonly params: SeasonalForecasterParams;
  /**
   * Neither changes nor keeps the series. A series of one value, however often, stays at it.
   * @param cache designs made for other series, worth having where series share grid and length
   * @throws {DataError} when every value is missing, or one is infinite
   */
  fit(series: GriddedSeries, cache?: DesignCache): SeasonalForecasterModel;
}

/** Beyond so many robust standard deviations from the level a residual moves it no more. */
const levelLimit = 3;
/** Good enough for regressions that are weighed against others. */
const roughTolerance = 1e-3;

/**
 * Forecasts one series by a regression on a trend with changepoints, Fourier series and events, in the manner of
 * Prophet (Taylor & Letham 2018, "Forecasting at scale"), with normal priors, so that the normal equations solve it,
 * outliers held down (Huber 1964), a slope that fades (Gardner & McKenzie 1985), and the level of the last residuals
 * carried forward. How stiff trend and cycles are, how soon slope and level fade: each of a few ways forecasts some
 * held-out tails, and the forecast is their mean, weighted by how well they did.
 *
 * @throws {ConfigError} naming a parameter that is unknown or out of its range
 * @example
 * const grid: TimeGrid = { frequency: { unit: 'millisecond', step: 86_400_000 }, start: Date.UTC(2024, 0, 1) };
 * const model = seasonalForecaster().fit({ y: Float64Array.of(3, 3, NaN, 3), grid });
 * forecastSeasonal(model, 2) // 3, 3
 */
export function seasonalForecaster(given: Partial<SeasonalForecasterParams> = {}): SeasonalForecaster {
  const params = seasonalForecasterParams(given);
  return { kind: 'seasonal-forecaster', params, fit: (series, cache) => fit(params, series, cache) };
}

function fit(
  params: SeasonalForecasterParams,
  { y: all, grid: wholeGrid }: GriddedSeries,
  cache?: DesignCache,
): SeasonalForecasterModel {
  const { least, most, first } = rangeOf(all);
  const y = all.subarray(first);
  const grid = first === 0 ? wholeGrid : shiftGrid(wholeGrid, first);
  if (least === most) return constantModel(grid, y.length, least);

  const prepared = prepareDesign(params, grid, y.length, cache);
  const { design, candidates, origins } = prepared;
  const missing = missingRows(y);
  const wholes = withoutRows(
    candidates.map(({ whole }) => whole),
    missing,
  );
  const whole = wholes[0];
  const { series, regression: plain } = chooseLink(params, whole, y, least > 0);
  const { z } = series;
  const regression = params.robust ? regressRobustly(whole, z, plain) : plain;
  const cleaned = cleanedSeries(design, z, regression);
  const sums = transposedProducts(design, cleaned, [...origins, y.length]);
  const regressions = wholes.map((penalized, c) => {
    if (c === 0) return regression.coefficients;
    const start = solveFactor(
      candidates[c].whole.factor,
      sums[origins.length],
      new Float64Array(design.nColumns),
    );
    return solveWeighted(penalized, regression.rhs, regression.shortfall, start, roughTolerance);
  });

  const noise = robustDeviation(regression.residuals);
  const limit = levelLimit * noise;
  const weighted = weighWays(prepared, waysOf(params, prepared, cleaned, regressions), z, sums, limit);
  const blend = blendWays(design, weighted, regressions, z, limit);
  return modelOf(params, prepared, grid, series, blend, noise);
}

/** Least and largest value, and the first point that has one. */
function rangeOf(y: Float64Array): { least: number; most: number; first: number } {
  let least = Infinity;
  let most = -Infinity;
  let first = -1;
  for (let i = 0; i < y.length; i++) {
    if (Number.isNaN(y[i])) continue;
    if (!Number.isFinite(y[i]))
      throw new DataError(`y[${i}]=${y[i]} must be finite, or NaN where it is missing`);
    if (first < 0) first = i;
    least = Math.min(least, y[i]);
    most = Math.max(most, y[i]);
  }
  if (first < 0) throw new DataError('y must hold at least one value that is not missing');
  return { least, most, first };
}

function missingRows(y: Float64Array): Int32Array {
  const rows: number[] = [];
  for (let i = 0; i < y.length; i++) if (Number.isNaN(y[i])) rows.push(i);
  return Int32Array.from(rows);
}

/** The model on the scale of the link: what was standardised is put back. */
function modelOf(
  { events }: SeasonalForecasterParams,
  { design, seasonalities }: PreparedDesign,
  grid: TimeGrid,
  { link, centre, scale }: StandardizedSeries,
  blend: BlendedForecast,
  noise: number,
): SeasonalForecasterModel {
  const coefficients = blend.coefficients.map((b) => b * scale);
  coefficients[0] += centre;
  return Object.freeze({
    kind: 'seasonal-forecaster',
    format: 1,
    grid,
    n: design.n,
    link,
    hasSlope: design.hasSlope,
    changepoints: design.changepoints,
    seasonalities,
    events,
    eventNames: design.events.map(({ name }) => name),
    coefficients,
    slopes: blend.slopes.map(({ slope, damping }) => ({ slope: slope * scale, damping })),
    levels: blend.levels.map(({ level, decay }) => ({ level: level * scale, decay })),
    noise: noise * scale,
  });
}

/** A series that never moves stays where it is. */
function constantModel(grid: TimeGrid, n: number, value: number): SeasonalForecasterModel {
  return Object.freeze<SeasonalForecasterModel>({
    kind: 'seasonal-forecaster',
    format: 1,
    grid,
    n,
    link: { kind: 'identity' },
    hasSlope: false,
    changepoints: new Float64Array(0),
    seasonalities: [],
    events: [],
    eventNames: [],
    coefficients: Float64Array.of(value),
    slopes: [],
    levels: [],
    noise: 0,
  });
}
