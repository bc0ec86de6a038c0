/** Most backtest windows of a series. */
const mostWindows = 4;
/** Points that must lie before the first backtest window. */
const leastHistory = 8;

/** Where a series' backtests begin: it is forecast from each origin, seeing nothing after it. */
export interface Backtests {
  /** Ascending, each below the length of the series. */
  readonly origins: readonly number[];
  /** Steps that are judged after each origin. */
  readonly horizon: number;
}

/**
 * Up to four disjoint windows of the horizon's length at the end of the history; of a third of it where the history
 * is too short for one; none where it is shorter than that. At least a third of the history, and two cycles of the
 * shortest season, lie before the first.
 * @param n points of the series
 * @param period steps of the shortest season, 1 for none
 */
export function backtestsOf(n: number, horizon: number, period: number): Backtests {
  const before = Math.max(leastHistory, Math.ceil(2 * period) + 2, Math.ceil(n / 3));
  const room = n - before;
  if (room >= horizon) {
    const windows = Math.min(mostWindows, Math.floor(room / horizon));
    return {
      origins: Array.from({ length: windows }, (_, k) => n - (windows - k) * horizon),
      horizon,
    };
  }
  const short = Math.min(horizon, Math.floor(n / 4));
  if (short >= 1 && n - short >= Math.min(leastHistory, 3 * short))
    return { origins: [n - short], horizon: short };
  return { origins: [], horizon: 0 };
}
