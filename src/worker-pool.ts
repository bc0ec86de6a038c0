import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { createPool, type Pool } from './core/pool.js';

/** A pool of worker threads that know every task of this package. Close it when done. */
export function workerPool(threads: number): Pool {
  const worker = createRequire(import.meta.url).resolve('#worker');
  return createPool({ threads, worker: pathToFileURL(worker) });
}
