import { z } from 'zod';
import { boostersSetting } from '../champion/booster-settings.js';
import {
  asOfSetting,
  foldsSetting,
  gateSetting,
  holdOutSetting,
  modelNameSetting,
  seedSetting,
  snapshotsSetting,
  tunedSetting,
} from '../release/config-parts.js';
import { trustConsensus } from './bases.js';

/** What a person may set for a trust training; every key has a default that fits the sample. */
export const trustConfig = z.strictObject({
  seed: seedSetting.describe('Seeds folds, hold-out and every learner'),
  folds: foldsSetting.describe('Folds of the stack and the calibrator'),
  holdOut: holdOutSetting.describe(
    'Share of the rows held out at random, and of the newest rows held out by time',
  ),
  asOf: asOfSetting.describe('Only rows observed up to this moment (ISO 8601) are used'),
  snapshots: snapshotsSetting.describe('Tables to read in a past snapshot'),
  gate: gateSetting.describe('What a challenger must show to become champion (docs/gate.md)'),
  model: modelNameSetting.default('kol-trust').describe("The registered model's name"),
  boosters: boostersSetting(trustConsensus),
  tuned: tunedSetting,
});
export type TrustConfig = z.infer<typeof trustConfig>;
