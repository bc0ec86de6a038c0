import { setMaxListeners } from 'node:events';
import { Worker } from 'node:worker_threads';
import { ConfigError, InterruptedError } from './errors.js';
import { reviveError, type TaskReply, type TaskRequest } from './pool-message.js';

/** Runs named tasks; how they are scheduled never shows in their results. */
export interface Pool {
  /** How many tasks run at the same time, at least 1. */
  readonly threads: number;
  /**
   * Runs one task; tasks start in the order of the calls.
   * @param payload structured-cloned into the task, except memory of a SharedArrayBuffer, which is passed as it is
   * @throws {InterruptedError} once `signal` is aborted or the pool is closed; by then no thread works on the task
   * @throws what the task threw, as the same class with code, message and cause
   */
  run<Result>(task: string, payload: unknown, options?: { readonly signal?: AbortSignal }): Promise<Result>;
  /** Ends all threads; tasks not yet done are rejected with InterruptedError. */
  close(): Promise<void>;
}

interface Job {
  request: TaskRequest;
  /** Undoes the subscription to the caller's signal, then settles; the first call wins. */
  settle(outcome: { readonly value: unknown } | { readonly error: Error }): void;
}

interface Slot {
  readonly worker: Worker;
  job: Job | null;
}

/**
 * A pool of worker threads. Threads start when there is work for them, are replaced when they die, and do not keep
 * the process alive while idle.
 *
 * @param threads integer of at least 1
 * @param worker the module that calls `serveTasks`
 * @throws {ConfigError} for a wrong number of threads
 */
export function createPool({ threads, worker }: { readonly threads: number; readonly worker: URL }): Pool {
  if (!Number.isInteger(threads) || threads < 1) {
    throw new ConfigError(`threads=${threads} must be an integer of at least 1`);
  }
  const queue: Job[] = [];
  const slots = new Set<Slot>();
  let nextId = 0;
  let closed = false;

  function dispatch(): void {
    while (queue.length > 0 && !closed) {
      const slot = idleSlot() ?? (slots.size < threads ? startSlot() : null);
      if (slot === null) return;
      const job = queue.shift()!;
      withClonedPayload(job, () => {
        slot.worker.postMessage(job.request);
        slot.job = job;
        slot.worker.ref();
      });
    }
  }

  function withClonedPayload(job: Job, clone: () => void): void {
    try {
      clone();
    } catch (error) {
      const message = `the payload of task ${job.request.task} cannot be cloned`;
      job.settle({ error: new TypeError(message, { cause: error }) });
    }
  }

  function idleSlot(): Slot | null {
    for (const slot of slots) if (slot.job === null) return slot;
    return null;
  }

  function startSlot(): Slot {
    // Flags of the parent such as --input-type would keep the module from loading.
    const slot: Slot = { worker: new Worker(worker, { execArgv: [] }), job: null };
    slot.worker.unref();
    slots.add(slot);
    slot.worker.on('message', (reply: TaskReply) => {
      const job = slot.job;
      if (job === null || job.request.id !== reply.id) return;
      slot.job = null;
      slot.worker.unref();
      job.settle(reply.ok ? { value: reply.value } : { error: reviveError(reply.error) });
      dispatch();
    });
    slot.worker.on('messageerror', (error) => lose(slot, 'sent a result that cannot be read', error));
    slot.worker.on('error', (error) => lose(slot, 'failed', error));
    slot.worker.on('exit', (code) => lose(slot, `exited with code ${code}`));
    return slot;
  }

  /** The thread is gone, or of no more use: its task fails, the others go on with another thread. */
  function lose(slot: Slot, what: string, cause?: unknown): void {
    if (!slots.delete(slot)) return;
    void slot.worker.terminate();
    const detail = cause instanceof Error ? `: ${cause.message}` : '';
    const message = `worker thread ${what} in task ${slot.job?.request.task}${detail} (${worker.href})`;
    slot.job?.settle({ error: new Error(message, cause === undefined ? undefined : { cause }) });
    dispatch();
  }

  async function withdraw(job: Job, error: InterruptedError): Promise<void> {
    const waiting = queue.indexOf(job);
    if (waiting >= 0) queue.splice(waiting, 1);
    for (const slot of slots) {
      if (slot.job !== job) continue;
      slots.delete(slot);
      // Only a thread that has ended leaves shared memory alone.
      await slot.worker.terminate();
    }
    job.settle({ error });
    dispatch();
  }

  function run<Result>(
    task: string,
    payload: unknown,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      if (closed) throw new InterruptedError('the worker pool is closed');
      if (signal?.aborted) throw new InterruptedError(undefined, { cause: signal.reason });
      const abort = (): void => {
        void withdraw(job, new InterruptedError(undefined, { cause: signal?.reason }));
      };
      const job: Job = {
        request: { id: nextId++, task, payload },
        settle(outcome) {
          signal?.removeEventListener('abort', abort);
          if ('error' in outcome) reject(outcome.error);
          else resolve(outcome.value as Result);
        },
      };
      if (signal !== undefined) {
        // Every waiting task listens; more than ten of them are no leak.
        setMaxListeners(0, signal);
        signal.addEventListener('abort', abort, { once: true });
      }
      queue.push(job);
      dispatch();
      if (queue.includes(job)) {
        // The payload is the one of this moment, even if the task has to wait.
        withClonedPayload(job, () => (job.request = { ...job.request, payload: structuredClone(payload) }));
      }
    });
  }

  async function close(): Promise<void> {
    closed = true;
    const jobs = [...queue, ...[...slots].flatMap((slot) => slot.job ?? [])];
    const idle = [...slots].filter((slot) => slot.job === null);
    for (const slot of idle) slots.delete(slot);
    await Promise.all([
      ...jobs.map((job) => withdraw(job, new InterruptedError('the worker pool was closed'))),
      ...idle.map((slot) => slot.worker.terminate()),
    ]);
  }

  return Object.freeze({ threads, run, close });
}
