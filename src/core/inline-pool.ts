import { setMaxListeners } from 'node:events';
import { ConfigError, InterruptedError } from './errors.js';
import type { Pool } from './pool.js';
import { describeError, reviveError } from './pool-message.js';
import { runTask, type Tasks } from './serve-tasks.js';

/**
 * A pool without threads: the tasks run in the calling one, one after the other, for small jobs and for tests.
 * Payloads, results and errors pass as they do between threads. An aborted task is abandoned: it should watch
 * `context.signal`, for nothing else can stop it here.
 *
 * @throws {ConfigError} when there is no task at all
 */
export function inlinePool(tasks: Tasks): Pool {
  if (Object.keys(tasks).length === 0) throw new ConfigError('an inline pool needs at least one task');
  const closing = new AbortController();
  let last: Promise<unknown> = Promise.resolve();

  async function perform(task: string, payload: unknown, signal: AbortSignal): Promise<unknown> {
    if (signal.aborted) throw interruption(signal);
    try {
      return clone(await runTask(tasks, task, payload, signal), `the result of task ${task}`);
    } catch (error) {
      throw reviveError(describeError(error));
    }
  }

  async function run<Result>(
    task: string,
    payload: unknown,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<Result> {
    const stop = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);
    if (stop.aborted) throw interruption(stop);
    const own = clone(payload, `the payload of task ${task}`);
    const before = last;
    const result = unlessAborted(
      before.then(() => perform(task, own, stop)),
      stop,
    );
    last = Promise.allSettled([before, result]);
    return (await result) as Result;
  }

  function close(): Promise<void> {
    closing.abort(new InterruptedError('the worker pool was closed'));
    return Promise.resolve();
  }

  return Object.freeze({ threads: 1, run, close });
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(interruption(signal));
  });
  // Every waiting task listens; more than ten of them are no leak.
  setMaxListeners(0, signal);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function interruption(signal: AbortSignal): InterruptedError {
  return signal.reason instanceof InterruptedError
    ? signal.reason
    : new InterruptedError(undefined, { cause: signal.reason });
}

function clone(value: unknown, what: string): unknown {
  try {
    return structuredClone(value);
  } catch (error) {
    throw new TypeError(`${what} cannot be cloned`, { cause: error });
  }
}
