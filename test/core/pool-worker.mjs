import { threadId } from 'node:worker_threads';
import { serveTasks } from '../../dist/core/serve-tasks.js';
import { tasks } from './pool-tasks.mjs';

serveTasks({
  ...tasks,
  threadId: async () => threadId,
  exit: async ({ code }) => process.exit(code),
  // Never returns to the event loop: only the end of the thread stops it. Counts, so that a test sees it alive.
  spin: async ({ counter }) => {
    for (;;) Atomics.add(counter, 0, 1);
  },
  outlive: async () => {
    await new Promise(() =>
      setTimeout(() => {
        throw new Error('thrown after the task began');
      }, 5),
    );
  },
});
