import { z } from 'zod';
import { boostersSetting } from '../champion/booster-settings.js';
import {
  foldsSetting,
  gateSetting,
  holdOutSetting,
  seedSetting,
  tunedSetting,
} from '../release/config-parts.js';
import { tableConsensus } from './bases.js';

const columnName = z.string().min(1);

/** What a person may set for a training on any table. */
export const tableConfig = z.strictObject({
  target: columnName.describe('The column to be predicted'),
  task: z
    .enum(['binary', 'multiclass', 'regression'])
    .optional()
    .describe('What to predict; told by the values of the target where it is left out'),
  positive: z.string().optional().describe('The binary class whose probability is asked for'),
  weight: columnName.optional().describe('Column of sample weights'),
  group: columnName.optional().describe('Column whose equal values are never on both sides of a split'),
  time: columnName.optional().describe('Column by which the newest rows are held out'),
  text: z.array(columnName).default([]).describe('Text columns to be read word by word'),
  seed: seedSetting.describe('Seeds folds, hold-out and every learner'),
  folds: foldsSetting.describe('Folds of the stack and the calibrator'),
  holdOut: holdOutSetting.describe('Share of the rows held out at random, and of the newest rows by time'),
  name: z.string().min(1).default('table').describe("The model's name in its card"),
  out: z
    .string()
    .min(1)
    .default('release')
    .describe("Folder the release is written to; named in the card's usage line"),
  gate: gateSetting.describe('What a challenger must show to become champion (docs/gate.md)'),
  boosters: boostersSetting(tableConsensus),
  tuned: tunedSetting,
});
export type TableConfig = z.infer<typeof tableConfig>;
