import {
  conformalOffsets,
  fitConformal,
  withoutWindow,
  type SeriesResiduals,
} from '../ensemble/forecast/conformal.js';

/** How often the truth of the backtests fell inside the intervals. */
export interface BacktestCoverage {
  /** `[nSeries][nLevels]`, NaN for a series that was not judged. */
  readonly bySeries: readonly (readonly number[])[];
  /** `[nLevels][steps]` over all series, NaN for a step that was not judged. */
  readonly byStep: readonly Float64Array[];
}

/**
 * Judges each window by intervals that know nothing of it: size of the errors from the series' other windows,
 * quantiles from the other windows of all series. Windows of the same time, counted from the newest one, are left out
 * together.
 */
export function backtestCoverage(
  residuals: readonly SeriesResiduals[],
  steps: number,
  levels: readonly number[],
): BacktestCoverage {
  const counts = new Float64Array(residuals.length);
  const inside = residuals.map(() => levels.map(() => 0));
  const countsByStep = new Float64Array(steps);
  const insideByStep = levels.map(() => new Float64Array(steps));
  const most = Math.max(0, ...residuals.map(({ windows }) => windows.length));
  for (let back = 0; back < most; back++) {
    const others = residuals.map((one) => withoutNth(one, back));
    const conformal = fitConformal(others, steps);
    residuals.forEach(({ windows }, k) => {
      const window = windows.at(-1 - back);
      if (window === undefined) return;
      const offsets = levels.map((level) => conformalOffsets(conformal, others[k], level));
      window.forEach((residual, h) => {
        if (Number.isNaN(residual)) return;
        counts[k]++;
        countsByStep[h]++;
        offsets.forEach(({ lower, upper }, l) => {
          if (residual < lower[h] || residual > upper[h]) return;
          inside[k][l]++;
          insideByStep[l][h]++;
        });
      });
    });
  }
  const share = (count: number, of: number): number => (of === 0 ? NaN : count / of);
  return {
    bySeries: inside.map((row, k) => row.map((count) => share(count, counts[k]))),
    byStep: insideByStep.map((row) => row.map((count, h) => share(count, countsByStep[h]))),
  };
}

/** Without the window that has `back` newer ones; whole where there are not so many. */
function withoutNth(one: SeriesResiduals, back: number): SeriesResiduals {
  const k = one.windows.length - 1 - back;
  return k < 0 ? one : withoutWindow(one, k);
}
