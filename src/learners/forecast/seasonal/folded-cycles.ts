import type { Harmonic } from './seasonalities.js';

/** A cycle that repeats after a whole number of steps: its columns, and where they begin. */
export interface FoldedCycle {
  readonly period: number;
  readonly column: number;
  readonly width: number;
}

/**
 * Which harmonic columns repeat within a series of `n` points, and which do not.
 * @param first column of the first harmonic
 */
export function foldCycles(
  n: number,
  harmonics: readonly Harmonic[],
  periods: readonly number[],
  first: number,
): { cycles: FoldedCycle[]; waveColumns: number[] } {
  const cycles: FoldedCycle[] = [];
  const waveColumns: number[] = [];
  periods.forEach((period, seasonality) => {
    const own = Array.from(harmonics.keys()).filter((k) => harmonics[k].seasonality === seasonality);
    if (own.length === 0) return;
    const column = first + 2 * own[0];
    const width = 2 * own.length;
    if (Number.isInteger(period) && 2 * period <= n) cycles.push({ period, column, width });
    else for (let j = 0; j < width; j++) waveColumns.push(column + j);
  });
  return { cycles, waveColumns };
}
