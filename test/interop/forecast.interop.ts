import { it } from 'vitest';
import { fitForecastChampion } from '../../src/champion/forecast/fit.js';
import { silent } from '../../src/core/progress.js';
import { createRng } from '../../src/core/rng.js';
import { exportForecast } from '../../src/onnx/forecast.js';
import { expectedOutputs, forecastFeeds } from '../../src/release/build-forecast-release.js';
import { forecastCases } from '../../src/success/forecast/cases.js';
import { quickSpec, randomDays } from '../champion/forecast/random-days.js';
import { writeGraph } from './write-graph.js';

it.each(['median', 'mean'] as const)('writes forecasters of the %s', async (goal) => {
  const panel = randomDays(60, 320, createRng(21));
  const { model } = await fitForecastChampion(panel, quickSpec(goal), {
    rng: createRng(22),
    threads: 1,
    progress: silent,
  });
  const onnx = exportForecast(model, { about: 'dự báo' });
  // Held-out origins, KOLs that nobody knows, and histories with gaps or without any value, in turn.
  const cases = forecastCases(panel, model.history, 900, 23);
  writeGraph(`forecast-${goal}`, onnx, forecastFeeds(cases), expectedOutputs(model, cases));
});
