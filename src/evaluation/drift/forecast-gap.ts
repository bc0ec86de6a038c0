import type { DailySeries, Departure, RuleOutcome } from './own-history.js';

/** What came and what had been forecast, of the same KOLs. */
export interface ForecastSeries {
  readonly actual: readonly DailySeries[];
  readonly lower: readonly DailySeries[];
  readonly upper: readonly DailySeries[];
}

/**
 * KOLs who left their forecasts: of the latest `days`, more than a share `outside` lies beyond the interval that was
 * forecast. A 95 % interval is left on one day in twenty by chance, so half of a week is no chance.
 * @returns `score` is the share of days outside; `change` how far the sum of what came lies from the nearer bound's
 *   sum on those days, relative to it: above 0 where more came
 */
export function forecastGaps(
  { actual, lower, upper }: ForecastSeries,
  { days, outside }: { readonly days: number; readonly outside: number },
): RuleOutcome {
  const bounds = [lower, upper].map((series) => new Map(series.map((one) => [one.id, valueByDay(one)])));
  const newest = Math.max(...actual.map((one) => one.days[one.days.length - 1] ?? -Infinity));
  let judged = 0;
  const found: Departure[] = [];
  for (const one of actual) {
    const [low, high] = bounds.map((bound) => bound.get(one.id));
    let known = 0;
    let left = 0;
    let came = 0;
    let foretold = 0;
    for (let i = 0; i < one.days.length; i++) {
      const [value, from, to] = [one.values[i], low?.get(one.days[i]), high?.get(one.days[i])];
      if (one.days[i] <= newest - days || from === undefined || to === undefined) continue;
      known++;
      if (value >= from && value <= to) continue;
      left++;
      came += value;
      foretold += value < from ? from : to;
    }
    if (2 * known < days) continue;
    judged++;
    const score = left / known;
    // One more on both sides: where nothing was foretold, any gap would be infinite.
    if (score > outside) found.push({ id: one.id, change: (came + 1) / (foretold + 1) - 1, score });
  }
  found.sort(
    (a, b) => b.score - a.score || Math.abs(b.change) - Math.abs(a.change) || (a.id < b.id ? -1 : 1),
  );
  return { judged, departures: found };
}

function valueByDay({ days, values }: DailySeries): ReadonlyMap<number, number> {
  return new Map(Array.from(days, (day, i) => [day, values[i]]));
}
