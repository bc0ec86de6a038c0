import type { Rng } from '../../core/rng.js';
import { sortedQuantile } from '../../evaluation/interval.js';
import type { MetricEstimate } from '../../evaluation/metric.js';
import type { DailyPanel, HeldOutWindow } from './fit.js';
import { week } from './history.js';
import type { ForecastChampion } from './model.js';

/** How forecasts did on a held-out window. */
export interface ForecastAccuracy {
  /** With intervals over KOLs, 95 %. */
  readonly metrics: readonly MetricEstimate[];
  /** What is judged: MASE where the median is forecast, RMSSE where the mean is. */
  readonly criterion: 'mase' | 'rmsse';
  /** `[nKols]` the criterion; NaN for a KOL that cannot be judged. */
  readonly error: Float64Array;
  /** KOLs that were judged. */
  readonly nKols: number;
}

/** Differences from a week before that make a scale. */
const fewestSteps = 28;
const replicates = 500;

/** What one KOL adds to the figures; a figure is the ratio of two sums. */
type Parts = Readonly<Record<string, { readonly sum: number; readonly count: number }>>;

/**
 * sMAPE in percent (0 where both are 0), MASE (Hyndman & Koehler 2006) and RMSSE (Makridakis et al. 2022, M5) of
 * period 7, bias as a share of the total, and the coverage of every interval. Absolute errors judge a median; squared
 * ones a mean. Intervals are percentiles over resampled KOLs (Efron 1979): days of one KOL are not
 * independent.
 */
export function forecastAccuracy(
  panel: DailyPanel,
  heldOut: Pick<HeldOutWindow, 'forecasts' | 'naive' | 'nDays'>,
  goal: ForecastChampion['goal'],
  rng: Rng,
): ForecastAccuracy {
  const { forecasts, naive, nDays } = heldOut;
  const horizon = naive.length / panel.values.length;
  const criterion = goal === 'mean' ? 'rmsse' : 'mase';
  const judged = new Float64Array(panel.values.length).fill(NaN);
  const kols: Parts[] = [];
  panel.values.forEach((values, k) => {
    const scale = weeklyMovement(values, nDays);
    if (!(scale.absolute > 0)) return;
    const parts: Record<string, { sum: number; count: number }> = {};
    const add = (name: string, value: number, count = 1): void => {
      const part = (parts[name] ??= { sum: 0, count: 0 });
      part.sum += value;
      part.count += count;
    };
    for (let h = 0; h < horizon; h++) {
      const truth = values[nDays + h];
      if (Number.isNaN(truth)) continue;
      const i = k * horizon + h;
      for (const [suffix, forecast] of [
        ['', forecasts.yhat[i]],
        ['_naive', naive[i]],
      ] as const) {
        const error = Math.abs(truth - forecast);
        add(`mase${suffix}`, error / scale.absolute);
        add(`rmsse${suffix}`, (error / scale.squared) ** 2);
        add(`smape${suffix}`, error === 0 ? 0 : (200 * error) / (truth + forecast));
      }
      add('bias', forecasts.yhat[i] - truth, truth);
      for (const { level, lower, upper } of forecasts.intervals) {
        add(`coverage_${percent(level)}`, truth >= lower[i] && truth <= upper[i] ? 1 : 0);
      }
    }
    if (parts['mase'] === undefined) return;
    // Every KOL counts the same in what is relative to it; days count in coverage, values in the bias.
    for (const name of ['mase', 'smape', 'rmsse']) {
      for (const one of [name, `${name}_naive`]) {
        const mean = parts[one].sum / parts[one].count;
        parts[one] = { sum: name === 'rmsse' ? Math.sqrt(mean) : mean, count: 1 };
      }
      parts[`${name}_gain`] = { sum: parts[`${name}_naive`].sum - parts[name].sum, count: 1 };
    }
    judged[k] = parts[criterion].sum;
    kols.push(parts);
  });
  const metrics = kols.length === 0 ? [] : estimates(kols, rng);
  return { metrics, criterion, error: judged, nKols: kols.length };
}

const names: Readonly<Record<string, string>> = { mase: 'MASE', smape: 'sMAPE', rmsse: 'RMSSE' };

/** What a figure is called in a report. */
function labelOf(figure: string): string {
  if (figure === 'bias') return 'Bias, share of the total';
  const [name, what] = figure.split('_');
  if (name === 'coverage') return `Coverage at ${what} %`;
  if (what === 'naive') return `${names[name]}, seasonal naive`;
  return what === 'gain' ? `${names[name]} won over the seasonal naive` : names[name];
}

function estimates(kols: readonly Parts[], rng: Rng): MetricEstimate[] {
  const figures = Object.keys(kols[0]);
  const figure = (weight: ArrayLike<number>, name: string): number => {
    let [sum, count] = [0, 0];
    kols.forEach((parts, k) => {
      sum += weight[k] * parts[name].sum;
      count += weight[k] * parts[name].count;
    });
    return count === 0 ? NaN : sum / count;
  };
  const drawn = figures.map(() => new Float64Array(replicates));
  const weight = new Float64Array(kols.length);
  for (let r = 0; r < replicates; r++) {
    weight.fill(0);
    for (let k = 0; k < kols.length; k++) weight[rng.integer(kols.length)]++;
    figures.forEach((name, m) => (drawn[m][r] = figure(weight, name)));
  }
  const once = new Float64Array(kols.length).fill(1);
  return figures.map((name, m) => {
    const sorted = drawn[m].filter(Number.isFinite).sort();
    const value = figure(once, name);
    return {
      name,
      label: labelOf(name),
      value,
      lower: sorted.length === 0 ? value : sortedQuantile(sorted, 0.025),
      upper: sorted.length === 0 ? value : sortedQuantile(sorted, 0.975),
      direction: /^coverage|_gain$/.test(name) ? 'higher' : 'lower',
    };
  });
}

/** 0.8 as 80. */
function percent(level: number): string {
  return String(Math.round(level * 1000) / 10);
}

/** Mean absolute and root mean squared difference from a week before over the days before the window; NaN for too few. */
function weeklyMovement(values: Float32Array, nDays: number): { absolute: number; squared: number } {
  let [absolute, squared, n] = [0, 0, 0];
  for (let t = week; t < nDays; t++) {
    const difference = Math.abs(values[t] - values[t - week]);
    if (Number.isNaN(difference)) continue;
    absolute += difference;
    squared += difference * difference;
    n++;
  }
  return n < fewestSteps
    ? { absolute: NaN, squared: NaN }
    : { absolute: absolute / n, squared: Math.sqrt(squared / n) };
}
