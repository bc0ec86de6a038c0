import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeRecord, sha256 } from '../../../../src/core/record.js';
import { createRng } from '../../../../src/core/rng.js';
import { boostedLags } from '../../../../src/learners/forecast/boosted-lags/boosted-lags.js';
import { forecastBoostedLags } from '../../../../src/learners/forecast/boosted-lags/forecast.js';
import type { SeriesPanel } from '../../../../src/learners/forecast/boosted-lags/panel.js';
import { movedAfter, randomPanel } from './random-panel.js';

const day = 86_400_000;
const last = 18_999 * day;
const small = { horizon: 14, maxRows: 4_000, boosting: { nEstimators: 30, learningRate: 0.2 } } as const;

const digest = (model: Parameters<typeof encodeRecord>[0]): string => sha256(encodeRecord(model));

describe('boostedLags', () => {
  it('beats the season before, and forecasts what comes from lags, calendar and events', async () => {
    const panel = randomPanel(30, createRng(1));
    const until = last - 14 * day;
    const model = await boostedLags(small).fit(panel, { rng: createRng(2), until });
    const forecasts = forecastBoostedLags(model, panel, 14, { until });
    let own = 0;
    let naive = 0;
    panel.series.forEach(({ y }, s) => {
      const n = y.length - 14;
      for (let h = 0; h < 14; h++) {
        const truth = y[n + h];
        const before = y[n + h - 7 * Math.ceil((h + 1) / 7)];
        if (Number.isNaN(truth) || Number.isNaN(before)) continue;
        own += Math.abs(Math.log(forecasts[s][h] / truth));
        naive += Math.abs(Math.log(before / truth));
      }
    });
    expect(own).toBeLessThan(0.85 * naive);
  });

  it('sees nothing after the embargo: other values there give the same bytes', async () => {
    const panel = randomPanel(8, createRng(3));
    const objectives = ['huber', 'tweedie'] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 60 }),
        fc.constantFrom(...objectives),
        fc.constantFrom(0, 1e9, NaN, 17),
        async (back, objective, value) => {
          const until = last - back * day;
          const other = movedAfter(panel, until, (y, i) => (i % 2 === 0 ? value : y * 2 + 1));
          const lags = boostedLags({ ...small, objective, boosting: { nEstimators: 5 } });
          const model = await lags.fit(panel, { rng: createRng(4), until });
          expect(digest(await lags.fit(other, { rng: createRng(4), until }))).toBe(digest(model));
          expect(forecastBoostedLags(model, other, 14, { until })).toEqual(
            forecastBoostedLags(model, panel, 14, { until }),
          );
        },
      ),
      { numRuns: 12 },
    );
  });

  it('uses the values up to the embargo: another one there gives other bytes', async () => {
    const panel = randomPanel(8, createRng(3));
    const until = last - 20 * day;
    const other = movedAfter(panel, until - day, () => 1e6);
    const lags = boostedLags(small);
    const model = await lags.fit(panel, { rng: createRng(4), until });
    expect(digest(await lags.fit(other, { rng: createRng(4), until }))).not.toBe(digest(model));
  });

  it('gives the same bytes on any number of threads and leaves its input alone', async () => {
    const panel = randomPanel(10, createRng(5));
    const before = panel.series.map(({ y }) => y.slice());
    const one = await boostedLags(small).fit(panel, { rng: createRng(6) });
    const two = await boostedLags(small).fit(panel, { rng: createRng(6), threads: 2 });
    expect(digest(two)).toBe(digest(one));
    expect(panel.series.map(({ y }) => y)).toEqual(before);
  });

  it('forecasts the mean of counts with tweedie', async () => {
    const rng = createRng(7);
    const series = Array.from({ length: 20 }, () => ({
      grid: { frequency: { unit: 'millisecond', step: day }, start: 0 } as const,
      y: Float64Array.from({ length: 300 }, () => (rng.uniform() < 0.2 ? 5 : 0)),
    }));
    const lags = boostedLags({
      ...small,
      objective: 'tweedie',
      boosting: { nEstimators: 20, minSamplesLeaf: 200 },
    });
    const forecasts = forecastBoostedLags(await lags.fit({ series }, { rng }), { series }, 14);
    const mean = forecasts.flatMap((row) => [...row]).reduce((sum, value) => sum + value, 0) / (20 * 14);
    expect(mean).toBeGreaterThan(0.8);
    expect(mean).toBeLessThan(1.2);
  });

  it('takes values below 0 as they are, and every frequency', async () => {
    const rng = createRng(8);
    for (const frequency of [
      { unit: 'count', step: 1 },
      { unit: 'month', step: 1, day: 1 },
      { unit: 'business-day' },
      { unit: 'millisecond', step: 3_600_000 },
    ] as const) {
      const y = Float64Array.from(
        { length: 240 },
        (_, i) => 3 * Math.sin((2 * Math.PI * i) / 12) + rng.normal() / 9,
      );
      const panel: SeriesPanel = { series: [{ y, grid: { frequency, start: 0 } }] };
      const lags = boostedLags({ ...small, seasons: [12], boosting: { nEstimators: 40, minSamplesLeaf: 5 } });
      const model = await lags.fit(panel, { rng: createRng(9) });
      expect(model.transform).toBe('identity');
      const [forecast] = forecastBoostedLags(model, panel, 12);
      forecast.forEach((value, h) =>
        expect(value).toBeCloseTo(3 * Math.sin((2 * Math.PI * (240 + h)) / 12), 0),
      );
    }
  });

  it('is not carried away by series that stand still and then jump', async () => {
    const panel = randomPanel(20, createRng(13));
    const still = {
      ...panel.series[0],
      y: Float64Array.from({ length: 200 }, (_, i) => (i < 150 ? 0 : 1e6 * i)),
    };
    const series = [...panel.series, still];
    const model = await boostedLags(small).fit({ series }, { rng: createRng(14) });
    expect(Math.abs(model.booster.baseScore[0])).toBeLessThan(2);
    forecastBoostedLags(model, panel, 14).forEach((row, s) => {
      const most = Math.max(...panel.series[s].y.filter((value) => !Number.isNaN(value)));
      expect(Math.max(...row)).toBeLessThan(3 * most);
    });
  });

  it('answers series that are short, constant, empty or all missing', async () => {
    const panel = randomPanel(10, createRng(10));
    const model = await boostedLags(small).fit({ series: panel.series }, { rng: createRng(11) });
    const { grid } = panel.series[0];
    const odd = [[], [5], [NaN, NaN], new Array<number>(200).fill(7), new Array<number>(200).fill(0)];
    const forecasts = forecastBoostedLags(
      model,
      { series: odd.map((values) => ({ y: Float64Array.from(values), grid })) },
      14,
    );
    for (const row of forecasts)
      expect(row.every((value) => Number.isFinite(value) && value >= 0)).toBe(true);
    expect(forecasts[3].every((value) => Math.abs(value - 7) < 0.5)).toBe(true);
    expect(forecasts[4].every((value) => value < 1e-3)).toBe(true);
  });

  it('names what is wrong', async () => {
    const { series } = randomPanel(2, createRng(12));
    const fit = (panel: SeriesPanel): Promise<unknown> =>
      boostedLags(small).fit(panel, { rng: createRng(1) });
    expect(() => boostedLags({ horizon: 0 })).toThrow('horizon=0 must be a whole number from 1');
    expect(() => boostedLags({ lags: [1, 500] })).toThrow(
      'lags[1]=500 must be a whole number from 1 to history=112',
    );
    await expect(fit({ series: [{ ...series[0], y: Float64Array.of(1, Infinity) }] })).rejects.toThrow(
      'series 0, point 1: y=Infinity must be finite',
    );
    await expect(fit({ series, attributes: { size: [1] } })).rejects.toThrow(
      'attribute size has 1 values for 2 series',
    );
    await expect(fit({ series, events: { sale: [[0], [1]] } })).rejects.toThrow(
      'event column sale has 1 values',
    );
    await expect(fit({ series: [{ ...series[0], y: Float64Array.of(1) }] })).rejects.toThrow('lower it');
  });
});
