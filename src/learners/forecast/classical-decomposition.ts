/** How a season joins the rest: `y = rest + index` or `y = rest · index`. */
export type SeasonKind = 'additive' | 'multiplicative';

/** One index for every phase of a cycle. */
export interface SeasonalIndices {
  readonly kind: SeasonKind;
  /** `[period]`, that of the series' first value first; their mean is 0 (additive) or 1 (multiplicative). */
  readonly indices: Float64Array;
}

/**
 * The season of the classical decomposition: for every phase the mean distance from a centred moving average over
 * one cycle.
 * @param y `[n]`, n at least two periods; positive for a multiplicative season
 */
export function seasonalIndices(y: Float64Array, period: number, kind: SeasonKind): SeasonalIndices {
  const n = y.length;
  const half = Math.floor(period / 2);
  const isEven = period % 2 === 0;
  const sums = new Float64Array(period);
  const counts = new Float64Array(period);
  let window = 0;
  for (let i = 0; i < period; i++) window += y[i];
  for (let center = half; center + half < n; center++) {
    const left = center - half;
    // An even cycle is centred by giving half a weight to the points at both ends.
    const sum = isEven ? window + (y[left + period] - y[left]) / 2 : window;
    const trend = sum / period;
    sums[center % period] += kind === 'additive' ? y[center] - trend : y[center] / trend;
    counts[center % period]++;
    if (left + period < n) window += y[left + period] - y[left];
  }
  const indices = sums.map((sum, phase) => sum / counts[phase]);
  const mean = indices.reduce((sum, index) => sum + index, 0) / period;
  for (let phase = 0; phase < period; phase++) {
    if (kind === 'additive') indices[phase] -= mean;
    else indices[phase] /= mean;
  }
  return { kind, indices };
}

/** The series without its season. */
export function removeSeason(y: Float64Array, { kind, indices }: SeasonalIndices): Float64Array {
  return y.map((value, i) => {
    const index = indices[i % indices.length];
    return kind === 'additive' ? value - index : value / index;
  });
}

/**
 * Gives forecasts their season back, in place.
 * @param n length of the series before them
 */
export function restoreSeason(forecasts: Float64Array, n: number, { kind, indices }: SeasonalIndices): void {
  for (let i = 0; i < forecasts.length; i++) {
    const index = indices[(n + i) % indices.length];
    if (kind === 'additive') forecasts[i] += index;
    else forecasts[i] *= index;
  }
}
