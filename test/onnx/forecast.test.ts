import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitForecastChampion } from '../../src/champion/forecast/fit.js';
import { ExportError } from '../../src/core/errors.js';
import { silent } from '../../src/core/progress.js';
import { createRng } from '../../src/core/rng.js';
import { exportForecast, outputNames } from '../../src/onnx/forecast.js';
import { checkParity } from '../../src/onnx/parity.js';
import { readModelInfo } from '../../src/onnx/proto.js';
import { openSession } from '../../src/onnx/session.js';
import { expectedOutputs, forecastFeeds } from '../../src/release/build-forecast-release.js';
import { forecastCases } from '../../src/success/forecast/cases.js';
import { quickSpec, randomDays } from '../champion/forecast/random-days.js';

const panel = randomDays(50, 300, createRng(5));
const context = { rng: createRng(6), threads: 1, progress: silent };
const fit = (goal: 'median' | 'mean'): ReturnType<typeof fitForecastChampion> =>
  fitForecastChampion(panel, quickSpec(goal), context);
const fitted = { median: await fit('median'), mean: await fit('mean') };

describe('exportForecast', () => {
  it.each(['median', 'mean'] as const)(
    'answers as the model of the %s on every kind of history',
    async (goal) => {
      const { model } = fitted[goal];
      const cases = forecastCases(panel, model.history, 450, 7);
      const session = await openSession(exportForecast(model));
      const parity = await checkParity(session, forecastFeeds(cases), expectedOutputs(model, cases));
      expect(parity.nRows).toBe(450);
      expect(parity.maxAbsDifference).toBeLessThan(2e-6);
      const one = await session.run(
        forecastFeeds({
          history: cases.history.subarray(0, model.history),
          kolId: cases.kolId.slice(0, 1),
          start: cases.start.subarray(0, 1),
        }),
      );
      expect(one.yhat).toHaveLength(model.horizon);
      await session.close();
    },
  );

  it.each(['median', 'mean'] as const)(
    'answers as the model of the %s on values of every magnitude that a float32 has',
    async (goal) => {
      // KOLs of which some sell only now and then: their trees read the share of zeros.
      const seldom = panel.values.map((row, k) =>
        row.map((value, t) => ((t * 7919 + k * 31) % 10 < k % 10 ? 0 : value)),
      );
      const { model } = await fitForecastChampion({ ...panel, values: seldom }, quickSpec(goal), context);
      const { trees, featureNames } = model.boosted.booster;
      expect([...trees.feature]).toContain(featureNames.indexOf('zero_share'));
      const session = await openSession(exportForecast(model));
      // Whole histories of one magnitude, and histories of two: a value that another engine takes for 0 shows there.
      const magnitude = fc.integer({ min: -38, max: 38 });
      const day = fc.record({
        isSecond: fc.boolean(),
        digits: fc.double({ min: 1, max: 3, noNaN: true }),
        isMissing: fc.boolean(),
      });
      const history = fc
        .record({
          magnitudes: fc.tuple(magnitude, fc.oneof(magnitude, fc.constant(-Infinity))),
          days: fc.array(day, { minLength: model.history, maxLength: model.history }),
          kolId: fc.constantFrom(...panel.kolIds.slice(0, 3), 'nobody'),
        })
        .map(({ magnitudes, days, kolId }) => ({
          kolId,
          values: days.map(({ isSecond, digits, isMissing }, i) =>
            isMissing && i % 3 === 0 ? NaN : digits * 10 ** magnitudes[isSecond ? 1 : 0],
          ),
        }));
      await fc.assert(
        fc.asyncProperty(fc.array(history, { minLength: 1, maxLength: 20 }), async (histories) => {
          const cases = {
            history: Float32Array.from(histories.flatMap(({ values }) => values)),
            kolId: histories.map(({ kolId }) => kolId),
            start: Int32Array.from(histories, (_, i) => panel.firstDay + 300 + i),
          };
          const parity = await checkParity(session, forecastFeeds(cases), expectedOutputs(model, cases));
          expect(parity.maxAbsDifference).toBeLessThan(1e-5);
        }),
        // Shrinking would take minutes, and a history of fewer digits says no more.
        { numRuns: 50, endOnFailure: true },
      );
      await session.close();
    },
  );

  it('says what goes in and out, with proven operators only, the same bytes every time', () => {
    const { model } = fitted.median;
    const onnx = exportForecast(model, { kol: '{}' });
    expect(exportForecast(model, { kol: '{}' })).toEqual(onnx);
    const info = readModelInfo(onnx);
    expect(info).toMatchObject({ irVersion: 8, opsets: { '': 17, 'ai.onnx.ml': 3 } });
    expect(info.inputs).toEqual([
      { name: 'history', type: 'float', dims: ['N', 56] },
      { name: 'kol_id', type: 'string', dims: ['N'] },
      { name: 'start', type: 'int64', dims: ['N'] },
    ]);
    expect(info.outputs.map(({ name }) => name)).toEqual(outputNames(model));
    expect(info.outputs.every(({ dims }) => dims[1] === 14)).toBe(true);
    expect(info.operators.filter((name) => name.startsWith('com.microsoft'))).toEqual([]);
  });

  it('refuses boosted lags that read what the graph is not given', () => {
    const { model } = fitted.median;
    const plan = { ...model.boosted.plan, attributes: ['size'] };
    expect(() => exportForecast({ ...model, boosted: { ...model.boosted, plan } })).toThrow(ExportError);
  });
});
