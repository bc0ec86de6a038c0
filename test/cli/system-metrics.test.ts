import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { withSystemMetrics } from '../../src/cli/system-metrics.js';
import { openRunStore } from '../../src/registry/run-store.js';
import { temporaryFolder } from '../registry/temporary-folder.js';

it('every run tells what the process used until it ended, at the times it used it', async () => {
  const store = withSystemMetrics(openRunStore(temporaryFolder()), 5);
  await sleep(40);
  const run = await store.start({ experiment: 'e', name: 'n' });
  await run.logMetrics({ auc: 0.9 });
  await run.finish('finished');
  const { metrics, status, startedAt } = await store.readRun(run.runId);
  expect(status).toBe('finished');
  const memory = metrics['system/process_memory_usage_megabytes'];
  const processor = metrics['system/cpu_utilization_percentage'];
  expect(memory.length).toBeGreaterThan(1);
  expect(processor).toHaveLength(memory.length);
  expect(memory.map(({ step }) => step)).toEqual(memory.map((_, i) => i));
  expect(memory[0].at).toBeLessThan(startedAt);
  for (const { value } of memory) expect(value).toBeGreaterThan(10);
  for (const { value } of processor) expect(value).toBeGreaterThanOrEqual(0);

  // What one run was told is not told to the next again.
  const next = await store.start({ experiment: 'e', name: 'n' });
  await next.finish('finished');
  const last = memory.at(-1)!.at;
  const own = (await store.readRun(next.runId)).metrics['system/process_memory_usage_megabytes'];
  for (const { at } of own) expect(at).toBeGreaterThanOrEqual(last);
});
