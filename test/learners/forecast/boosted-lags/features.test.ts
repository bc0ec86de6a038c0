import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../../../src/core/rng.js';
import { boostedLagsParams } from '../../../../src/learners/forecast/boosted-lags/params.js';
import { featureNames, lagPlan } from '../../../../src/learners/forecast/boosted-lags/plan.js';
import { trainingRows } from '../../../../src/learners/forecast/boosted-lags/training-rows.js';
import {
  emptyWindow,
  onGrid,
  readWindow,
  seasonalLevel,
} from '../../../../src/learners/forecast/boosted-lags/window.js';
import { featureWriter } from '../../../../src/learners/forecast/boosted-lags/features.js';
import { randomPanel } from './random-panel.js';

const day = 86_400_000;
const mean = (values: readonly number[]): number =>
  values.length === 0 ? NaN : values.reduce((sum, value) => sum + value, 0) / values.length;

/** The features of one target by their definitions, a list at a time. */
function oracle(
  panel: ReturnType<typeof randomPanel>,
  s: number,
  end: number,
  step: number,
): Record<string, number> {
  const { y, grid } = panel.series[s];
  const z = Array.from(y.subarray(0, end), Math.log1p);
  const recent = (n: number, upTo = 0): number[] =>
    z.slice(Math.max(0, z.length - n - upTo), Math.max(0, z.length - upTo));
  const known = (values: readonly number[]): number[] => values.filter((value) => !Number.isNaN(value));
  const window = known(z.slice(-112));
  const center = mean(window);
  const scale = mean(window.map((value) => Math.abs(value - center)));
  const u = (value: number | undefined): number => ((value ?? NaN) - center) / scale;
  const time = grid.start + (end - 1 + step) * day;
  const date = new Date(time);
  const periods = Math.ceil(step / 7);
  const same = Array.from({ length: 16 }, (_, j) => end - 1 + step - 7 * (periods + j)).filter(
    (place) => place >= Math.max(0, end - 112),
  );
  const deviation = (values: readonly number[]): number => {
    const scaled = values.map(u);
    return Math.sqrt(mean(scaled.map((value) => (value - mean(scaled)) ** 2)));
  };
  const at = (name: string): number => {
    const [, kind, n] = /^([a-z_]+?)_?(\d*)$/.exec(name) ?? [];
    switch (kind) {
      case 'lag':
        return u(z[end - Number(n)]);
      case 'mean':
        return mean(known(recent(Number(n))).map(u));
      case 'deviation':
        return deviation(known(recent(Number(n))));
      default:
        throw new Error(name);
    }
  };
  const out: Record<string, number> = {
    season_7_mean: mean(known(same.map((place) => z[place])).map(u)),
    trend: mean(known(recent(14)).map(u)) - mean(known(recent(14, 14)).map(u)),
    level: Math.log1p(center),
    spread: Math.log1p(scale),
    zero_share: 0,
    missing_share: 1 - window.length / 112,
    day_of_week: date.getUTCDay(),
    day_of_month: date.getUTCDate(),
    month: date.getUTCMonth() + 1,
    event_sale: (time / day) % 30 === 0 ? 1 : 0,
    event_sale_season_before: (time / day - 7 * periods) % 30 === 0 ? 1 : 0,
    attribute_size: s % 3,
    step,
  };
  for (let j = 0; j < 4; j++) out[`season_7_lag_${j + 1}`] = u(z[same[j]]);
  for (let lag = 1; lag <= 7; lag++) out[`lag_${lag}`] = at(`lag_${lag}`);
  for (const width of [7, 28]) {
    out[`mean_${width}`] = at(`mean_${width}`);
    out[`deviation_${width}`] = at(`deviation_${width}`);
  }
  return out;
}

describe('the features', () => {
  const panel = randomPanel(6, createRng(1), { gaps: 0.2 });
  const plan = lagPlan(boostedLagsParams({}), panel);
  const names = featureNames(plan);

  it('are those of their definitions', () => {
    const window = emptyWindow(plan);
    const writer = featureWriter(panel, plan, window);
    fc.assert(
      fc.property(
        fc.nat(5),
        fc.integer({ min: 20, max: 119 }),
        fc.integer({ min: 1, max: 28 }),
        (s, end, step) => {
          readWindow(window, plan, panel.series[s].y.map(Math.log1p), end);
          writer.moveTo(s, end);
          const row = writer.at(step);
          const expected = oracle(panel, s, end, step);
          expect(Object.keys(expected).sort()).toEqual([...names].sort());
          names.forEach((name, j) => {
            if (Number.isNaN(expected[name])) expect(row[j], name).toBeNaN();
            else expect(Math.abs(row[j] - expected[name]), name).toBeLessThan(1.3 / 4096 / 2);
          });
        },
      ),
    );
  });

  it('lie on the grid, so that float32 holds them', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (value) => {
        const x = onGrid(value);
        expect(Math.fround(x)).toBe(x);
        expect(x * 4096).toBe(Math.round(x * 4096));
        if (Math.abs(value) < 999) expect(Math.abs(x - value)).toBeLessThanOrEqual(0.5 / 4096);
      }),
    );
    expect(onGrid(NaN)).toBeNaN();
  });

  it('measure targets from the mean of the known seasons before', () => {
    const window = emptyWindow({ ...plan, history: 21 });
    const z = Float64Array.from({ length: 21 }, (_, i) => i);
    z[14] = NaN;
    readWindow(window, { ...plan, history: 21 }, z, 21);
    const at = (periods: number, step: number): number =>
      window.center +
      window.scale * seasonalLevel(window, { ...plan, history: 21, differencePeriods: periods }, step);
    expect(at(1, 2)).toBeCloseTo(15, 12);
    expect(at(2, 9)).toBeCloseTo((15 + 8) / 2, 12);
    expect(at(3, 1)).toBeCloseTo((7 + 0) / 2, 12);
    expect(at(1, 8)).toBeCloseTo(window.center, 12);
  });
});

describe('the training rows', () => {
  const panel = randomPanel(40, createRng(2));
  const known = Int32Array.from(panel.series, ({ y }) => y.length);
  const how = { transform: 'log1p', target: 'difference' } as const;
  const rowsOf = (maxRows: number): ReturnType<typeof trainingRows> => {
    const params = boostedLagsParams({ maxRows });
    return trainingRows(params, panel, lagPlan(params, panel), known, how);
  };

  it('are bounded in number whatever the number of series, and spread over all of them', () => {
    for (const maxRows of [70, 700, 7_000]) {
      const { X, y } = rowsOf(maxRows);
      expect(X.nRows).toBe(y.length);
      expect(X.nRows).toBeLessThanOrEqual(maxRows);
      expect(X.nRows).toBeGreaterThan(0.75 * maxRows);
    }
    const { X } = rowsOf(7_000);
    const steps = new Set(X.columns[X.names.indexOf('step')]);
    expect([...steps].sort((a, b) => a - b)).toEqual(Array.from({ length: 28 }, (_, h) => h + 1));
    const levels = new Set(X.columns[X.names.indexOf('level')].map(Math.round));
    expect(levels.size).toBeGreaterThan(1);
  });

  it('are all there are where they fit', () => {
    const params = boostedLagsParams({ maxRows: 2 ** 31 - 1, stepsPerOrigin: 28, minHistory: 14 });
    const { X } = trainingRows(params, panel, lagPlan(params, panel), known, how);
    let expected = 0;
    for (const { y } of panel.series) {
      for (let end = 14; end < y.length; end++) {
        for (let step = 1; step <= 28 && end - 1 + step < y.length; step++) {
          if (!Number.isNaN(y[end - 1 + step])) expected++;
        }
      }
    }
    expect(X.nRows).toBe(expected);
  });
});
