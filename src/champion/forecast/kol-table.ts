import { leastMovement, levelOf, movementOf } from './history.js';
import type { LocalRegressions } from './local-regression.js';
import type { KolTable } from './model.js';

/**
 * The tables of an origin: what is known of every KOL, after row 0, which stands for all of them. A KOL without a
 * value by then is as row 0. Errors are 1 until backtests tell.
 *
 * @param z `[nKols][nDays]` log(1 + y)
 * @param origin days that may be looked at
 * @param history days that a level is taken over; the whole past where those hold no value
 */
export function kolTable(
  z: readonly Float64Array[],
  origin: number,
  local: LocalRegressions,
  history: number,
): KolTable {
  const nRows = z.length + 1;
  const nCoefficients = local.coefficients.length / Math.max(1, z.length);
  const table = {
    level: new Float32Array(nRows),
    spread: new Float32Array(nRows),
    movement: new Float32Array(nRows),
    center: new Float32Array(nRows),
    coefficients: new Float32Array(nRows * nCoefficients),
    error: new Float32Array(nRows).fill(1),
  };
  const known: number[] = [];
  z.forEach((series, k) => {
    const past = series.subarray(0, origin);
    const recent = past.subarray(Math.max(0, origin - history));
    const level = levelOf(recent) ?? levelOf(past);
    if (level === null || Number.isNaN(local.center[k])) return;
    known.push(k);
    const moved = [movementOf(recent), movementOf(past), level.scale].find((value) => !Number.isNaN(value));
    table.level[k + 1] = level.center;
    table.spread[k + 1] = Math.max(level.scale, 1e-3);
    table.movement[k + 1] = Math.max(moved ?? leastMovement, leastMovement);
    table.center[k + 1] = local.center[k];
    table.coefficients.set(
      local.coefficients.subarray(k * nCoefficients, (k + 1) * nCoefficients),
      (k + 1) * nCoefficients,
    );
  });
  fillRow(table, 0, known);
  const isKnown = new Set(known);
  for (let k = 0; k < z.length; k++) {
    if (isKnown.has(k)) continue;
    for (const column of [table.level, table.spread, table.movement, table.center]) column[k + 1] = column[0];
  }
  return table;
}

/** A stranger without history stands at the middle KOL, and moves as much as KOLs differ. */
function fillRow(table: KolTable, row: number, known: readonly number[]): void {
  const median = (column: Float32Array): number => {
    const sorted = Float32Array.from(known, (k) => column[k + 1]).sort();
    return sorted.length === 0 ? 0 : sorted[Math.floor(sorted.length / 2)];
  };
  const middle = median(table.level);
  const apart = Float32Array.from(known, (k) => Math.abs(table.level[k + 1] - middle));
  const typical = apart.reduce((sum, value) => sum + value, 0) / Math.max(1, apart.length);
  table.level[row] = middle;
  table.center[row] = middle;
  table.spread[row] = Math.max(median(table.spread), 1e-3);
  table.movement[row] = Math.max(median(table.movement), typical, leastMovement);
}
