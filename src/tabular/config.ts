import { z } from 'zod';
import { foldsSetting, gateSetting, holdOutSetting, seedSetting } from '../release/config-parts.js';

const columnName = z.string().min(1);

/** What a person may set for a training on any table. */
export const tableConfig = z.strictObject({
  target: columnName.describe('The column to be predicted'),
  task: z.enum(['binary', 'multiclass', 'regression']).optional(),
  positive: z.string().optional().describe('The binary class whose probability is asked for'),
  weight: columnName.optional().describe('Column of sample weights'),
  group: columnName.optional().describe('Column whose equal values are never on both sides of a split'),
  time: columnName.optional().describe('Column by which the newest rows are held out'),
  text: z.array(columnName).default([]).describe('Text columns to be read word by word'),
  seed: seedSetting,
  folds: foldsSetting,
  holdOut: holdOutSetting,
  name: z.string().min(1).default('table').describe("The model's name in its card"),
  out: z
    .string()
    .min(1)
    .default('release')
    .describe("Folder the release is written to; named in the card's usage line"),
  gate: gateSetting.describe('What a challenger must show to become champion (docs/gate.md)'),
});
export type TableConfig = z.infer<typeof tableConfig>;
