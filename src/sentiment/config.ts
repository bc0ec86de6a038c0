import { z } from 'zod';
import {
  foldsSetting,
  holdOutSetting,
  modelNameSetting,
  seedSetting,
  snapshotsSetting,
} from '../release/config-parts.js';

/** What a person may set for a training of sentiment; every key has a default that fits the sample. */
export const sentimentConfig = z.strictObject({
  /** Seeds folds, hold-out and every learner. */
  seed: seedSetting,
  /** Folds of the stack and the calibrator. */
  folds: foldsSetting,
  /** Share of the texts held out at random. */
  holdOut: holdOutSetting,
  /** Tables to read in a past snapshot. */
  snapshots: snapshotsSetting,
  /** The registered model's name. */
  model: modelNameSetting.default('kol-sentiment'),
});
export type SentimentConfig = z.infer<typeof sentimentConfig>;
