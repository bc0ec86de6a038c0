import {
  blend,
  blendWeights,
  candidateRecord,
  type CandidateErrors,
} from '../ensemble/forecast/blend-weights.js';
import { conformalOffsets, fitConformal, type SeriesResiduals } from '../ensemble/forecast/conformal.js';
import { backtestCoverage } from './backtest-coverage.js';
import type { SeriesForecasts } from './backtest.js';
import { priorErrors } from './prior-errors.js';

/** The forecast of one series. */
export interface BlendedForecast {
  /** `[horizon]` */
  readonly yhat: Float64Array;
  /** Per level, `[horizon]`. */
  readonly intervals: readonly { readonly lower: Float64Array; readonly upper: Float64Array }[];
  /** Mean weight of each candidate over the horizon. */
  readonly weights: Readonly<Record<string, number>>;
}

/** Forecasts of a panel, and how its backtests went. */
export interface BlendedPanel {
  /** In the order of the input. */
  readonly forecasts: readonly BlendedForecast[];
  /** What the blend would have said at each backtest origin, without having seen what came. */
  readonly backtests: readonly BlendedBacktest[];
  /** `[nLevels][horizon]` share of judged points within the interval, over all series; NaN where none was judged. */
  readonly coverageByStep: readonly Float64Array[];
}

/** The blended backtests of one series: made by weights and intervals that had not seen the window. */
export interface BlendedBacktest {
  /** `[nWindows][judged]` */
  readonly yhat: readonly Float64Array[];
  /** `[nLevels]` share of judged points within the interval; NaN without any. */
  readonly coverage: readonly number[];
}

/**
 * A history of so few points tells next to nothing of errors a whole horizon ahead: its intervals are twice as wide,
 * those of four times as many points by a sixteenth.
 */
const fewPoints = 7;

/**
 * Blends what the candidates say, series by series, and puts conformal intervals around it.
 * @param levels within (0, 1)
 */
export function blendPanel(
  panel: readonly SeriesForecasts[],
  horizon: number,
  levels: readonly number[],
): BlendedPanel {
  const errors = panel.map(errorsOf);
  const record = candidateRecord(errors, horizon, priorErrors);
  const weightsOf = (k: number, windows: CandidateErrors['windows'], steps: number): Float64Array[] =>
    blendWeights(errors[k], windows, record, priorErrors, steps);
  const backtests = panel.map(({ backtests: windows, judged }, k) =>
    windows.map((paths, w) => {
      const others = errors[k].windows.filter((_, other) => other !== w);
      return blend(paths, weightsOf(k, others, judged), judged);
    }),
  );
  const residuals = panel.map(({ actual, units, unit }, k): SeriesResiduals => ({
    windows: backtests[k].map((path, w) => path.map((value, h) => actual[w][h] - value)),
    units,
    unit,
  }));
  const conformal = fitConformal(residuals, horizon);
  const coverage = backtestCoverage(residuals, horizon, levels);
  const forecasts = panel.map(({ names, nPoints, final, isNonNegative }, k): BlendedForecast => {
    const weights = weightsOf(k, errors[k].windows, horizon);
    const yhat = blend(final, weights, horizon);
    const least = isNonNegative ? 0 : -Infinity;
    const caution = 1 + (fewPoints / nPoints) ** 2;
    return {
      yhat,
      intervals: levels.map((level) => {
        const { lower, upper } = conformalOffsets(conformal, residuals[k], level);
        return {
          lower: yhat.map((value, h) => Math.max(value + caution * lower[h], least)),
          upper: yhat.map((value, h) => Math.max(value + caution * upper[h], least)),
        };
      }),
      weights: Object.fromEntries(
        names.map((name, c) => [name, weights[c].reduce((sum, weight) => sum + weight, 0) / horizon]),
      ),
    };
  });
  return {
    forecasts,
    backtests: backtests.map((yhat, k) => ({ yhat, coverage: coverage.bySeries[k] })),
    coverageByStep: coverage.byStep,
  };
}

function errorsOf({ names, backtests, actual }: SeriesForecasts): CandidateErrors {
  return {
    names,
    windows: backtests.map((paths, w) =>
      paths.map((path) => path.map((value, h) => Math.abs(actual[w][h] - value))),
    ),
  };
}
