import { describe, expect, it } from 'vitest';
import { tet } from '../../src/core/calendar/sale-days.js';
import { inlinePool } from '../../src/core/inline-pool.js';
import { silent } from '../../src/core/progress.js';
import { createRng } from '../../src/core/rng.js';
import type { Frequency } from '../../src/core/time-grid.js';
import { backtestAccuracy } from '../../src/forecast/accuracy.js';
import { forecastPanel } from '../../src/forecast/forecast-panel.js';
import type { Panel } from '../../src/forecast/panel.js';
import { forecastTasks } from '../../src/forecast/tasks.js';

const day = 86_400_000;
const daily: Frequency = { unit: 'millisecond', step: day };
const context = { pool: inlinePool(forecastTasks), progress: silent };
const n = 160;

/** Series that share how they react: each step goes half way back to the level, and a week is alike for all. */
function panelOf(nSeries: number, change: (value: number, t: number) => number = (value) => value): Panel {
  const rng = createRng(4);
  const week = [1, 1.2, 1.5, 1, 0.8, 0.6, 1.1];
  const series = Array.from({ length: nSeries }, (_, k) => {
    const level = Math.exp(3 + rng.normal());
    let state = 0;
    const y = Float64Array.from({ length: n }, (_, t) => {
      state = 0.5 * state + 0.2 * rng.normal();
      return change(level * week[(t + k) % 7] * Math.exp(state), t);
    });
    return { id: `k${k}`, isCalendar: true, grid: { frequency: daily, start: k * day }, y };
  });
  return { series, notes: [], frequency: daily };
}

describe('the forecast of a panel', () => {
  const request = { horizon: 7, levels: [0.8] };

  it('lets a booster over all series compete where there are enough of them', async () => {
    const few = await forecastPanel(panelOf(3), request, context);
    expect(few.forecasts[0].weights).not.toHaveProperty('boosted-lags');
    const many = await forecastPanel(panelOf(12), request, context);
    expect(many.forecasts.every(({ weights }) => weights['boosted-lags'] > 0)).toBe(true);
    expect(many.forecasts).toHaveLength(12);
    const { nSeries, scaledError, scaledErrorNaive, coverage, coverageByStep } = backtestAccuracy(many, 1);
    expect(nSeries).toBe(12);
    expect(scaledError).toBeLessThan(scaledErrorNaive);
    expect(Math.abs(coverage[0] - 0.8)).toBeLessThan(0.1);
    // As many points at each step, so that the mean over steps is that over all points.
    const steps = coverageByStep[0].map(Number);
    expect(steps).toHaveLength(7);
    expect(steps.reduce((sum, share) => sum + share, 0) / 7).toBeCloseTo(coverage[0], 9);
  });

  it('shows no backtest what came after its origin, the booster included', async () => {
    const before = await forecastPanel(panelOf(12), request, context);
    // The last of four windows of 7 begins at 153.
    const after = await forecastPanel(
      panelOf(12, (value, t) => (t < 153 ? value : 3 * value)),
      request,
      context,
    );
    before.candidates.forEach((one, k) => {
      expect(one.origins).toEqual([132, 139, 146, 153]);
      expect(one.names).toContain('boosted-lags');
      expect(after.candidates[k].backtests).toEqual(one.backtests);
      expect(after.candidates[k].final).not.toEqual(one.final);
    });
  });

  it('uses events that it is told of', async () => {
    // Sales on every 20th day, told beforehand; the last one falls into the horizon.
    const sale = (t: number): boolean => t % 20 === 3;
    const panel = panelOf(1, (value, t) => (sale(t) ? 4 * value : value));
    const days = Float64Array.from([3, 23, 43, 63, 83, 103, 123, 143, 163]);
    const told = await forecastPanel(
      panel,
      { ...request, events: [{ name: 'sale', days, before: 0, after: 0 }] },
      context,
    );
    const untold = await forecastPanel(panel, request, context);
    expect(told.forecasts[0].yhat[3] / untold.forecasts[0].yhat[3]).toBeGreaterThan(1.3);
    expect(told.forecasts[0].yhat[5] / untold.forecasts[0].yhat[5]).toBeLessThan(1.2);
    // An event that the past never saw changes nothing that matters.
    const unseen = await forecastPanel(panel, { ...request, events: [tet] }, context);
    expect(unseen.forecasts[0].yhat.every(Number.isFinite)).toBe(true);
  });

  it.each([
    [{ horizon: 0, levels: [0.8] }, 'horizon=0 must be a whole number of at least 1'],
    [{ horizon: 7, levels: [0.8, 1] }, 'level=100 must be above 0 and below 100'],
  ])('refuses %j', async (wrong, message) => {
    await expect(forecastPanel(panelOf(1), wrong, context)).rejects.toThrow(message);
  });

  it('gives up when told to', async () => {
    const stop = new AbortController();
    stop.abort();
    await expect(forecastPanel(panelOf(12), request, { ...context, signal: stop.signal })).rejects.toThrow(
      'interrupted',
    );
  });
});
