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

describe('exportForecast', () => {
  it.each(['median', 'mean'] as const)(
    'answers as the model of the %s on every kind of history',
    async (goal) => {
      const { model } = await fitForecastChampion(panel, quickSpec(goal), context);
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

  it('says what goes in and out, with proven operators only, the same bytes every time', async () => {
    const { model } = await fitForecastChampion(panel, quickSpec('median'), context);
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

  it('refuses boosted lags that read what the graph is not given', async () => {
    const { model } = await fitForecastChampion(panel, quickSpec('median'), context);
    const plan = { ...model.boosted.plan, attributes: ['size'] };
    expect(() => exportForecast({ ...model, boosted: { ...model.boosted, plan } })).toThrow(ExportError);
  });
});
