import { parentPort } from 'node:worker_threads';
import { ConfigError } from './errors.js';
import { describeError, type TaskReply, type TaskRequest } from './pool-message.js';

/** What a task is given beside its payload. */
export interface TaskContext {
  /** Aborted when the caller gave up. It never fires in a worker thread: there, the thread itself is ended. */
  readonly signal: AbortSignal;
}

/** Work by name. Payloads and results must survive structured clone; arrays on shared memory pass without a copy. */
export type Tasks = Readonly<Record<string, (payload: never, context: TaskContext) => Promise<unknown>>>;

/**
 * Makes this worker thread answer the tasks of a pool; call it once, at the top of the worker's module.
 * @throws {ConfigError} when called outside a worker thread
 */
export function serveTasks(tasks: Tasks): void {
  const port = parentPort;
  if (port === null) throw new ConfigError('serveTasks works in a worker thread only');
  const { signal } = new AbortController();
  port.on('message', (request: TaskRequest) => {
    void answer(tasks, request, signal).then((reply) => {
      try {
        port.postMessage(reply);
      } catch (error) {
        const failure = new TypeError(`the result of task ${request.task} cannot be cloned`, {
          cause: error,
        });
        port.postMessage({ id: request.id, ok: false, error: describeError(failure) } satisfies TaskReply);
      }
    });
  });
}

async function answer(tasks: Tasks, request: TaskRequest, signal: AbortSignal): Promise<TaskReply> {
  try {
    return { id: request.id, ok: true, value: await runTask(tasks, request.task, request.payload, signal) };
  } catch (error) {
    return { id: request.id, ok: false, error: describeError(error) };
  }
}

/**
 * Runs one task in the calling thread.
 * @throws {ConfigError} when no task has that name
 */
export async function runTask(
  tasks: Tasks,
  task: string,
  payload: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  if (!Object.hasOwn(tasks, task)) {
    throw new ConfigError(`task=${task} is not served here, only ${Object.keys(tasks).sort().join(', ')}`);
  }
  return await tasks[task](payload as never, { signal });
}
