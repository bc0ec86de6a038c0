/** One seasonal cycle as a sum of waves. */
export interface FourierSeason {
  /** Steps, above 1, need not be whole. */
  readonly period: number;
  /** Waves, from the cycle itself to its `order`-th overtone. */
  readonly order: number;
}

/**
 * Sines and cosines of seasonal cycles, waves that repeat in another cycle or are too short to be seen left out.
 * @param start number of the first point, counted as `absoluteStep` does, so that a phase means the same everywhere
 * @returns columns of `[length]`
 */
export function fourierColumns(
  seasons: readonly FourierSeason[],
  start: number,
  length: number,
): Float64Array[] {
  const seen: number[] = [];
  const columns: Float64Array[] = [];
  for (const { period, order } of seasons) {
    for (let k = 1; k <= order; k++) {
      const frequency = k / period;
      if (frequency > 0.5 || seen.some((other) => Math.abs(other - frequency) < 1e-9)) continue;
      seen.push(frequency);
      const angle = 2 * Math.PI * frequency;
      columns.push(Float64Array.from({ length }, (_, t) => Math.cos(angle * (start + t))));
      // At two steps a wave the sine is 0 everywhere.
      if (frequency < 0.5) {
        columns.push(Float64Array.from({ length }, (_, t) => Math.sin(angle * (start + t))));
      }
    }
  }
  return columns;
}
