import { z } from 'zod';
import { boostersSetting } from '../../champion/booster-settings.js';
import {
  asOfSetting,
  foldsSetting,
  gateSetting,
  holdOutSetting,
  modelNameSetting,
  seedSetting,
  snapshotsSetting,
  tunedSetting,
} from '../../release/config-parts.js';
import { campaignConsensus } from './bases.js';

/** What a person may set for a training of campaign success; every key has a default that fits the sample. */
export const campaignConfig = z.strictObject({
  seed: seedSetting.describe('Seeds folds, hold-out and every learner'),
  folds: foldsSetting.describe('Folds of the stacks and the calibrator'),
  holdOut: holdOutSetting.describe(
    'Share of the rows held out by KOL, and of the newest rows held out by time',
  ),
  quantile: z
    .number()
    .min(0.05)
    .max(0.95)
    .default(0.7)
    .describe('A campaign whose conversion rate is above this quantile of its category is a success'),
  leadDays: z
    .int()
    .min(0)
    .max(365)
    .default(0)
    .describe('Days before its start at which a campaign is judged'),
  comments: z
    .boolean()
    .default(false)
    .describe(
      'Whether what comments say is read, as `kol score comments` has scored them: no gain was measured on the sample',
    ),
  asOf: asOfSetting.describe('Only rows processed up to this moment (ISO 8601) are used'),
  snapshots: snapshotsSetting.describe('Tables to read in a past snapshot'),
  gate: gateSetting.describe('What a challenger must show to become champion (docs/gate.md)'),
  model: modelNameSetting.default('kol-success').describe("The registered model's name"),
  trustModel: modelNameSetting.default('kol-trust').describe('The trust champion that scores are gated by'),
  trustThreshold: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('KOLs whose probability of being trustworthy is below this are held'),
  campaignDays: z
    .int()
    .min(1)
    .max(365)
    .default(14)
    .describe('Length of the campaign that current KOLs are scored for'),
  boosters: boostersSetting(campaignConsensus).describe(
    'Parameters of the boosters of success by name (kol tune finds them); false leaves one out',
  ),
  tuned: tunedSetting,
});
export type CampaignConfig = z.infer<typeof campaignConfig>;
