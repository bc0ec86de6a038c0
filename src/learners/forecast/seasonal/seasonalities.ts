import { naturalPeriods, type Frequency } from '../../../core/time-grid.js';

/** A cycle, drawn by a Fourier series. */
export interface Seasonality {
  /** Steps, above 1; need not be whole. */
  readonly period: number;
  /** How many harmonics, at least 1. */
  readonly order: number;
}

/** A harmonic of a cycle: a sine and a cosine column. */
export interface Harmonic {
  /** Which of the seasonalities it belongs to. */
  readonly seasonality: number;
  /** Times in a period that it repeats. */
  readonly multiple: number;
  /** Radians a step. */
  readonly frequency: number;
}

/** A cycle must have been seen so often before it is believed. */
const leastCycles = 2;

/**
 * The cycles of a frequency that a series of `n` points shows at least twice: of a series below a day day and week,
 * of a daily one week and year, of longer ones the year.
 */
export function defaultSeasonalities(frequency: Frequency, n: number): Seasonality[] {
  const periods = naturalPeriods(frequency);
  return periods
    .map((period, i) => ({ period, order: defaultOrder(period, periods.length - i) }))
    .filter(({ period }) => n >= leastCycles * period);
}

/** @param rank 1 for the year, 2 for the week, 3 for the day */
function defaultOrder(period: number, rank: number): number {
  const isShort = period <= 7;
  // Of a week of hours, harmonics 1 to 24: those about the day's first three tell how weekdays differ in shape.
  const order = rank === 1 ? 10 : isShort ? 3 : rank === 2 ? 24 : 8;
  return Math.min(order, Math.floor(period / 2));
}

/** The harmonics of all cycles, those left out that a shorter cycle has already or that no such grid can show. */
export function harmonicsOf(seasonalities: readonly Seasonality[]): Harmonic[] {
  const harmonics: Harmonic[] = [];
  seasonalities.forEach(({ period, order }, seasonality) => {
    for (let multiple = 1; multiple <= order && multiple <= period / 2 + 1e-9; multiple++) {
      const frequency = (2 * Math.PI * multiple) / period;
      if (harmonics.some((known) => Math.abs(known.frequency - frequency) < 1e-9)) continue;
      harmonics.push({ seasonality, multiple, frequency });
    }
  });
  return harmonics;
}

/** Writes sine and cosine of every harmonic at point `i` into `out`, from `offset` on. */
export function fillHarmonics(
  harmonics: readonly Harmonic[],
  i: number,
  out: Float64Array,
  offset: number,
): void {
  for (let k = 0; k < harmonics.length; k++) {
    const angle = harmonics[k].frequency * i;
    out[offset + 2 * k] = Math.sin(angle);
    out[offset + 2 * k + 1] = Math.cos(angle);
  }
}
