import { z } from 'zod';
import {
  asOfSetting,
  gateSetting,
  modelNameSetting,
  seedSetting,
  snapshotsSetting,
} from '../../release/config-parts.js';

/** What can be forecast, and how it is computed from the daily metrics. */
export const forecastMetrics = ['views', 'engagement', 'orders'] as const;
export type ForecastMetric = (typeof forecastMetrics)[number];

/** What a person may set for the forecasts; every key has a default that fits the sample. */
export const forecastConfig = z.strictObject({
  seed: seedSetting.describe('Seeds every learner and interval'),
  metrics: z
    .array(z.enum(forecastMetrics))
    .min(1)
    .default(['views', 'engagement', 'orders'])
    .describe('What is forecast, each by a champion of its own'),
  horizon: z
    .int()
    .min(7)
    .max(56)
    .default(28)
    .describe('Days that are forecast, and that each backtest holds out'),
  history: z
    .int()
    .min(56)
    .max(364)
    .multipleOf(7)
    .default(112)
    .describe('Days of history that a forecast reads, whole weeks'),
  backtests: z
    .int()
    .min(2)
    .max(6)
    .default(3)
    .describe('Backtests that teach weights and intervals, beside the one that judges them'),
  maxRows: z
    .int()
    .min(1_000)
    .max(10_000_000)
    .default(100_000)
    .describe('Rows that each booster learns from at most'),
  asOf: asOfSetting.describe('Only rows written up to this moment (ISO 8601) are used'),
  snapshots: snapshotsSetting.describe('Tables to read in a past snapshot'),
  model: modelNameSetting
    .default('kol-forecast')
    .describe("The registered models' names are this and the metric"),
  gate: gateSetting.describe('What a challenger must show to become champion (docs/gate.md)'),
});
export type ForecastConfig = z.infer<typeof forecastConfig>;
