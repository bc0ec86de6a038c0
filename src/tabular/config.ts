import { z } from 'zod';
import { foldsSetting, gateSetting, holdOutSetting, seedSetting } from '../release/config-parts.js';

const columnName = z.string().min(1);

/** What a person may set for a training on any table. */
export const tableConfig = z.strictObject({
  /** The column to be predicted. */
  target: columnName,
  task: z.enum(['binary', 'multiclass', 'regression']).optional(),
  /** The binary class whose probability is asked for. */
  positive: z.string().optional(),
  /** Column of sample weights. */
  weight: columnName.optional(),
  /** Column whose equal values are never on both sides of a split. */
  group: columnName.optional(),
  /** Column by which the newest rows are held out. */
  time: columnName.optional(),
  /** Text columns to be read word by word. */
  text: z.array(columnName).default([]),
  seed: seedSetting,
  folds: foldsSetting,
  gateSetting,
  holdOut: holdOutSetting,
  /** The model's name in its card. */
  name: z.string().min(1).default('table'),
  /** Folder the release is written to; named in the card's usage line. */
  out: z.string().min(1).default('release'),
  /** What a challenger must show to become champion. */
  gate: gateSetting,
});
export type TableConfig = z.infer<typeof tableConfig>;
