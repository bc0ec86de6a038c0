import { describe, expect, it } from 'vitest';
import { fitForecastChampion, type DailyPanel } from '../../../src/champion/forecast/fit.js';
import { forecastAccuracy } from '../../../src/champion/forecast/accuracy.js';
import { forecastChampion } from '../../../src/champion/forecast/predict.js';
import { silent } from '../../../src/core/progress.js';
import { decodeRecord, encodeRecord, sha256 } from '../../../src/core/record.js';
import { createRng } from '../../../src/core/rng.js';
import { quickSpec, randomDays } from './random-days.js';

const context = { rng: createRng(1), threads: 1, progress: silent };

describe('fitForecastChampion', () => {
  const panel = randomDays(60, 300, createRng(2));

  it.each(['median', 'mean'] as const)('beats the season before by the criterion of the %s', async (goal) => {
    const { heldOut } = await fitForecastChampion(panel, quickSpec(goal), context);
    const { metrics, criterion, error, nKols } = forecastAccuracy(panel, heldOut, goal, createRng(3));
    const figure = (name: string) => metrics.find((metric) => metric.name === name)!;
    expect(criterion).toBe(goal === 'mean' ? 'rmsse' : 'mase');
    expect(figure(`${criterion}_gain`).lower).toBeGreaterThan(0.1);
    expect(figure(criterion).value).toBeCloseTo(
      error.filter((value) => !Number.isNaN(value)).reduce((sum, value) => sum + value, 0) / nKols,
      10,
    );
    expect(Math.abs(figure('coverage_80').value - 0.8)).toBeLessThan(0.06);
    expect(Math.abs(figure('coverage_95').value - 0.95)).toBeLessThan(0.04);
  });

  it('judges the newest window without having seen it', async () => {
    const spec = quickSpec('median');
    const { heldOut } = await fitForecastChampion(panel, spec, context);
    const moved: DailyPanel = {
      ...panel,
      values: panel.values.map((values) =>
        values.map((value, t) => (t >= heldOut.nDays ? 3 * value + 1000 + t : value)),
      ),
    };
    const other = await fitForecastChampion(moved, spec, context);
    expect(other.heldOut.nDays).toBe(300 - 14);
    expect(other.heldOut.forecasts).toEqual(heldOut.forecasts);
    expect(other.model).not.toEqual((await fitForecastChampion(panel, spec, context)).model);
  });

  it('gives the same bytes on two threads, and a record that reads back', async () => {
    const spec = quickSpec('median');
    const one = await fitForecastChampion(panel, spec, context);
    const two = await fitForecastChampion(panel, spec, { ...context, threads: 2 });
    const bytes = encodeRecord(one.model);
    expect(sha256(encodeRecord(two.model))).toBe(sha256(bytes));
    const history = new Float32Array(56).fill(20);
    const read = decodeRecord(bytes) as typeof one.model;
    expect(forecastChampion(read, history, ['kol 3 đẹp'], [20_300])).toEqual(
      forecastChampion(one.model, history, ['kol 3 đẹp'], [20_300]),
    );
  });

  it('answers every history, about the level of the KOL where there is none', async () => {
    const { model } = await fitForecastChampion(panel, quickSpec('median'), context);
    const nothing = new Float32Array(56).fill(NaN);
    const histories = [
      nothing,
      nothing,
      nothing.map(() => 0),
      nothing.map(() => Infinity),
      nothing.map(() => -5),
    ];
    const ids = ['KOL 1 ĐẸP', 'nobody', 'nobody', 'kol 1 đẹp', 'nobody'];
    const { yhat, intervals } = forecastChampion(
      model,
      Float32Array.from(histories.flatMap((history) => [...history])),
      ids,
      ids.map(() => 20_300),
    );
    const typical = panel.values[1].filter((value) => !Number.isNaN(value)).sort();
    const middle = typical[Math.floor(typical.length / 2)];
    for (let i = 0; i < ids.length * 14; i++) {
      expect(yhat[i]).toBeGreaterThanOrEqual(0);
      for (const { lower, upper } of intervals) {
        expect(lower[i]).toBeLessThanOrEqual(yhat[i]);
        expect(upper[i]).toBeGreaterThanOrEqual(yhat[i]);
      }
    }
    for (let h = 0; h < 14; h++) {
      expect(yhat[h] / middle).toBeGreaterThan(1 / 4);
      expect(yhat[h] / middle).toBeLessThan(4);
      // Infinities are missing; an unknown KOL without history is less certain than a known one.
      expect(yhat[3 * 14 + h]).toBe(yhat[h]);
      expect(yhat[2 * 14 + h]).toBeLessThan(0.5);
      expect(yhat[4 * 14 + h]).toBe(yhat[2 * 14 + h]);
      const width = (i: number): number =>
        Math.log1p(intervals[0].upper[i]) - Math.log1p(intervals[0].lower[i]);
      expect(width(14 + h)).toBeGreaterThan(width(h));
    }
    expect(() => forecastChampion(model, nothing, ['a', 'b'], [1, 2])).toThrow('history has 56 values');
  });

  it('refuses too few days', async () => {
    await expect(
      fitForecastChampion(randomDays(3, 60, createRng(4)), quickSpec('median'), context),
    ).rejects.toThrow('views: 60 days of 3 KOLs are too few');
  });
});
