import type { Pool } from '../core/pool.js';
import type { Progress } from '../core/progress.js';
import { openModelRegistry, type ModelRegistry } from '../registry/model-registry.js';
import { openRunStore, type RunStore } from '../registry/run-store.js';
import { workerPool } from '../worker-pool.js';
import type { Environment } from './environment.js';
import { withSystemMetrics } from './system-metrics.js';

/** The real things behind the interfaces, as one command sees them. */
export interface CliSession {
  readonly environment: Environment;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly runs: RunStore;
  readonly models: ModelRegistry;
  /** Runs `work` with worker threads that end with it. */
  withPool<Result>(threads: number, work: (pool: Pool) => Promise<Result>): Promise<Result>;
  /** Results for whoever called, on stdout. */
  print(text: string): void;
}

/** Builds the session of one command. */
export function cliSession(environment: Environment, progress: Progress, signal: AbortSignal): CliSession {
  const runs = withSystemMetrics(openRunStore(environment.store));
  return {
    environment,
    progress,
    signal,
    runs,
    models: openModelRegistry(runs),
    async withPool(threads, work) {
      const pool = workerPool(threads);
      try {
        return await work(pool);
      } finally {
        await pool.close();
      }
    },
    print: (text) => process.stdout.write(text.endsWith('\n') ? text : `${text}\n`),
  };
}
