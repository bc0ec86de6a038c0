import {
  conformalOffsets,
  fitConformal,
  type ConformalModel,
  type SeriesResiduals,
} from '../../ensemble/forecast/conformal.js';
import type { MemberForecasts } from './members.js';
import { nMembers, type BlendTable, type ForecastChampion } from './model.js';
import { blendWeights } from './weights.js';

/** Forecasts of one past origin, and what came. */
export interface Backtest {
  readonly members: MemberForecasts;
  /** `[nKols][horizon]` log(1 + value), NaN where missing. */
  readonly truth: Float64Array;
  /** `[nKols]` mean value of the history, above 0. */
  readonly level: Float64Array;
  /** `[nKols]` whether the KOL had a value before the origin. */
  readonly isKnown: Uint8Array;
}

export interface BlendPlan {
  readonly horizon: number;
  readonly goal: ForecastChampion['goal'];
  readonly levels: readonly number[];
}

/** What backtests teach: factors, weights and intervals of known and unknown KOLs, and the size of each KOL's errors. */
export interface LearnedBlend {
  readonly factors: Float64Array;
  readonly known: BlendTable;
  readonly unknown: BlendTable;
  /** `[nKols]` in units of the typical error. */
  readonly error: Float64Array;
}

/** The regression knows nothing of a KOL that it has not seen. */
const allowedUnknown = [true, false, true];
const allowedKnown = [true, true, true];
/** Any level would do to read the size of errors off. */
const someLevel = 0.8;

/**
 * Learns the blend from backtests of all KOLs together. Intervals are conformal: residuals of every window are made
 * with weights of the other windows, brought to one scale by how much the history moves and by the KOL's errors in
 * the other windows, and pooled.
 */
export function learnBlend(backtests: readonly Backtest[], plan: BlendPlan): LearnedBlend {
  const factors = memberFactors(backtests, plan);
  const errors = backtests.map((backtest) => scaledErrors(backtest, plan, factors));
  const loss = plan.goal === 'mean' ? 'squared' : 'absolute';
  const weigh = (of: typeof errors, allowed: readonly boolean[]): Float64Array =>
    blendWeights(of, allowed, plan.horizon, loss);
  const residualsOf = (allowed: readonly boolean[]): Float64Array[] =>
    backtests.map((backtest, w) => {
      const others = errors.length > 1 ? errors.filter((_, other) => other !== w) : errors;
      const blended = blendMembers(backtest.members, plan, factors, weigh(others, allowed));
      return blended.map((z, i) => backtest.truth[i] - z);
    });

  const known = residualsOf(allowedKnown);
  const nKols = backtests[0].isKnown.length;
  const series = Array.from({ length: nKols }, (_, k): SeriesResiduals => {
    const windows = backtests
      .map((backtest, w) => ({
        backtest,
        residuals: known[w].subarray(k * plan.horizon, (k + 1) * plan.horizon),
      }))
      .filter(({ backtest }) => backtest.isKnown[k] === 1);
    return {
      windows: windows.map(({ residuals }) => residuals),
      units: windows.map(({ backtest }) => backtest.members.movement[k]),
      unit: 1,
    };
  });
  const conformal = fitConformal(series, plan.horizon);
  const typical = sizeOf(conformal, { windows: [], units: [], unit: 1 });

  // To a KOL that nobody knows, every window of every KOL is a stranger's.
  const strangers = residualsOf(allowedUnknown).flatMap((residuals, w) =>
    series.flatMap((_, k) =>
      backtests[w].isKnown[k] === 0
        ? []
        : [
            {
              windows: [residuals.subarray(k * plan.horizon, (k + 1) * plan.horizon)],
              units: [backtests[w].members.movement[k]],
              unit: 1,
            },
          ],
    ),
  );
  return {
    factors,
    known: { weights: weigh(errors, allowedKnown), intervals: intervalsOf(conformal, plan) },
    unknown: {
      weights: weigh(errors, allowedUnknown),
      intervals: intervalsOf(fitConformal(strangers, plan.horizon), plan),
    },
    error: Float64Array.from(series, (one) => sizeOf(conformal, one) / typical),
  };
}

/** Distances of a typical KOL whose history moves by 1. */
function intervalsOf(conformal: ConformalModel, { levels }: BlendPlan): BlendTable['intervals'] {
  return levels.map((level) => ({
    level,
    ...conformalOffsets(conformal, { windows: [], units: [], unit: 1 }, level),
  }));
}

/** Proportional to the size of errors that the intervals of a series reckon with. */
function sizeOf(conformal: ConformalModel, one: SeriesResiduals): number {
  return conformalOffsets(conformal, one, someLevel).upper[0] || 1;
}

/**
 * The blend of members, log(1 + value).
 * @param weights `[horizon][nMembers]`
 * @returns `[N][horizon]`
 */
export function blendMembers(
  { z }: MemberForecasts,
  { horizon, goal }: Pick<BlendPlan, 'horizon' | 'goal'>,
  factors: Float64Array,
  weights: Float64Array,
): Float64Array {
  return z[0].map((_, i) => {
    const at = (i % horizon) * nMembers;
    let sum = 0;
    for (let m = 0; m < nMembers; m++) {
      sum += weights[at + m] * (goal === 'mean' ? factors[m] * Math.expm1(z[m][i]) : z[m][i]);
    }
    return goal === 'mean' ? Math.log1p(sum) : sum;
  });
}

/** What each member's values must be multiplied by to have the mean of the truth, over all KOLs at one scale. */
function memberFactors(backtests: readonly Backtest[], { goal, horizon }: BlendPlan): Float64Array {
  const factors = new Float64Array(nMembers).fill(1);
  if (goal === 'median') return factors;
  return factors.map((_, m) => {
    let truth = 0;
    let forecast = 0;
    for (const backtest of backtests) {
      backtest.truth.forEach((z, i) => {
        const k = Math.floor(i / horizon);
        if (Number.isNaN(z) || backtest.isKnown[k] === 0) return;
        truth += Math.expm1(z) / backtest.level[k];
        forecast += Math.expm1(backtest.members.z[m][i]) / backtest.level[k];
      });
    }
    const ratio = forecast > 0 ? truth / forecast : 1;
    return Math.min(Math.max(ratio, 0.5), 2);
  });
}

/** `[nMembers][nKols][horizon]` errors in units of the KOL: of logarithms for the median, of values for the mean. */
function scaledErrors(
  { members, truth, level, isKnown }: Backtest,
  { goal, horizon }: BlendPlan,
  factors: Float64Array,
): Float64Array[] {
  return members.z.map((z, m) =>
    z.map((value, i) => {
      const k = Math.floor(i / horizon);
      if (isKnown[k] === 0) return NaN;
      return goal === 'mean'
        ? (Math.expm1(truth[i]) - factors[m] * Math.expm1(value)) / level[k]
        : (truth[i] - value) / members.movement[k];
    }),
  );
}
