import type { Run, RunStore } from '../registry/run-store.js';

/** What this process used at a moment. */
interface Sample {
  readonly at: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/**
 * The store, with what the process used added to every run when it ends: processor time (100 is one core) and resident
 * memory, under the names by which MLflow shows system metrics. Samples between two runs belong to the later one.
 */
export function withSystemMetrics(store: RunStore, everyMs = 5_000): RunStore {
  let samples: Sample[] = [];
  let before = { at: performance.now(), cpu: process.cpuUsage() };
  const sample = (): void => {
    const now = performance.now();
    const { user, system } = process.cpuUsage(before.cpu);
    const percentage = (user + system) / 10 / Math.max(now - before.at, 1);
    before = { at: now, cpu: process.cpuUsage() };
    samples.push({
      at: Date.now(),
      metrics: {
        'system/cpu_utilization_percentage': percentage,
        'system/process_memory_usage_megabytes': process.memoryUsage.rss() / 1e6,
      },
    });
  };
  // Never keeps the process from ending.
  setInterval(sample, everyMs).unref();

  const sampled = (run: Run): Run => ({
    ...run,
    async finish(status, message) {
      sample();
      const taken = samples;
      samples = [];
      await Promise.all(taken.map(({ at, metrics }, step) => run.logMetrics(metrics, step, at)));
      await run.finish(status, message);
    },
  });
  return { ...store, start: async (about) => sampled(await store.start(about)) };
}
