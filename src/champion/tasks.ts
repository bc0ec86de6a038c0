import type { Tasks } from '../core/serve-tasks.js';
import {
  boostingMarginsTask,
  boostingMarginsTaskName,
  type BoostingMarginsTask,
} from '../learners/gbm/predict-in-pool.js';
import { fitBase, type FitTask } from './base-model.js';

/** What the worker threads can do, by name. */
export const tasks = {
  'fit-base': (payload: FitTask, { signal }) => fitBase(payload, signal),
  [boostingMarginsTaskName]: (payload: BoostingMarginsTask) => boostingMarginsTask(payload),
} satisfies Tasks;
