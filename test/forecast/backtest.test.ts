import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import type { Frequency } from '../../src/core/time-grid.js';
import { backtestSeries } from '../../src/forecast/backtest.js';
import { blendPanel } from '../../src/forecast/blend-panel.js';
import { designCache } from '../../src/learners/forecast/seasonal/prepared.js';
import { candidatesFor } from '../../src/forecast/candidates.js';
import { backtestsOf } from '../../src/forecast/origins.js';
import type { PanelSeries } from '../../src/forecast/panel.js';
import { backWithinReach, levelScale, logScale } from '../../src/forecast/scale.js';
import { detectPeriods, periodsOf } from '../../src/forecast/seasons.js';

const day = 86_400_000;
const designs = designCache();
const setting = { horizon: 7, detected: [], events: [] };
const daily: Frequency = { unit: 'millisecond', step: day };

function weekly(n: number, seed: number): Float64Array {
  const rng = createRng(seed);
  const week = [0, 0.1, 0.3, 0, -0.2, -0.4, 0.2];
  return Float64Array.from(
    { length: n },
    (_, t) => 100 * Math.exp(week[t % 7] + 0.1 * rng.normal() + t / 900),
  );
}

function series(y: ArrayLike<number>, frequency: Frequency = daily): PanelSeries {
  return { id: 'a', grid: { frequency, start: 0 }, y: Float64Array.from(y), isCalendar: true };
}

describe('backtest origins', () => {
  it('are up to four disjoint windows at the end, a third of the history before them', () => {
    expect(backtestsOf(730, 28, 7)).toEqual({ origins: [618, 646, 674, 702], horizon: 28 });
    expect(backtestsOf(100, 28, 7)).toEqual({ origins: [44, 72], horizon: 28 });
    expect(backtestsOf(40, 28, 7)).toEqual({ origins: [30], horizon: 10 });
    expect(backtestsOf(3, 5, 1).origins).toEqual([]);
  });
});

describe('every candidate', () => {
  const n = 200;
  const grid = { frequency: daily, start: 0 };
  const origins = [130, 160, 200];
  const kinds: readonly [string, Float64Array, readonly number[]][] = [
    ['daily', weekly(n, 1), [7]],
    ['hourly', weekly(n, 2), [24]],
    ['day and week', weekly(n, 3), [4, 28]],
    ['monthly', weekly(n, 4), [12]],
    ['weekly', weekly(n, 5), [52.18]],
    ['without a season', weekly(n, 6), []],
    ['with zeros', weekly(n, 7).map((v, t) => (t % 5 === 0 ? 0 : v)), [7]],
    ['of both signs', weekly(n, 8).map((v) => v - 110), [7]],
  ];
  it.each(kinds)('sees nothing after its origin: %s', (_, y, periods) => {
    const changed = y.map((value, t) => (t < 130 ? value : value * (1 + (t % 3)) + 50));
    for (const candidate of candidatesFor(y, periods, designs)) {
      const other = candidatesFor(y, periods, designs).find(({ name }) => name === candidate.name)!;
      const before = candidate.forecast({ y, periods, grid, events: [] }, origins, 28);
      const after = other.forecast({ y: changed, periods, grid, events: [] }, origins, 28);
      expect(before[0].every(Number.isFinite), candidate.name).toBe(true);
      expect(after[0], candidate.name).toEqual(before[0]);
      expect(after[2], candidate.name).not.toEqual(before[2]);
    }
  });
});

describe('the backtests of a series', () => {
  it('do not see through gaps what comes after them', () => {
    const y = weekly(200, 9);
    // The first origin of horizon 14 lies within the gap.
    y.fill(NaN, 140, 150);
    const changed = y.map((value, t) => (t < 150 ? value : value * 3));
    const [before, after] = [y, changed].map((values) =>
      backtestSeries(series(values), { ...setting, horizon: 14 }, designs),
    );
    expect(before.actual[0].filter(Number.isNaN)).toHaveLength(6);
    expect(after.backtests[0]).toEqual(before.backtests[0]);
    expect(after.final).not.toEqual(before.final);
  });

  it.each([
    ['one value', [5], 'one value: it is repeated', 5],
    ['three values', [1, 2, 3], '3 values: the last one is repeated', 3],
    ['zeros', new Array<number>(50).fill(0), 'all values are 0', 0],
    ['a constant', new Array<number>(50).fill(4), 'all values are equal', 4],
  ])('fall back for %s', (_, values, reason, expected) => {
    const forecasts = backtestSeries(series(values), { ...setting, horizon: 7 }, designs);
    expect(forecasts.fallback).toBe(reason);
    const { forecasts: blended } = blendPanel([forecasts], 7, [0.8]);
    expect([...blended[0].yhat]).toEqual(new Array<number>(7).fill(expected));
    const [{ lower, upper }] = blended[0].intervals;
    expect(lower[3]).toBeLessThanOrEqual(expected);
    expect(upper[3]).toBeGreaterThanOrEqual(expected);
  });

  it('name a horizon that is longer than the history', () => {
    const forecasts = backtestSeries(series(weekly(30, 1)), { ...setting, horizon: 60 }, designs);
    expect(forecasts.fallback).toBe('the horizon of 60 is longer than the history of 30 points');
    expect(blendPanel([forecasts], 60, [0.8]).forecasts[0].yhat.every(Number.isFinite)).toBe(true);
  });

  it('beat the last week on noisy weeks, hold their intervals, and stay above 0', () => {
    const rng = createRng(5);
    const panel = Array.from({ length: 60 }, (_, k) => ({
      y: weekly(228, k + 100),
      scale: Math.exp(3 * rng.normal()),
    }));
    const forecasts = panel.map(({ y, scale }) =>
      backtestSeries(series(y.subarray(0, 200).map((v) => v * scale)), { ...setting, horizon: 28 }, designs),
    );
    const { forecasts: blended, backtests } = blendPanel(forecasts, 28, [0.8, 0.95]);
    let [error, naive, inside] = [0, 0, 0];
    panel.forEach(({ y, scale }, k) => {
      blended[k].yhat.forEach((value, h) => {
        const truth = y[200 + h] * scale;
        error += Math.abs(value - truth) / scale;
        naive += Math.abs(y[193 + (h % 7)] * scale - truth) / scale;
        const { lower, upper } = blended[k].intervals[0];
        if (truth >= lower[h] && truth <= upper[h]) inside++;
      });
      expect(Object.values(blended[k].weights).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    });
    expect(error / naive).toBeLessThan(0.8);
    expect(Math.abs(inside / (60 * 28) - 0.8)).toBeLessThan(0.06);
    const covered = backtests.reduce((sum, { coverage }) => sum + coverage[1], 0) / 60;
    expect(Math.abs(covered - 0.95)).toBeLessThan(0.03);

    const low = backtestSeries(
      series(weekly(120, 3).map((v, t) => (t % 3 === 0 ? 0 : v / 100))),
      { ...setting, horizon: 28 },
      designs,
    );
    const [{ yhat, intervals }] = blendPanel([low], 28, [0.95]).forecasts;
    expect(Math.min(...yhat, ...intervals[0].lower)).toBeGreaterThanOrEqual(0);
  });

  it('are wider for a history of a few points', () => {
    // The same errors, told of 14 points and of 1,400.
    const [few, many] = [14, 1_400].map((nPoints) => ({
      ...backtestSeries(series(weekly(200, 12)), setting, designs),
      nPoints,
    }));
    const width = (one: typeof few): number => {
      const [{ lower, upper }] = blendPanel([one], 7, [0.8]).forecasts[0].intervals;
      return upper[3] - lower[3];
    };
    expect(width(few) / width(many)).toBeCloseTo(1.25, 3);
  });

  it('adapt to a sudden shift of the level', () => {
    const y = weekly(200, 11).map((value, t) => (t < 150 ? value : value * 4));
    const { forecasts } = blendPanel(
      [backtestSeries(series(y), { ...setting, horizon: 14 }, designs)],
      14,
      [0.8],
    );
    const mean = forecasts[0].yhat.reduce((a, b) => a + b, 0) / 14;
    const recent = y.slice(186).reduce((a, b) => a + b, 0) / 14;
    expect(mean / recent).toBeGreaterThan(0.7);
  });
});

describe('seasons', () => {
  it('are those of the calendar that the series shows twice', () => {
    expect(periodsOf(daily, [], 800)).toEqual([7, 365.25]);
    expect(periodsOf(daily, [], 200)).toEqual([7]);
    expect(periodsOf(daily, [], 10)).toEqual([]);
    expect(periodsOf({ unit: 'count', step: 1 }, [24], 100)).toEqual([24]);
  });

  it('are found where there is no calendar', () => {
    const rng = createRng(3);
    const hourly = Array.from({ length: 20 }, () =>
      Float64Array.from(
        { length: 700 },
        (_, t) => 5 * Math.sin((2 * Math.PI * t) / 24) + (t % 168 < 48 ? 4 : 0) + rng.normal() + t / 100,
      ),
    );
    expect(detectPeriods(hourly)).toEqual([24, 168]);
    expect(detectPeriods([Float64Array.from({ length: 300 }, () => rng.normal())])).toEqual([]);
    const walk = new Float64Array(300);
    for (let t = 1; t < 300; t++) walk[t] = walk[t - 1] + rng.normal();
    expect(detectPeriods([walk.map((v, t) => v + 3 * [0, 1, 2, 1][t % 4])])[0] ?? 4).toBe(4);
  });
});

describe('scales', () => {
  it('take the logarithm of what is positive, shifted where there are zeros', () => {
    expect(logScale(Float64Array.of(1, 2, 4))?.to(4)).toBe(Math.log(4));
    const shifted = logScale(Float64Array.of(0, 2, 4))!;
    expect(shifted.back(shifted.to(0))).toBeCloseTo(0, 12);
    expect(shifted.back(shifted.to(3))).toBeCloseTo(3, 12);
    expect(shifted.back(-100)).toBe(0);
    expect(logScale(Float64Array.of(-1, 2))).toBeUndefined();
    expect(logScale(Float64Array.of(0, 0))).toBeUndefined();
    expect(logScale(Float64Array.of(100, 101, 102))).toBeUndefined();
  });

  it('hold explosions back', () => {
    const z = Float64Array.of(0, 1, 2, 1, 0, 99);
    const held = backWithinReach(levelScale, z, 5, Float64Array.of(1e9, -1e9, 1));
    const sd = Math.sqrt(0.56);
    expect(held[0]).toBeCloseTo(2 + 2 * sd, 12);
    expect(held[1]).toBeCloseTo(-2 * sd, 12);
    expect(held[2]).toBe(1);
  });
});
