import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lunarNewYear } from '../../../../src/core/calendar/lunar-new-year.js';
import { saleDays, tet } from '../../../../src/core/calendar/sale-days.js';
import { ConfigError, DataError } from '../../../../src/core/errors.js';
import { decodeRecord, encodeRecord } from '../../../../src/core/record.js';
import { createRng } from '../../../../src/core/rng.js';
import { shiftGrid, type TimeGrid } from '../../../../src/core/time-grid.js';
import { forecastSeasonal, seasonalComponents } from '../../../../src/learners/forecast/seasonal/forecast.js';
import type { SeasonalForecasterModel } from '../../../../src/learners/forecast/seasonal/model.js';
import { designCache } from '../../../../src/learners/forecast/seasonal/prepared.js';
import {
  seasonalForecaster,
  type SeasonalForecasterParams,
} from '../../../../src/learners/forecast/seasonal/seasonal-forecaster.js';
import { bruteForceRidge, daily, day, simulatedDays } from './simulated-series.js';

/** One way only, and nothing but ridge regression. */
const plain: Partial<SeasonalForecasterParams> = {
  mode: 'additive',
  changepointPriorScale: 2,
  seasonalityPriorScale: 1.5,
  damping: 1,
  residual: 'none',
  robust: false,
};
const grid = daily('2022-01-01');

const meanDistance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a, (value, i) => Math.abs(value - b[i])).reduce((s, d) => s + d, 0) / a.length;

/** Forecast of the plain forecaster by its definition: columns, penalties, elimination. */
function bruteForce(y: Float64Array, horizon: number): number[] {
  const n = y.length;
  const last = Math.floor(0.95 * n) - 1;
  const changepoints = Array.from({ length: 5 }, (_, j) => Math.round(((j + 1) * last) / 5));
  const points = Array.from({ length: n + horizon }, (_, i) => i);
  const waves = [1, 2, 3].flatMap((k) =>
    [Math.sin, Math.cos].map((f) => points.map((i) => f((2 * Math.PI * k * i) / 7))),
  );
  const columns = [
    points.map(() => 1),
    points.map((i) => (i - n + 1) / (n - 1)),
    ...changepoints.map((c) => points.map((i) => Math.max(c - i, 0) / (n - 1))),
    ...waves,
  ];
  const penalty = [
    0,
    1 / 900,
    ...changepoints.map(() => 1 / 4),
    ...[1, 1, 4, 4, 9, 9].map((k2) => k2 / 2.25),
  ];
  const b = bruteForceRidge(columns, penalty, y);
  return points.slice(n).map((i) => columns.reduce((sum, column, j) => sum + column[i] * b[j], 0));
}

describe('the regression', () => {
  const series = simulatedDays(120, createRng(1));

  it('equals brute force on a complete series', () => {
    const model = seasonalForecaster({ ...plain, nChangepoints: 5 }).fit({ y: series, grid });
    const expected = bruteForce(series, 30);
    forecastSeasonal(model, 30).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 9));
  });

  it.each([0.05, 0.25, 0.5])('equals brute force on what is there when a share of %d is missing', (share) => {
    const rng = createRng(2);
    const y = series.map((value, i) => (i > 0 && rng.uniform() < share ? NaN : value));
    const model = seasonalForecaster({ ...plain, nChangepoints: 5 }).fit({ y, grid });
    const expected = bruteForce(y, 30);
    forecastSeasonal(model, 30).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 8));
  });

  it('begins at the first value that is there', () => {
    const late = Float64Array.from([NaN, NaN, NaN, ...series]);
    const early = seasonalForecaster().fit({ y: series, grid: shiftGrid(grid, 3) });
    expect(seasonalForecaster().fit({ y: late, grid })).toEqual(early);
  });
});

describe('what was planted is found', () => {
  it('a change of slope', () => {
    const rng = createRng(4);
    const n = 700;
    const y = Float64Array.from(
      { length: n },
      (_, i) => 50 + 0.2 * Math.min(i, 400) - 0.1 * Math.max(i - 400, 0) + rng.normal(),
    );
    const { trend } = seasonalComponents(seasonalForecaster({ mode: 'additive' }).fit({ y, grid }), 0, n);
    expect(Math.abs((trend[300] - trend[100]) / 200 - 0.2)).toBeLessThan(0.01);
    expect(Math.abs((trend[680] - trend[500]) / 180 + 0.1)).toBeLessThan(0.01);
    // A straight line would miss the bend by more than 20.
    expect(Math.abs(trend[400] - 130)).toBeLessThan(3);
  });

  it('week and year', () => {
    const n = 1200;
    const y = simulatedDays(n, createRng(5));
    const { seasonal } = seasonalComponents(seasonalForecaster({ mode: 'additive' }).fit({ y, grid }), 0, n);
    const [week, year] = seasonal;
    expect([week.period, year.period]).toEqual([7, 365.25]);
    const planted = [0, 2, 3, 1, 5, 20, 14].map((value) => value - 45 / 7);
    expect(meanDistance(week.values.slice(0, 7), planted)).toBeLessThan(0.5);
    const wave = Array.from({ length: n }, (_, i) => 30 * Math.sin((2 * Math.PI * i) / 365.25));
    expect(meanDistance(year.values, wave)).toBeLessThan(1.5);
  });

  it('a forecast close to what comes, through outliers and gaps', () => {
    const rng = createRng(6);
    const [n, horizon] = [1200, 60];
    const whole = simulatedDays(n + horizon, rng, 3);
    const y = whole.slice(0, n);
    for (let i = 0; i < n; i++) {
      if (rng.uniform() < 0.02) y[i] += 300;
      if (rng.uniform() < 0.1) y[i] = NaN;
    }
    const ahead = forecastSeasonal(seasonalForecaster().fit({ y, grid }), horizon);
    // Noise alone is 2.4 away on average.
    expect(meanDistance(ahead, whole.slice(n))).toBeLessThan(3.5);
  });

  it('less well where outliers count in full', () => {
    const rng = createRng(6);
    const clean = simulatedDays(400, rng, 3);
    const y = clean.map((value) => value + (rng.uniform() < 0.03 ? 400 : 0));
    const error = (robust: boolean): number =>
      meanDistance(
        seasonalComponents(seasonalForecaster({ ...plain, robust }).fit({ y, grid }), 0, 400).total,
        clean,
      );
    expect(error(true)).toBeLessThan(0.5 * error(false));
  });

  it('the effect of Tet, wherever it falls', () => {
    const rng = createRng(7);
    const start = daily('2021-06-01');
    const n = 1300;
    const first = start.start / day;
    const feasts = [2022, 2023, 2024, 2025].map((year) => lunarNewYear(year) - first);
    const effect = (i: number): number =>
      feasts.some((f) => i >= f && i <= f + 2) ? -80 : feasts.some((f) => i >= f - 7 && i < f - 2) ? 40 : 0;
    const whole = Float64Array.from(simulatedDays(n + 120, rng, 4), (value, i) => value + effect(i));
    const params = { mode: 'additive', events: [tet, ...saleDays()] } as const;
    const model = seasonalForecaster(params).fit({ y: whole.slice(0, n), grid: start });
    const { events } = seasonalComponents(model, 0, n + 120);
    const found = events.find(({ name }) => name === 'tet')!.values;
    // The last feast lies beyond the series.
    expect([feasts.at(-2)! < n, feasts.at(-1)! > n]).toEqual([true, true]);
    for (const feast of feasts) {
      expect(Math.abs(found[feast + 1] + 80)).toBeLessThan(8);
      expect(Math.abs(found[feast - 5] - 40)).toBeLessThan(8);
      expect(Math.abs(found[feast - 40])).toBe(0);
    }
    const blind = seasonalForecaster({ mode: 'additive' }).fit({ y: whole.slice(0, n), grid: start });
    const missed = (m: SeasonalForecasterModel): number =>
      meanDistance(seasonalComponents(m, 0, n).total, whole.slice(0, n));
    expect(missed(model)).toBeLessThan(0.9 * missed(blind));
  });

  it('a level that the trend does not explain', () => {
    const rng = createRng(9);
    let level = 0;
    const y = Float64Array.from({ length: 300 }, () => 100 + (level = 0.9 * level + rng.normal()));
    y.fill(y[299] + 6, 294);
    const at = (residual: 'ar1' | 'none'): number =>
      forecastSeasonal(seasonalForecaster({ ...plain, residual }).fit({ y, grid }), 1)[0];
    expect(Math.abs(at('ar1') - y[299])).toBeLessThan(Math.abs(at('none') - y[299]));
  });
});

describe('the link', () => {
  const multiplied = simulatedDays(900, createRng(10), 8).map((value) => Math.exp(value / 60));

  it('is the logarithm where that makes the series more likely', () => {
    const added = simulatedDays(900, createRng(10), 8);
    expect(seasonalForecaster().fit({ y: multiplied, grid }).link).toEqual({ kind: 'log' });
    expect(seasonalForecaster().fit({ y: added, grid }).link).toEqual({ kind: 'identity' });
    expect(seasonalForecaster({ mode: 'additive' }).fit({ y: multiplied, grid }).link).toEqual({
      kind: 'identity',
    });
    const withZero = multiplied.map((value, i) => (i === 5 ? 0 : value));
    expect(seasonalForecaster({ mode: 'multiplicative' }).fit({ y: withZero, grid }).link).toEqual({
      kind: 'identity',
    });
  });

  it('keeps logistic growth between floor and cap', () => {
    const rng = createRng(11);
    const curve = (i: number): number => 10 + 90 / (1 + Math.exp(-(i - 150) / 30));
    const y = Float64Array.from({ length: 260 }, (_, i) => Math.min(curve(i) + rng.normal(), 100));
    const params = { growth: 'logistic', cap: 100, floor: 10 } as const;
    const model = seasonalForecaster(params).fit({ y, grid });
    const ahead = forecastSeasonal(model, 2000);
    expect(ahead.every((value) => value > 10 && value < 100)).toBe(true);
    expect(
      meanDistance(
        ahead.slice(0, 30),
        Array.from({ length: 30 }, (_, j) => curve(260 + j)),
      ),
    ).toBeLessThan(2);
    const steep = seasonalForecaster({ ...params, damping: 1 }).fit({ y: y.slice(0, 160), grid });
    expect(forecastSeasonal(steep, 5000).every((value) => value < 100)).toBe(true);
  });
});

describe('the contract of forecasters', () => {
  it('leaves its input alone, repeats itself, and lets its model be stored', () => {
    const rng = createRng(12);
    const y = simulatedDays(800, rng).map((value) => (rng.uniform() < 0.05 ? NaN : value));
    const before = y.slice();
    const forecaster = seasonalForecaster({ events: [tet, ...saleDays()] });
    const model = forecaster.fit({ y, grid });
    expect(y).toEqual(before);
    expect(Object.isFrozen(model)).toBe(true);
    expect(forecaster.fit({ y, grid })).toEqual(model);
    const stored = decodeRecord(encodeRecord(model)) as SeasonalForecasterModel;
    expect(forecastSeasonal(stored, 40)).toEqual(forecastSeasonal(model, 40));
    expect(forecastSeasonal(model, 40).slice(0, 9)).toEqual(forecastSeasonal(model, 9));
  });

  it('gives with a cache what it gives without one', () => {
    const cache = designCache(3);
    const forecaster = seasonalForecaster({ events: [tet] });
    const other = seasonalForecaster({ nChangepoints: 3 });
    for (const [seed, n, shift] of [
      [1, 400, 0],
      [2, 400, 0],
      [3, 400, 17],
      [4, 300, 0],
      [5, 400, 0],
    ]) {
      const series = { y: simulatedDays(n, createRng(seed)), grid: shiftGrid(grid, shift) };
      for (const each of [forecaster, other]) expect(each.fit(series, cache)).toEqual(each.fit(series));
    }
    expect(cache.entries.size).toBe(3);
  });

  it('does not care when a series without events begins', () => {
    const y = simulatedDays(800, createRng(13));
    const [a, b] = [grid, daily('2023-08-17')].map((g) =>
      forecastSeasonal(seasonalForecaster().fit({ y, grid: g }), 30),
    );
    expect(a).toEqual(b);
  });

  it('scales and shifts with the series', () => {
    const y = simulatedDays(300, createRng(14));
    const forecaster = seasonalForecaster({ mode: 'additive' });
    const forecast = forecastSeasonal(forecaster.fit({ y, grid }), 20);
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        fc.double({ min: -1e4, max: 1e4, noNaN: true }),
        (a, b) => {
          const moved = forecastSeasonal(forecaster.fit({ y: y.map((value) => a * value + b), grid }), 20);
          const size = a * 300 + Math.abs(b);
          moved.forEach((value, i) =>
            expect(Math.abs(value - (a * forecast[i] + b))).toBeLessThan(1e-6 * size),
          );
        },
      ),
      { numRuns: 20 },
    );
    const scaled = forecastSeasonal(
      seasonalForecaster().fit({ y: y.map((value) => 1000 * value), grid }),
      20,
    );
    const unscaled = forecastSeasonal(seasonalForecaster().fit({ y, grid }), 20);
    scaled.forEach((value, i) => expect(value / 1000).toBeCloseTo(unscaled[i], 6));
  });

  it('adds its parts up to the forecast', () => {
    const y = simulatedDays(900, createRng(15));
    const model = seasonalForecaster({ mode: 'additive', events: [tet] }).fit({ y, grid });
    const { trend, seasonal, events, level, total } = seasonalComponents(model, 850, 950);
    expect(total.slice(50)).toEqual(forecastSeasonal(model, 50));
    expect(level.slice(0, 50)).toEqual(new Float64Array(50));
    total.forEach((value, i) => {
      const parts = [...seasonal, ...events].reduce(
        (sum, { values }) => sum + values[i],
        trend[i] + level[i],
      );
      expect(value).toBeCloseTo(parts, 9);
    });
  });

  it('has a defined answer for every short or strange series', () => {
    const grids: TimeGrid[] = [
      grid,
      { frequency: { unit: 'millisecond', step: 3_600_000 }, start: 0 },
      { frequency: { unit: 'month', step: 1, day: 31 }, start: Date.parse('2020-01-31') },
      { frequency: { unit: 'business-day' }, start: Date.parse('2022-01-03') },
      { frequency: { unit: 'count', step: 1 }, start: 0 },
    ];
    const value = fc.oneof(
      fc.constantFrom(0, 1, NaN, -5, 1e-300, 1e15),
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.integer({ min: 0, max: 3 }),
    );
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 60 }),
        fc.constantFrom(...grids),
        fc.constantFrom<Partial<SeasonalForecasterParams>>(
          {},
          { growth: 'flat' },
          { residual: 'none' },
          { events: [tet] },
          { growth: 'logistic', cap: 10 },
        ),
        (values, where, params) => {
          if (values.every(Number.isNaN)) return;
          const model = seasonalForecaster(params).fit({ y: Float64Array.from(values), grid: where });
          const ahead = forecastSeasonal(model, 12);
          expect(ahead).toHaveLength(12);
          expect(ahead.every(Number.isFinite)).toBe(true);
          expect(encodeRecord(model).length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([[[7]], [[0, 0, 0, 0]], [[3, 3, NaN, 3]], [new Array<number>(500).fill(-2.5)]])(
    'stays at the one value of series %#',
    (values) => {
      const model = seasonalForecaster().fit({ y: Float64Array.from(values), grid });
      expect([...forecastSeasonal(model, 3)]).toEqual([values[0], values[0], values[0]]);
    },
  );

  it('refuses series without a finite value, and horizons that are none', () => {
    const fit = (values: number[]) => () => seasonalForecaster().fit({ y: Float64Array.from(values), grid });
    expect(fit([])).toThrow(DataError);
    expect(fit([NaN, NaN])).toThrow('y must hold at least one value');
    expect(fit([1, Infinity])).toThrow('y[1]=Infinity must be finite');
    for (const horizon of [0, -1, 1.5, NaN])
      expect(() => forecastSeasonal(fit([1, 2])(), horizon)).toThrow(ConfigError);
  });

  it.each<[Partial<SeasonalForecasterParams>, string]>([
    [{ growth: 'logistic' }, 'cap=null must be a number with growth=logistic'],
    [{ growth: 'logistic', cap: 5, floor: 5 }, 'floor=5 must be below cap=5'],
    [{ cap: 5 }, 'cap=5 must be left out unless growth=logistic'],
    [{ nChangepoints: -1 }, 'nChangepoints=-1 must be a whole number from 0 to 200'],
    [{ damping: 2 }, 'damping=2 must be at least 0 and at most 1'],
    [{ seasonalities: [{ period: 1, order: 1 }] }, 'period=1 must be at least 2'],
    [{ mode: 'odd' as 'auto' }, 'mode=odd must be one of auto, additive, multiplicative'],
    [{ seasonality: 3 } as object, 'seasonality is not a parameter of the seasonal forecaster'],
  ])('refuses %o', (params, message) => {
    expect(() => seasonalForecaster(params)).toThrow(ConfigError);
    expect(() => seasonalForecaster(params)).toThrow(message);
  });
});
