import type { EventColumn } from '../../../core/calendar/event-columns.js';
import { foldCycles, type FoldedCycle } from './folded-cycles.js';
import { fillHarmonics, type Harmonic } from './seasonalities.js';

/** What the columns of a design are: intercept, slope, hinges, sine and cosine of each harmonic, events; in that order. */
export interface DesignShape {
  /** Points of the series. */
  readonly n: number;
  /** Whether there is a slope. */
  readonly hasSlope: boolean;
  /** Points, counted from 0, at which the slope may change, ascending; none without a slope. */
  readonly changepoints: Float64Array;
  readonly harmonics: readonly Harmonic[];
}

/** The columns of a regression on a grid, and what can be known of them before a series is seen. */
export interface SeasonalDesign extends DesignShape {
  readonly nColumns: number;
  readonly events: readonly EventColumn[];
  /** `[n, nColumns]`, row by row. */
  readonly rows: Float64Array;
  /** Cycles of a whole number of steps. */
  readonly cycles: readonly FoldedCycle[];
  /** Columns of the other cycles. */
  readonly waveColumns: readonly number[];
  /** Those columns once more, `[n, waveColumns.length]`, row by row. */
  readonly waves: Float64Array;
  /** `[nColumns, nColumns]` of the first so many rows, for the whole and for every shorter origin asked for. */
  readonly grams: ReadonlyMap<number, Float64Array>;
}

/** Column of the first hinge. */
export function firstHinge({ hasSlope }: DesignShape): number {
  return hasSlope ? 2 : 1;
}

/** Column of the first harmonic's sine. */
export function firstHarmonic(shape: DesignShape): number {
  return firstHinge(shape) + shape.changepoints.length;
}

/** Column of the first event. */
export function firstEvent(shape: DesignShape): number {
  return firstHarmonic(shape) + 2 * shape.harmonics.length;
}

/**
 * Writes intercept, slope and hinges of point `i` into `out`. Time runs from -1 at the first point to 0 at the last.
 * A hinge is the distance still to go to its changepoint, so the slope column alone holds the slope at the end: it
 * is that slope which the prior pulls to nothing, and not, as in Prophet, the one at the beginning.
 */
export function fillTrend(shape: DesignShape, i: number, out: Float64Array, offset: number): void {
  const { n, hasSlope, changepoints } = shape;
  out[offset] = 1;
  if (!hasSlope) return;
  const span = Math.max(n - 1, 1);
  out[offset + 1] = (i - n + 1) / span;
  for (let j = 0; j < changepoints.length; j++) {
    out[offset + 2 + j] = Math.max(changepoints[j] - i, 0) / span;
  }
}

/**
 * The columns that every series of a grid and length shares, whenever it begins: a cycle's phase is counted from
 * point 0, which a prior that treats sine and cosine alike cannot notice.
 *
 * Takes `n * nColumns² / 2` multiplications.
 * @param periods those of the seasonalities that the harmonics belong to
 * @param origins lengths below `n` whose Gram matrices are wanted beside the whole one
 */
export function seasonalDesign(
  shape: DesignShape,
  periods: readonly number[],
  origins: readonly number[] = [],
): SeasonalDesign {
  const { n, harmonics } = shape;
  const nColumns = firstEvent(shape);
  const rows = new Float64Array(n * nColumns);
  const gram = new Float64Array(nColumns * nColumns);
  const grams = new Map<number, Float64Array>();
  const harmonicColumn = firstHarmonic(shape);
  for (let i = 0; i < n; i++) {
    const offset = i * nColumns;
    fillTrend(shape, i, rows, offset);
    fillHarmonics(harmonics, i, rows, offset + harmonicColumn);
    addSquare(gram, rows, offset, nColumns);
    if (origins.includes(i + 1)) grams.set(i + 1, mirrored(gram, nColumns));
  }
  grams.set(n, mirrored(gram, nColumns));
  const { cycles, waveColumns } = foldCycles(n, harmonics, periods, harmonicColumn);
  const waves = new Float64Array(n * waveColumns.length);
  for (let i = 0, at = 0; i < n; i++)
    for (const column of waveColumns) waves[at++] = rows[i * nColumns + column];
  return { ...shape, nColumns, events: [], rows, cycles, waveColumns, waves, grams };
}

/** Adds the square of a row to the lower triangle. */
function addSquare(gram: Float64Array, rows: Float64Array, offset: number, nColumns: number): void {
  for (let j = 0; j < nColumns; j++) {
    const value = rows[offset + j];
    // Hinges are 0 on most rows.
    if (value === 0) continue;
    const row = j * nColumns;
    for (let k = 0; k <= j; k++) gram[row + k] += value * rows[offset + k];
  }
}

/** The symmetric matrix that a lower triangle stands for. */
export function mirrored(lower: Float64Array, size: number): Float64Array {
  const gram = lower.slice();
  for (let j = 0; j < size; j++) for (let k = j + 1; k < size; k++) gram[j * size + k] = lower[k * size + j];
  return gram;
}

/** The design with columns of events behind the others: they are mostly zeros, so this costs little more than a copy. */
export function withEvents(base: SeasonalDesign, events: readonly EventColumn[]): SeasonalDesign {
  if (events.length === 0) return base;
  const { n } = base;
  const nColumns = base.nColumns + events.length;
  const rows = new Float64Array(n * nColumns);
  for (let i = 0; i < n; i++) {
    rows.set(base.rows.subarray(i * base.nColumns, (i + 1) * base.nColumns), i * nColumns);
  }
  events.forEach((event, k) => {
    event.rows.forEach((row, at) => (rows[row * nColumns + base.nColumns + k] = event.values[at]));
  });
  const grams = new Map<number, Float64Array>();
  for (const [origin, known] of base.grams) {
    const gram = new Float64Array(nColumns * nColumns);
    for (let j = 0; j < base.nColumns; j++) {
      gram.set(known.subarray(j * base.nColumns, (j + 1) * base.nColumns), j * nColumns);
    }
    events.forEach((event, k) => {
      const column = base.nColumns + k;
      event.rows.forEach((row, at) => {
        if (row >= origin) return;
        for (let j = 0; j < nColumns; j++) {
          gram[column * nColumns + j] += event.values[at] * rows[row * nColumns + j];
        }
      });
      for (let j = 0; j < base.nColumns; j++) gram[j * nColumns + column] = gram[column * nColumns + j];
    });
    grams.set(origin, gram);
  }
  return { ...base, nColumns, events, rows, grams };
}

/** How far parts of a regression may stray from 0, each in units of the noise's standard deviation. */
export interface PriorScales {
  /** Of the slope at the end, per length of the series. */
  readonly slope: number;
  /** Of a change of slope, per length of the series; 0 for none. */
  readonly changepoint: number;
  /** Of a cycle's first harmonic; that of harmonic k is a k-th of it. */
  readonly seasonality: number;
  /** Of an event's effect. */
  readonly event: number;
}

/** Of a column that is left out. */
const shut = 1e12;

/**
 * What each column's squared coefficient costs, `[nColumns]`: noise variance over prior variance. The intercept is
 * free.
 * @param origin points fitted; a slope may not change in the last of them
 * @param range share of the points fitted in which it may
 */
export function penaltyOf(
  design: Omit<SeasonalDesign, 'rows' | 'grams'>,
  scales: PriorScales,
  origin: number,
  range: number,
): Float64Array {
  const penalty = new Float64Array(design.nColumns);
  const cost = (scale: number): number => Math.min(1 / (scale * scale), shut);
  const [hinge, harmonic, event] = [firstHinge(design), firstHarmonic(design), firstEvent(design)];
  if (design.hasSlope) penalty[1] = cost(scales.slope);
  design.changepoints.forEach((changepoint, j) => {
    penalty[hinge + j] = changepoint <= range * origin ? cost(scales.changepoint) : shut;
  });
  design.harmonics.forEach(({ multiple }, k) => {
    penalty.fill(cost(scales.seasonality / multiple), harmonic + 2 * k, harmonic + 2 * k + 2);
  });
  penalty.fill(cost(scales.event), event);
  return penalty;
}
