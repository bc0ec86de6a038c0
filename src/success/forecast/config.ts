import { z } from 'zod';

/** What can be forecast, and how it is computed from the daily metrics. */
export const forecastMetrics = ['views', 'engagement', 'orders'] as const;
export type ForecastMetric = (typeof forecastMetrics)[number];

/** What a person may set for the forecasts; every key has a default that fits the sample. */
export const forecastConfig = z.strictObject({
  /** Seeds every learner and interval. */
  seed: z.int().min(0).max(4_294_967_295).default(7),
  /** What is forecast, each by a champion of its own. */
  metrics: z.array(z.enum(forecastMetrics)).min(1).default(['views', 'engagement', 'orders']),
  /** Days that are forecast, and that each backtest holds out. */
  horizon: z.int().min(7).max(56).default(28),
  /** Days of history that a forecast reads, whole weeks. */
  history: z.int().min(56).max(364).multipleOf(7).default(112),
  /** Backtests that teach weights and intervals, beside the one that judges them. */
  backtests: z.int().min(2).max(6).default(3),
  /** Rows that each booster learns from at most. */
  maxRows: z.int().min(1_000).max(10_000_000).default(100_000),
  /** Only rows written up to this moment (ISO 8601) are used. */
  asOf: z.iso
    .datetime({ offset: true })
    .or(z.iso.date())
    .optional()
    .meta({ description: 'expected a date or time such as 2026-11-23 or 2026-11-23T06:00:00Z' }),
  /** The registered models' names are this and the metric. */
  model: z
    .string()
    .regex(/^[\w-]+$/)
    .default('kol-forecast'),
});
export type ForecastConfig = z.infer<typeof forecastConfig>;
