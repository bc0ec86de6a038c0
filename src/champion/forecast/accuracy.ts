import type { Rng } from '../../core/rng.js';
import { sortedQuantile } from '../../evaluation/interval.js';
import type { MetricEstimate } from '../../evaluation/metric.js';
import type { DailyPanel, HeldOutWindow } from './fit.js';
import { week } from './history.js';

/** How forecasts did on a held-out window. */
export interface ForecastAccuracy {
  /** With intervals over KOLs, 95 %. */
  readonly metrics: readonly MetricEstimate[];
  /** `[nKols]` mean absolute scaled error; NaN for a KOL that cannot be judged. */
  readonly mase: Float64Array;
  /** The same of the season before. */
  readonly maseNaive: Float64Array;
  /** KOLs that were judged. */
  readonly nKols: number;
}

/** Days whose differences from a week before make the scale of MASE. */
const fewestSteps = 28;
const replicates = 500;

/** What one KOL adds to the figures; a figure is the ratio of two sums. */
type Parts = Readonly<Record<string, { readonly sum: number; readonly count: number }>>;

/**
 * sMAPE in percent (0 where both are 0), MASE of period 7 (Hyndman & Koehler 2006), bias as a share of the total, and
 * the coverage of every interval. Intervals are percentiles over resampled KOLs (Efron 1979): days of one KOL are not
 * independent.
 */
export function forecastAccuracy(panel: DailyPanel, heldOut: HeldOutWindow, rng: Rng): ForecastAccuracy {
  const { forecasts, naive, nDays } = heldOut;
  const horizon = naive.length / panel.values.length;
  const mase = new Float64Array(panel.values.length).fill(NaN);
  const maseNaive = mase.slice();
  const kols: Parts[] = [];
  panel.values.forEach((values, k) => {
    const scale = weeklyMovement(values, nDays);
    if (!(scale > 0)) return;
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
        add(`mase${suffix}`, error / scale);
        add(`smape${suffix}`, error === 0 ? 0 : (200 * error) / (truth + forecast));
      }
      add('bias', forecasts.yhat[i] - truth, truth);
      for (const { level, lower, upper } of forecasts.intervals) {
        add(`coverage_${percent(level)}`, truth >= lower[i] && truth <= upper[i] ? 1 : 0);
      }
    }
    if (parts['mase'] === undefined) return;
    mase[k] = parts['mase'].sum / parts['mase'].count;
    maseNaive[k] = parts['mase_naive'].sum / parts['mase_naive'].count;
    // Every KOL counts the same in what is relative to it; days count in coverage, values in the bias.
    for (const name of ['mase', 'smape', 'mase_naive', 'smape_naive']) {
      parts[name] = { sum: parts[name].sum / parts[name].count, count: 1 };
    }
    parts['mase_gain'] = { sum: maseNaive[k] - mase[k], count: 1 };
    kols.push(parts);
  });
  return { metrics: kols.length === 0 ? [] : estimates(kols, rng), mase, maseNaive, nKols: kols.length };
}

const labels: Readonly<Record<string, string>> = {
  mase: 'MASE',
  smape: 'sMAPE',
  mase_naive: 'MASE, seasonal naive',
  smape_naive: 'sMAPE, seasonal naive',
  mase_gain: 'MASE won over the seasonal naive',
  bias: 'Bias, share of the total',
};

function estimates(kols: readonly Parts[], rng: Rng): MetricEstimate[] {
  const names = Object.keys(kols[0]);
  const figure = (weight: ArrayLike<number>, name: string): number => {
    let [sum, count] = [0, 0];
    kols.forEach((parts, k) => {
      sum += weight[k] * parts[name].sum;
      count += weight[k] * parts[name].count;
    });
    return count === 0 ? NaN : sum / count;
  };
  const drawn = names.map(() => new Float64Array(replicates));
  const weight = new Float64Array(kols.length);
  for (let r = 0; r < replicates; r++) {
    weight.fill(0);
    for (let k = 0; k < kols.length; k++) weight[rng.integer(kols.length)]++;
    names.forEach((name, m) => (drawn[m][r] = figure(weight, name)));
  }
  const once = new Float64Array(kols.length).fill(1);
  return names.map((name, m) => {
    const sorted = drawn[m].filter(Number.isFinite).sort();
    const value = figure(once, name);
    const isShare = name.startsWith('coverage_');
    return {
      name,
      label: isShare ? `Coverage at ${name.slice('coverage_'.length)} %` : labels[name],
      value,
      lower: sorted.length === 0 ? value : sortedQuantile(sorted, 0.025),
      upper: sorted.length === 0 ? value : sortedQuantile(sorted, 0.975),
      direction: isShare || name === 'mase_gain' ? 'higher' : 'lower',
    };
  });
}

/** 0.8 as 80. */
function percent(level: number): string {
  return String(Math.round(level * 1000) / 10);
}

/** Mean absolute difference from a week before over the days before the window; NaN for too few. */
function weeklyMovement(values: Float32Array, nDays: number): number {
  let sum = 0;
  let n = 0;
  for (let t = week; t < nDays; t++) {
    const difference = Math.abs(values[t] - values[t - week]);
    if (Number.isNaN(difference)) continue;
    sum += difference;
    n++;
  }
  return n < fewestSteps ? NaN : sum / n;
}
