import { z } from 'zod';
import {
  foldsSetting,
  gateSetting,
  holdOutSetting,
  modelNameSetting,
  seedSetting,
  snapshotsSetting,
} from '../release/config-parts.js';

/** What a person may set for a training of sentiment; every key has a default that fits the sample. */
export const sentimentConfig = z.strictObject({
  seed: seedSetting.describe('Seeds folds, hold-out and every learner'),
  folds: foldsSetting.describe('Folds of the stack and the calibrator'),
  holdOut: holdOutSetting.describe('Share of the texts held out at random'),
  snapshots: snapshotsSetting.describe('Tables to read in a past snapshot'),
  gate: gateSetting.describe('What a challenger must show to become champion (docs/gate.md)'),
  model: modelNameSetting.default('kol-sentiment').describe("The registered model's name"),
});
export type SentimentConfig = z.infer<typeof sentimentConfig>;
