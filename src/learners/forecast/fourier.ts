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
      const [cosine, sine] = wave(2 * Math.PI * frequency, start, length);
      columns.push(cosine);
      // At two steps a wave the sine is 0 everywhere.
      if (frequency < 0.5) columns.push(sine);
    }
  }
  return columns;
}

/** Points that one rotation after the other leads to before the angle is taken anew, so that no error adds up. */
const rotated = 64;

/** Cosine and sine of `angle` times the number of each point. */
function wave(angle: number, start: number, length: number): [Float64Array, Float64Array] {
  const cosine = new Float64Array(length);
  const sine = new Float64Array(length);
  const [turnCosine, turnSine] = [Math.cos(angle), Math.sin(angle)];
  let [c, s] = [1, 0];
  for (let t = 0; t < length; t++) {
    if (t % rotated === 0) {
      c = Math.cos(angle * (start + t));
      s = Math.sin(angle * (start + t));
    }
    cosine[t] = c;
    sine[t] = s;
    const next = c * turnCosine - s * turnSine;
    s = s * turnCosine + c * turnSine;
    c = next;
  }
  return [cosine, sine];
}
