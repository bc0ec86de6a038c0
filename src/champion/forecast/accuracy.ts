import type { Rng } from '../../core/rng.js';
import { coverage } from '../../evaluation/forecast/intervals.js';
import { mase } from '../../evaluation/forecast/mase.js';
import { intervalAt, type ForecastOutcome, type OutcomeScore } from '../../evaluation/forecast/outcome.js';
import { meanOverSeries, scoreEach } from '../../evaluation/forecast/over-series.js';
import { rmsse, seasonalRootScale } from '../../evaluation/forecast/rmsse.js';
import { seasonalScale } from '../../evaluation/forecast/seasonal-scale.js';
import { smape } from '../../evaluation/forecast/smape.js';
import type { MetricEstimate } from '../../evaluation/metric.js';
import type { DailyPanel, HeldOutWindow } from './fit.js';
import { week } from './history.js';
import type { ForecastChampion } from './model.js';

/** How forecasts did on a held-out window. */
export interface ForecastAccuracy {
  /** Means over KOLs, each of which counts the same, with 95 % intervals over resampled KOLs. */
  readonly metrics: readonly MetricEstimate[];
  /** What is judged: MASE where the median is forecast, RMSSE where the mean is. */
  readonly criterion: 'mase' | 'rmsse';
  /** `[nKols]` the criterion; NaN for a KOL that cannot be judged. */
  readonly error: Float64Array;
  /** `[nKols]` the same of the seasonal naive forecast. */
  readonly naiveError: Float64Array;
  /** KOLs that were judged. */
  readonly nKols: number;
  /** Sum of all forecasts against the sum of what came, less 1. */
  readonly bias: number;
}

const replicates = 500;

interface Score {
  readonly label: string;
  readonly score: OutcomeScore;
  readonly scaleOf: (train: Float32Array) => number;
}

const absoluteScale = (train: Float32Array): number => seasonalScale(train, week);
const scores: Readonly<Record<'mase' | 'rmsse' | 'smape', Score>> = {
  mase: {
    label: 'MASE',
    score: ({ actual, forecast, scale }) => mase(actual, forecast, scale),
    scaleOf: absoluteScale,
  },
  rmsse: {
    label: 'RMSSE',
    score: ({ actual, forecast, scale }) => rmsse(actual, forecast, scale),
    scaleOf: (train) => seasonalRootScale(train, week),
  },
  smape: {
    label: 'sMAPE',
    score: ({ actual, forecast }) => smape(actual, forecast),
    scaleOf: absoluteScale,
  },
};

/**
 * Scores of the forecasts, of the season before, and what the former win over the latter; the coverage of every
 * interval. Absolute errors judge a median, squared ones a mean. Scales are differences from a week before over the days
 * before the window; a KOL that never moved has none and is left out.
 */
export function forecastAccuracy(
  panel: DailyPanel,
  heldOut: Pick<HeldOutWindow, 'forecasts' | 'naive' | 'nDays'>,
  goal: ForecastChampion['goal'],
  rng: Rng,
): ForecastAccuracy {
  const { forecasts, naive } = heldOut;
  const outcomes = outcomesOf(panel, heldOut, forecasts.yhat, forecasts.intervals);
  const before = outcomesOf(panel, heldOut, naive, []);
  const metrics: MetricEstimate[] = [];
  function add(
    name: string,
    label: string,
    values: Float64Array,
    direction: MetricEstimate['direction'],
  ): void {
    if (!values.some(Number.isFinite)) return;
    const { mean, lower, upper } = meanOverSeries(values, { replicates, rng: rng.split(name) });
    metrics.push({ name, label, value: mean, lower, upper, direction });
  }

  const criterion = goal === 'mean' ? 'rmsse' : 'mase';
  let error: Float64Array = new Float64Array();
  let naiveError: Float64Array = new Float64Array();
  for (const name of ['mase', 'rmsse', 'smape'] as const) {
    const { label, score, scaleOf } = scores[name];
    const scales = panel.values.map((row) => scaleOf(row.subarray(0, heldOut.nDays)));
    const each = (of: readonly ForecastOutcome[]): Float64Array =>
      scoreEach(
        of.map((outcome, k) => ({ ...outcome, scale: scales[k] })),
        (outcome) => (outcome.scale > 0 ? score(outcome) : NaN),
      );
    const own = each(outcomes);
    const ofNaive = each(before);
    add(name, label, own, 'lower');
    add(`${name}_naive`, `${label}, seasonal naive`, ofNaive, 'lower');
    add(
      `${name}_gain`,
      `${label} won over the seasonal naive`,
      own.map((value, k) => ofNaive[k] - value),
      'higher',
    );
    if (name === criterion) [error, naiveError] = [own, ofNaive];
  }
  for (const { level } of forecasts.intervals) {
    const percent = Math.round(level * 1000) / 10;
    const held = scoreEach(outcomes, (outcome) => {
      const { lower, upper } = intervalAt(outcome, level);
      return coverage(outcome.actual, lower, upper);
    });
    add(`coverage_${percent}`, `Coverage at ${percent} %`, held, 'higher');
  }
  const nKols = error.filter(Number.isFinite).length;
  return { metrics, criterion, error, naiveError, nKols, bias: biasOf(outcomes) };
}

function outcomesOf(
  { values }: DailyPanel,
  { nDays, naive }: Pick<HeldOutWindow, 'naive' | 'nDays'>,
  forecast: Float64Array,
  intervals: HeldOutWindow['forecasts']['intervals'],
): ForecastOutcome[] {
  const horizon = naive.length / values.length;
  return values.map((row, k) => {
    const own = (of: Float64Array): Float64Array => of.subarray(k * horizon, (k + 1) * horizon);
    return {
      actual: row.subarray(nDays, nDays + horizon),
      forecast: own(forecast),
      intervals: intervals.map(({ level, lower, upper }) => ({
        level,
        lower: own(lower),
        upper: own(upper),
      })),
      scale: 1,
    };
  });
}

function biasOf(outcomes: readonly ForecastOutcome[]): number {
  let [said, came] = [0, 0];
  for (const { actual, forecast } of outcomes) {
    for (let h = 0; h < actual.length; h++) {
      if (Number.isNaN(actual[h])) continue;
      said += forecast[h];
      came += actual[h];
    }
  }
  return came > 0 ? said / came - 1 : NaN;
}
