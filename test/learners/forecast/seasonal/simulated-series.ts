import type { Rng } from '../../../../src/core/rng.js';
import type { TimeGrid } from '../../../../src/core/time-grid.js';

export const day = 86_400_000;

/** Days in UTC from a date on. */
export function daily(start: string): TimeGrid {
  return { frequency: { unit: 'millisecond', step: day }, start: Date.parse(start) };
}

/** Days of a level with a week, a year and noise. */
export function simulatedDays(n: number, rng: Rng, noise = 5): Float64Array {
  const week = [0, 2, 3, 1, 5, 20, 14];
  return Float64Array.from(
    { length: n },
    (_, i) => 200 + 0.05 * i + week[i % 7] + 30 * Math.sin((2 * Math.PI * i) / 365.25) + noise * rng.normal(),
  );
}

/** Solves `A x = b` by Gauss's elimination with pivots; an oracle that shares nothing with the code under test. */
export function solveDense(A: readonly (readonly number[])[], b: readonly number[]): number[] {
  const rows = A.map((row, i) => [...row, b[i]]);
  const size = b.length;
  for (let k = 0; k < size; k++) {
    let pivot = k;
    for (let i = k + 1; i < size; i++) if (Math.abs(rows[i][k]) > Math.abs(rows[pivot][k])) pivot = i;
    [rows[k], rows[pivot]] = [rows[pivot], rows[k]];
    for (let i = k + 1; i < size; i++) {
      const factor = rows[i][k] / rows[k][k];
      for (let j = k; j <= size; j++) rows[i][j] -= factor * rows[k][j];
    }
  }
  const x = new Array<number>(size).fill(0);
  for (let i = size - 1; i >= 0; i--) {
    let sum = rows[i][size];
    for (let j = i + 1; j < size; j++) sum -= rows[i][j] * x[j];
    x[i] = sum / rows[i][i];
  }
  return x;
}

/** Ridge regression by its definition: each present row once, each column's penalty on the diagonal. */
export function bruteForceRidge(
  columns: readonly (readonly number[])[],
  penalty: readonly number[],
  y: Float64Array,
): number[] {
  const present = Array.from(y.keys()).filter((i) => !Number.isNaN(y[i]));
  const gram = columns.map((a, j) =>
    columns.map((b, k) => present.reduce((sum, i) => sum + a[i] * b[i], j === k ? penalty[j] : 0)),
  );
  return solveDense(
    gram,
    columns.map((a) => present.reduce((sum, i) => sum + a[i] * y[i], 0)),
  );
}
