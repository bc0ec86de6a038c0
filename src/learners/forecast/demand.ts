/** An intermittent series as its events. */
export interface Demand {
  /** The values that are not 0. */
  readonly sizes: Float64Array;
  /** Steps from the one before to each of them, for the first from before the series. */
  readonly intervals: Float64Array;
}

/** The events of a series, oldest first; none when every value is 0. */
export function demandOf(y: Float64Array): Demand {
  const sizes: number[] = [];
  const intervals: number[] = [];
  let last = -1;
  y.forEach((value, i) => {
    if (value === 0) return;
    sizes.push(value);
    intervals.push(i - last);
    last = i;
  });
  return { sizes: Float64Array.from(sizes), intervals: Float64Array.from(intervals) };
}

/** Where the smoothing share of sizes, intervals and probabilities is searched for: events are few and noisy. */
export const demandAlphas = [0.1, 0.3] as const;
