import { eventColumns } from '../../../core/calendar/event-columns.js';
import type { TimeGrid } from '../../../core/time-grid.js';
import {
  penaltyOf,
  seasonalDesign,
  withEvents,
  type DesignShape,
  type PriorScales,
  type SeasonalDesign,
} from './design.js';
import { penalizedFactor } from './factor.js';
import type { SeasonalForecasterParams } from './params.js';
import { defaultSeasonalities, harmonicsOf, type Seasonality } from './seasonalities.js';
import type { PenalizedDesign } from './weighted-solve.js';

/** Changepoints lie at least so many points apart. */
const pointsPerChangepoint = 4;
const mostTails = 5;
/** The series is so many times as long as a tail, unless told how long that shall be. */
const pointsPerTailPoint = 24;
/** What `auto` weighs; the most flexible trend comes first, since it takes no lasting change for outliers. */
const changepointScales = [30, 3, 0.1];
const seasonalityScales = [2, 0.3];
const slopeScale = 30;

/** A choice of prior scales, with the factors it needs. */
export interface Candidate {
  readonly scales: PriorScales;
  readonly whole: PenalizedDesign;
  /** Of the first so many points, one for each of the prepared origins. */
  readonly factors: readonly Float64Array[];
}

/** All that a fit needs and that does not depend on the series. */
export interface PreparedDesign {
  readonly design: SeasonalDesign;
  readonly seasonalities: readonly Seasonality[];
  /** The first is the one that outliers are found with. */
  readonly candidates: readonly Candidate[];
  /** Lengths from which held-out tails are forecast, ascending; none where the series is too short. */
  readonly origins: readonly number[];
  /** Length of a held-out tail. */
  readonly horizon: number;
}

/** Designs already made, for series that share a grid and a length. Holds a few; the oldest goes first. */
export interface DesignCache {
  readonly capacity: number;
  readonly entries: Map<string, PreparedDesign>;
}

/** An empty cache. @param capacity how many designs to hold, of about a megabyte each for three years of days */
export function designCache(capacity = 16): DesignCache {
  return { capacity, entries: new Map() };
}

function cached(cache: DesignCache | undefined, key: string, make: () => PreparedDesign): PreparedDesign {
  const known = cache?.entries.get(key);
  if (known !== undefined) return known;
  const made = make();
  if (cache !== undefined) {
    if (cache.entries.size >= cache.capacity) cache.entries.delete(cache.entries.keys().next().value!);
    cache.entries.set(key, made);
  }
  return made;
}

/** The design for series of `n` points on a grid; only events ask where the grid starts. */
export function prepareDesign(
  params: SeasonalForecasterParams,
  grid: TimeGrid,
  n: number,
  cache?: DesignCache,
): PreparedDesign {
  const { events } = params;
  const key = JSON.stringify([n, grid.frequency, { ...params, events: [] }]);
  const base = cached(cache, key, () => prepareBase(params, grid, n));
  if (events.length === 0) return base;
  const eventKey = events.map((event) => [
    event,
    Array.from(event.days instanceof Float64Array ? event.days : []),
  ]);
  return cached(cache, JSON.stringify([key, grid.start, eventKey]), () => {
    const felt = eventColumns(events, grid, 0, n).filter(({ rows }) => rows.length > 0);
    return penalized(params, base, withEvents(base.design, felt), base);
  });
}

function prepareBase(params: SeasonalForecasterParams, grid: TimeGrid, n: number): PreparedDesign {
  const seasonalities =
    params.seasonalities === 'auto' ? defaultSeasonalities(grid.frequency, n) : params.seasonalities;
  const hasSlope = params.growth !== 'flat' && n > 2;
  const shape: DesignShape = {
    n,
    hasSlope,
    changepoints: hasSlope ? changepointsOf(params, n) : new Float64Array(0),
    harmonics: harmonicsOf(seasonalities),
  };
  const periods = seasonalities.map(({ period }) => period);
  const { horizon, origins } = heldOutTails(params, seasonalities, n);
  return penalized(params, { seasonalities, horizon, origins }, seasonalDesign(shape, periods, origins));
}

/** As in Prophet: evenly over the first part, none at the very beginning; not closer than a few points. */
function changepointsOf(
  { nChangepoints, changepointRange }: SeasonalForecasterParams,
  n: number,
): Float64Array {
  const last = Math.floor(changepointRange * n) - 1;
  const count = Math.max(0, Math.min(nChangepoints, Math.floor(last / pointsPerChangepoint)));
  return Float64Array.from({ length: count }, (_, j) => Math.round(((j + 1) * last) / count));
}

function heldOutTails(
  params: SeasonalForecasterParams,
  seasonalities: readonly Seasonality[],
  n: number,
): { horizon: number; origins: number[] } {
  const given = params.horizon === 'auto' ? Math.floor(n / pointsPerTailPoint) : params.horizon;
  const horizon = Math.max(1, Math.min(given, Math.floor(n / 6)));
  const least = Math.max(
    12,
    2 * Math.max(0, ...seasonalities.map(({ period }) => (period < n / 3 ? period : 0))),
  );
  const origins: number[] = [];
  for (let k = mostTails; k >= 1; k--) if (n - k * horizon >= least) origins.push(n - k * horizon);
  return { horizon, origins };
}

/** @param base the same without events, whose factors begin those with them */
function penalized(
  params: SeasonalForecasterParams,
  rest: Pick<PreparedDesign, 'seasonalities' | 'horizon' | 'origins'>,
  design: SeasonalDesign,
  base?: PreparedDesign,
): PreparedDesign {
  const { seasonalities, horizon, origins } = rest;
  const candidates = scalesOf(params, design).map((scales, c): Candidate => {
    const penalty = (origin: number): Float64Array =>
      penaltyOf(design, scales, origin, params.changepointRange);
    const factor = (origin: number, known?: Float64Array): Float64Array =>
      penalizedFactor(design.grams.get(origin)!, penalty(origin), known, base?.design.nColumns);
    const known = base?.candidates[c];
    return {
      scales,
      whole: { design, penalty: penalty(design.n), factor: factor(design.n, known?.whole.factor) },
      factors: origins.map((origin, o) => factor(origin, known?.factors[o])),
    };
  });
  return { design, seasonalities, candidates, origins, horizon };
}

function scalesOf(params: SeasonalForecasterParams, shape: DesignShape): PriorScales[] {
  const { changepointPriorScale, seasonalityPriorScale, eventPriorScale } = params;
  const ofChangepoints =
    changepointPriorScale !== 'auto'
      ? [changepointPriorScale]
      : shape.changepoints.length > 0
        ? changepointScales
        : [0];
  const ofSeasonalities =
    seasonalityPriorScale !== 'auto'
      ? [seasonalityPriorScale]
      : shape.harmonics.length > 0
        ? seasonalityScales
        : [1];
  return ofSeasonalities.flatMap((seasonality) =>
    ofChangepoints.map((changepoint) => ({
      slope: slopeScale,
      changepoint,
      seasonality,
      event: eventPriorScale,
    })),
  );
}
