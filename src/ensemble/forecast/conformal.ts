/** Residuals of one series' blended backtests, made with weights that had not seen the window. */
export interface SeriesResiduals {
  /** `[nWindows][steps]` truth less forecast, NaN where the truth is missing; oldest window first. */
  readonly windows: readonly Float64Array[];
  /** `[nWindows]` how much the series moved before each window, above 0: the size of its errors goes with it. */
  readonly units: readonly number[];
  /** The same before the forecast. */
  readonly unit: number;
}

/** How far truth falls from forecast, learned from all series of a job. */
export interface ConformalModel {
  /** `[steps]` mean size of residuals at each step, around 1, never falling. */
  readonly profile: Float64Array;
  /** Mean absolute residual in units of the series. */
  readonly typical: number;
  /** Scaled residuals, ascending; of both signs, or absolute ones where they are too few for two tails. */
  readonly scaled: Float64Array;
  readonly isSymmetric: boolean;
  /** Backtest windows of all series. */
  readonly nWindows: number;
}

/** What the typical size weighs in the size of one series' errors. */
const typicalShare = 0.2;
/** What a window counts beside the next newer one. */
const fading = 0.8;
/** Fewer scaled residuals than this cannot tell the upper tail from the lower one. */
const leastForTails = 2_000;
/**
 * The errors within a window rise and fall together, so that a handful of windows is no more than a handful of
 * observations: intervals are wider by this share over their number.
 */
const fewWindows = 0.7;
/** Steps on each side that smooth the profile. */
const smoothing = 3;

/**
 * Split-conformal intervals for forecasts of many series (Vovk, Gammerman & Shafer 2005; Lei et al. 2018): residuals
 * of backtests are brought to one scale and pooled, so that a few windows of each series make thousands of residuals.
 * A window is scaled by the errors of the *other* windows of its series, as the future will be, so that the quantiles
 * contain how little a few windows tell.
 *
 * @param steps of the horizon; windows may be shorter
 */
export function fitConformal(series: readonly SeriesResiduals[], steps: number): ConformalModel {
  const typical = meanOf(
    series.flatMap(({ windows, units }) => windows.map((window, k) => meanAbsolute(window) / units[k])),
  );
  const scaledWindows = series.flatMap((one) =>
    one.windows.map((window, k) => {
      const size = errorSize(withoutWindow(one, k), typical);
      return window.map((residual) => (size > 0 ? residual / size : NaN));
    }),
  );
  const profile = risingProfile(scaledWindows, steps);
  const residuals = scaledWindows.flatMap((window) =>
    [...window].map((residual, h) => residual / profile[h]).filter((residual) => !Number.isNaN(residual)),
  );
  const isSymmetric = residuals.length < leastForTails;
  const scaled = Float64Array.from(isSymmetric ? residuals.map(Math.abs) : residuals).sort();
  return {
    profile,
    typical: Number.isNaN(typical) ? 1 : typical,
    scaled,
    isSymmetric,
    nWindows: scaledWindows.length,
  };
}

/**
 * How far below and above a forecast of one series its truth lies with probability `level`.
 * @param level within (0, 1)
 * @returns offsets `[steps]`, `lower` at most 0 and `upper` at least 0
 */
export function conformalOffsets(
  model: ConformalModel,
  one: SeriesResiduals,
  level: number,
): { readonly lower: Float64Array; readonly upper: Float64Array } {
  const size = errorSize(one, model.typical);
  const { scaled, isSymmetric, profile, nWindows } = model;
  const tail = (1 - level) / 2;
  const sized = size * (1 + fewWindows / Math.max(nWindows, 1));
  const upper = isSymmetric ? quantile(scaled, level) : Math.max(quantile(scaled, 1 - tail), 0);
  const lower = isSymmetric ? -upper : Math.min(lowerQuantile(scaled, tail), 0);
  return {
    lower: profile.map((shape) => lower * shape * sized),
    upper: profile.map((shape) => upper * shape * sized),
  };
}

/** The other windows of a series, as if window `k` were to be forecast. */
export function withoutWindow(one: SeriesResiduals, k: number): SeriesResiduals {
  const isOther = (_: unknown, other: number): boolean => other !== k;
  return {
    windows: one.windows.filter(isOther),
    units: one.units.filter(isOther),
    unit: one.units[k],
  };
}

/**
 * Size of the errors to come: that of the windows in their units, the newer the more it counts (as residuals do in
 * Barber, Candès, Ramdas & Tibshirani 2023, "Conformal prediction beyond exchangeability"), drawn a little to the
 * typical one.
 */
function errorSize({ windows, units, unit }: SeriesResiduals, typical: number): number {
  let [sum, weights, weight] = [0, 0, 1];
  for (let k = windows.length - 1; k >= 0; k--) {
    const size = meanAbsolute(windows[k]) / units[k];
    if (Number.isNaN(size)) continue;
    sum += weight * size;
    weights += weight;
    weight *= fading;
  }
  const expected = Number.isNaN(typical) ? 1 : typical;
  return unit * (weights === 0 ? expected : (1 - typicalShare) * (sum / weights) + typicalShare * expected);
}

/**
 * The smallest residual that at least the share `level` of all of them, and one more, do not exceed: the conformal
 * quantile; beyond the largest one for a level that so few residuals cannot vouch for.
 */
function quantile(sorted: Float64Array, level: number): number {
  const n = sorted.length;
  if (n === 0) return normalQuantileOfMeanAbsolute(level);
  const rank = Math.ceil((n + 1) * level);
  if (rank <= n) return sorted[rank - 1];
  // A Laplace tail: it falls by a factor e for every mean absolute residual.
  const meanSize = meanOf([...sorted].map(Math.abs));
  return sorted[n - 1] + meanSize * Math.log((level * (n + 1)) / n / Math.max(1 - level, 1e-9) / n + 1);
}

/** The mirror image of `quantile`. */
function lowerQuantile(sorted: Float64Array, tail: number): number {
  const rank = Math.floor((sorted.length + 1) * tail);
  return rank >= 1 ? sorted[rank - 1] : sorted[0];
}

/** Without any residual: a Laplace distribution whose mean absolute value is 1. */
function normalQuantileOfMeanAbsolute(level: number): number {
  return -Math.log(1 - level);
}

/** Mean size at each step relative to all, smoothed, never falling: the farther, the less certain. */
function risingProfile(windows: readonly Float64Array[], steps: number): Float64Array {
  const sums = new Float64Array(steps);
  const counts = new Float64Array(steps);
  for (const window of windows) {
    window.forEach((residual, h) => {
      if (Number.isNaN(residual)) return;
      // One wild series must not rule the shape.
      sums[h] += Math.min(Math.abs(residual), 10);
      counts[h]++;
    });
  }
  const raw = sums.map((sum, h) => (counts[h] === 0 ? NaN : sum / counts[h]));
  const smooth = raw.map((_, h) => {
    // As many on both sides, so that the first steps keep their certainty.
    const reach = Math.min(smoothing, h);
    const near = raw.slice(h - reach, h + reach + 1).filter((value) => value > 0);
    return near.length === 0 ? NaN : meanOf([...near]);
  });
  const rising = pooledUp(smooth);
  const nKnown = smooth.filter((value) => value > 0).length;
  const centre = meanOf([...rising].slice(0, nKnown || steps));
  return rising.map((value) => value / centre);
}

/** The nearest series that never falls (pool adjacent violators); unknown steps go on as the square root of time. */
function pooledUp(values: Float64Array): Float64Array {
  const blocks: { sum: number; count: number }[] = [];
  const known = [...values].findIndex((value) => !(value > 0));
  const n = known < 0 ? values.length : known;
  for (let h = 0; h < n; h++) {
    let block = { sum: values[h], count: 1 };
    for (
      let last = blocks.at(-1);
      last && last.sum / last.count >= block.sum / block.count;
      last = blocks.at(-1)
    ) {
      blocks.pop();
      block = { sum: last.sum + block.sum, count: last.count + block.count };
    }
    blocks.push(block);
  }
  const rising = blocks.flatMap(({ sum, count }) => new Array<number>(count).fill(sum / count));
  const last = rising.at(-1) ?? 1;
  return Float64Array.from(values, (_, h) =>
    h < n ? rising[h] : last * Math.sqrt((h + 1) / Math.max(n, 1)),
  );
}

function meanAbsolute(window: Float64Array): number {
  return meanOf([...window].map(Math.abs));
}

function meanOf(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? NaN : known.reduce((sum, value) => sum + value, 0) / known.length;
}
