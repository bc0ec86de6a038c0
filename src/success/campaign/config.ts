import { z } from 'zod';
import {
  asOfSetting,
  foldsSetting,
  gateSetting,
  holdOutSetting,
  modelNameSetting,
  seedSetting,
  snapshotsSetting,
} from '../../release/config-parts.js';

/** What a person may set for a training of campaign success; every key has a default that fits the sample. */
export const campaignConfig = z.strictObject({
  /** Seeds folds, hold-out and every learner. */
  seed: seedSetting,
  /** Folds of the stacks and the calibrator. */
  folds: foldsSetting,
  /** Share of the rows held out by KOL, and of the newest rows held out by time. */
  holdOut: holdOutSetting,
  /** A campaign whose conversion rate is above this quantile of its category is a success. */
  quantile: z.number().min(0.05).max(0.95).default(0.7),
  /** Days before its start at which a campaign is judged. */
  leadDays: z.int().min(0).max(365).default(0),
  /** Only rows processed up to this moment (ISO 8601) are used. */
  asOf: asOfSetting,
  /** Tables to read in a past snapshot. */
  snapshots: snapshotsSetting,
  /** The registered model's name. */
  model: modelNameSetting.default('kol-success'),
  /** The trust champion that scores are gated by. */
  trustModel: modelNameSetting.default('kol-trust'),
  /** KOLs whose probability of being trustworthy is below this are held. */
  trustThreshold: z.number().min(0).max(1).default(0.5),
  /** Length of the campaign that current KOLs are scored for. */
  campaignDays: z.int().min(1).max(365).default(14),
  /** What a challenger must show to become champion. */
  gate: gateSetting,
});
export type CampaignConfig = z.infer<typeof campaignConfig>;
