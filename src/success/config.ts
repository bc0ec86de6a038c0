import type { z } from 'zod';
import { campaignConfig, type CampaignConfig } from './campaign/config.js';
import { forecastConfig, type ForecastConfig } from './forecast/config.js';

/**
 * What a person may set for a training of success: the keys of campaign success, and under `forecast` those of the
 * forecasts, which share seed, moment, snapshots and gate with it.
 */
export const successConfig = campaignConfig.extend({
  forecast: forecastConfig.omit({ seed: true, asOf: true, snapshots: true, gate: true }).prefault({}),
});
export type SuccessConfig = z.infer<typeof successConfig>;

/** The settings of campaign success alone. */
export function campaignSettings({ forecast: _, ...config }: SuccessConfig): CampaignConfig {
  return config;
}

/** The settings of the forecasts alone. */
export function forecastSettings({ forecast, seed, asOf, snapshots, gate }: SuccessConfig): ForecastConfig {
  return { ...forecast, seed, gate, ...(asOf !== undefined && { asOf }), ...(snapshots && { snapshots }) };
}
