import { logOnePlus } from '../../core/log-one-plus.js';

/** Days of a week: the season of everything here. */
export const week = 7;

/** A history as it is read: NaN where missing or not finite; values below 0 are taken as 0. */
export function countsOf(history: ArrayLike<number>, from: number, length: number): Float64Array {
  const y = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const value = history[from + i];
    y[i] = Number.isFinite(value) ? Math.max(value, 0) : NaN;
  }
  return y;
}

/** log(1 + y) of what `countsOf` reads. */
export function logHistory(history: ArrayLike<number>, from: number, length: number): Float64Array {
  return countsOf(history, from, length).map(logOnePlus);
}

/** Gaps filled with the latest known value of the same weekday, `otherwise` where there is none; in place. */
export function fillByWeek(z: Float64Array, otherwise: number): void {
  for (let i = week; i < z.length; i++) if (Number.isNaN(z[i])) z[i] = z[i - week];
  for (let i = 0; i < z.length; i++) if (Number.isNaN(z[i])) z[i] = otherwise;
}

/** Mean absolute difference from a week before, over the days where both are known; NaN where none are. */
export function movementOf(z: Float64Array): number {
  let sum = 0;
  let n = 0;
  for (let i = week; i < z.length; i++) {
    const difference = Math.abs(z[i] - z[i - week]);
    if (Number.isNaN(difference)) continue;
    sum += difference;
    n++;
  }
  return n > 0 ? sum / n : NaN;
}

/** A history that never moves still has an interval. */
export const leastMovement = 0.01;

/** Mean and mean absolute deviation of the known values; null where there are none. */
export function levelOf(z: Float64Array): { center: number; scale: number } | null {
  let sum = 0;
  let n = 0;
  for (const value of z) {
    if (Number.isNaN(value)) continue;
    sum += value;
    n++;
  }
  if (n === 0) return null;
  const center = sum / n;
  let deviation = 0;
  for (const value of z) if (!Number.isNaN(value)) deviation += Math.abs(value - center);
  return { center, scale: deviation / n };
}
