import { ConfigError, DataError } from '../../../core/errors.js';
import type { TimeGrid } from '../../../core/time-grid.js';
import { linked, type Link } from './link.js';
import type { FadingSlope, SeasonalForecasterModel } from './model.js';
import { seasonalForecasterParams, type SeasonalForecasterParams } from './params.js';
import { prepareDesign, type DesignCache, type PreparedDesign } from './prepared.js';
import { regress, residualsOf, robustDeviation, type Regression } from './regression.js';
import { residualLevel, residualProcess, type ResidualLevel } from './residual-level.js';
import { levelMemory, weighWays, type WeightedWay } from './weigh.js';
import { rowProduct, solveWeighted, type PenalizedDesign } from './weighted-solve.js';

export type { SeasonalForecasterParams } from './params.js';

/** A series and where it lies in time. */
export interface GriddedSeries {
  /** `[n]`, oldest first, NaN where missing. */
  readonly y: Float64Array;
  readonly grid: TimeGrid;
}

/** A forecaster of trend, cycles and events. */
export interface SeasonalForecaster {
  readonly kind: 'seasonal-forecaster';
  readonly params: SeasonalForecasterParams;
  /**
   * @param cache designs made for other series, where series share grid and length
   * @throws {DataError} when no value is there, or one is infinite
   */
  fit(series: GriddedSeries, cache?: DesignCache): SeasonalForecasterModel;
}

export function seasonalForecaster(given: Partial<SeasonalForecasterParams> = {}): SeasonalForecaster {
  const params = seasonalForecasterParams(given);
  return { kind: 'seasonal-forecaster', params, fit: (series, cache) => fit(params, series, cache) };
}

export const fitting = {
  processMemory: 400,
  limit: 3,
  fixed: [
    { decay: 0.998, share: 0.98 },
    { decay: 0.99, share: 0.7 },
    { decay: 0.97, share: 0.5 },
    { decay: 0.9, share: 0.5 },
  ],
  dampings: (n: number) => [0, fadingOver(n / 10), fadingOver(n / 2)],
};

function fit(
  params: SeasonalForecasterParams,
  { y, grid }: GriddedSeries,
  cache?: DesignCache,
): SeasonalForecasterModel {
  const { least, most } = rangeOf(y);
  if (least === most) return constantModel(grid, y.length, least);
  const prepared = prepareDesign(params, grid, y.length, cache);
  const { link, z, regression } = chooseLink(params, prepared, y, least);
  const { design, candidates } = prepared;

  const cleaned = cleanedSeries(candidates[0].whole, z, regression);
  const regressions = candidates.map(({ whole }, c) =>
    c === 0 ? regression.coefficients : solveWeighted(whole, regression.rhs, regression.shortfall, regression.coefficients),
  );
  const from = Math.max(0, y.length - fitting.processMemory);
  const residuals = regressions.map((b) => residualsOf(design, z, b, from));
  const limit = fitting.limit * robustDeviation(regression.residuals);
  const processes = regressions.map((b) =>
    params.residual === 'none'
      ? [null]
      : [null, residualProcess(residualsOf(design, cleaned, b, from)), ...fitting.fixed],
  );
  const dampings =
    params.damping !== 'auto' ? [params.damping] : design.hasSlope ? fitting.dampings(y.length) : [1];
  const ways = weighWays(prepared, z, cleaned, processes, dampings, limit);
  return model(prepared, grid, link, params, { ways, regressions, residuals, limit });
}

/** What is kept of the slope from step to step if it fades over a tenth of the series. */
function fadingOver(n: number): number {
  return 1 - 1 / Math.max(2, n);
}

function rangeOf(y: Float64Array): { least: number; most: number } {
  let least = Infinity;
  let most = -Infinity;
  for (let i = 0; i < y.length; i++) {
    if (Math.abs(y[i]) === Infinity) throw new DataError(`y[${i}]=${y[i]} must be finite, or NaN where it is missing`);
    if (y[i] < least) least = y[i];
    if (y[i] > most) most = y[i];
  }
  if (least === Infinity) throw new DataError('y must hold at least one value that is not missing');
  return { least, most };
}

interface Linked {
  readonly link: Link;
  readonly z: Float64Array;
  readonly regression: Regression;
}

/** The series on the scale on which its parts add up, and its regression with the first prior scales. */
function chooseLink(
  { growth, cap, floor, mode, robust }: SeasonalForecasterParams,
  { candidates: [{ whole }] }: PreparedDesign,
  y: Float64Array,
  least: number,
): Linked {
  const on = (link: Link): Linked => {
    const z = linked(link, y);
    return { link, z, regression: regress(whole, z, robust) };
  };
  if (growth === 'logistic') {
    if (cap === null) throw new ConfigError('cap must be given with growth=logistic');
    return on({ kind: 'logit', floor, cap });
  }
  if (mode === 'additive' || !(least > 0)) return on({ kind: 'identity' });
  const multiplied = on({ kind: 'log' });
  if (mode === 'multiplicative') return multiplied;
  const added = on({ kind: 'identity' });
  // Laplace likelihoods; the logarithm's carries the Jacobian 1 / y (Box & Cox 1964).
  const gain = Math.log(meanSize(added.regression.residuals)) - Math.log(meanSize(multiplied.regression.residuals)) - mean(multiplied.z);
  return gain > 0 ? multiplied : added;
}

function mean(values: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}

function meanSize(values: Float64Array): number {
  return Math.max(mean(values.map(Math.abs)), Number.MIN_VALUE);
}

/** The series as the regression saw it: the fit where a value is missing, drawn towards it where it is far off. */
function cleanedSeries(
  { design }: PenalizedDesign,
  z: Float64Array,
  { coefficients, residuals, shortfall: { rows, lacks } }: Regression,
): Float64Array {
  const cleaned = z.slice();
  rows.forEach((row, at) => {
    cleaned[row] = Number.isNaN(z[row]) ? rowProduct(design, row, coefficients) : z[row] - lacks[at] * residuals[row];
  });
  return cleaned;
}

interface Parts {
  readonly ways: readonly WeightedWay[];
  readonly regressions: readonly Float64Array[];
  readonly residuals: readonly Float64Array[];
  readonly limit: number;
}

/** The weighted mean of all ways, which is of the same form as each of them. */
function model(
  { design, seasonalities }: PreparedDesign,
  grid: TimeGrid,
  link: Link,
  { events }: SeasonalForecasterParams,
  { ways, regressions, residuals, limit }: Parts,
): SeasonalForecasterModel {
  const coefficients = new Float64Array(design.nColumns);
  const slopes = new Map<number, number>();
  const levels: ResidualLevel[] = [];
  for (const { candidate, damping, process, weight } of ways) {
    const b = regressions[candidate];
    for (let j = 0; j < b.length; j++) coefficients[j] += weight * b[j];
    if (design.hasSlope && damping > 0) {
      slopes.set(damping, (slopes.get(damping) ?? 0) + (weight * b[1]) / (design.n - 1));
    }
    if (process !== null) {
      const { level, decay } = residualLevel(residuals[candidate].slice(-levelMemory), process, limit);
      if (level !== 0) levels.push({ level: weight * level, decay });
    }
  }
  return Object.freeze<SeasonalForecasterModel>({
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
    slopes: Array.from(slopes, ([damping, slope]): FadingSlope => ({ slope, damping })),
    levels,
    noise: limit / fitting.limit,
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
