import { z } from 'zod';
import {
  asOfSetting,
  foldsSetting,
  gateSetting,
  holdOutSetting,
  modelNameSetting,
  seedSetting,
  snapshotsSetting,
} from '../release/config-parts.js';

/** What a person may set for a trust training; every key has a default that fits the sample. */
export const trustConfig = z.strictObject({
  /** Seeds folds, hold-out and every learner. */
  seed: seedSetting,
  /** Folds of the stack and the calibrator. */
  folds: foldsSetting,
  /** Share of the rows held out at random, and of the newest rows held out by time. */
  holdOut: holdOutSetting,
  /** Only rows observed up to this moment (ISO 8601) are used. */
  asOf: asOfSetting,
  /** Tables to read in a past snapshot. */
  snapshots: snapshotsSetting,
  /** The registered model's name. */
  model: modelNameSetting.default('kol-trust'),
  /** What a challenger must show to become champion. */
  gate: gateSetting,
});
export type TrustConfig = z.infer<typeof trustConfig>;
