import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { InterruptedError } from '../../core/errors.js';
import { reviveError, type ErrorRecord } from '../../core/pool-message.js';
import { bellAt, doneAt, stopAt } from '../kernels/control.js';
import { compileKernels, instantiateKernels } from '../kernels/instance.js';
import type { GrowthRules } from './growth-rules.js';
import type { MemoryPlan } from './memory-plan.js';
import { phaseRunner } from './run-phase.js';
import { openTrainer, type Trainer } from './trainer.js';

/** The threads of one fit: requests go to the one that leads. */
export interface Team {
  /** @throws {InterruptedError} once the fit was aborted */
  ask<Name extends keyof Trainer>(
    name: Name,
    ...request: Parameters<Trainer[Name]>
  ): Promise<ReturnType<Trainer[Name]>>;
  /** Ends all threads; settles when they are gone. */
  close(): Promise<void>;
}

/** A thread has little garbage: most of a fit's memory is that of the kernels. */
const resourceLimits = { maxYoungGenerationSizeMb: 4 };

/** What a thread of the team is started with. */
export interface TeamThread {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly plan: MemoryPlan;
  readonly rules: GrowthRules;
  /** 0 leads. */
  readonly thread: number;
}

export type TeamAnswer = { readonly value: unknown } | { readonly error: ErrorRecord };

function soloTrainer(memory: WebAssembly.Memory, plan: MemoryPlan, rules: GrowthRules): Trainer {
  const kernels = instantiateKernels(memory);
  return openTrainer(memory.buffer, kernels, plan, rules, phaseRunner(kernels.runAlone));
}

/** The team of one: the thread that asks does the work itself. */
export function openSoloTeam(memory: WebAssembly.Memory, plan: MemoryPlan, rules: GrowthRules): Team {
  const trainer = soloTrainer(memory, plan, rules);
  return {
    ask: (name, ...request) => {
      const method = trainer[name] as (...given: typeof request) => ReturnType<Trainer[typeof name]>;
      return new Promise((resolve) => {
        resolve(method(...request));
      });
    },
    close: () => Promise.resolve(),
  };
}

/**
 * `plan.threads` worker threads over one memory. The thread that asks stays free: it sees an abort or the death of
 * a worker at once, and tells the others by the stop flag, which wakes them where they wait.
 */
export function openTeam(
  memory: WebAssembly.Memory,
  plan: MemoryPlan,
  rules: GrowthRules,
  signal: AbortSignal | undefined,
): Team {
  const flags = new Int32Array(memory.buffer);
  const module = compileKernels();
  const url = pathToFileURL(createRequire(import.meta.url).resolve('#gbm-thread'));
  let failure: Error | undefined;
  let pending: { resolve(value: unknown): void; reject(error: Error): void } | undefined;
  let isClosing = false;

  function stop(error: Error): void {
    failure ??= error;
    Atomics.store(flags, stopAt >> 2, 1);
    Atomics.notify(flags, bellAt >> 2);
    Atomics.notify(flags, doneAt >> 2);
    pending?.reject(failure);
    pending = undefined;
  }

  const threads = Array.from({ length: plan.threads }, (_, thread) => {
    const workerData: TeamThread = { module, memory, plan, rules, thread };
    const worker = new Worker(url, { workerData, execArgv: [], resourceLimits });
    worker.on('error', (error) => {
      stop(new Error(`a thread of the fit failed: ${error.message}`, { cause: error }));
    });
    const ended = new Promise<void>((resolve) => {
      worker.on('exit', (code) => {
        if (!isClosing) stop(new Error(`a thread of the fit ended with code ${code} before the fit did`));
        resolve();
      });
    });
    return { worker, ended };
  });
  const leader = threads[0].worker;
  let isReady = false;
  leader.on('message', (answer: TeamAnswer | 'ready') => {
    if (answer === 'ready') {
      isReady = true;
      return;
    }
    const asked = pending;
    pending = undefined;
    if ('error' in answer) asked?.reject(failure ?? reviveError(answer.error));
    else asked?.resolve(answer.value);
  });
  const abort = (): void => {
    stop(new InterruptedError(undefined, { cause: signal?.reason }));
  };
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) abort();
  // Binning need not wait for threads to start: until the leader is there, the caller's thread does it alone.
  let early: Trainer | undefined;

  return {
    async ask(name, ...request) {
      if (name === 'bin' && !isReady && failure === undefined) {
        const [first, count] = request as Parameters<Trainer['bin']>;
        early ??= soloTrainer(memory, plan, rules);
        early.bin(first, count);
        // Lets the word of the leader in.
        await new Promise((resume) => setImmediate(resume));
        return undefined as ReturnType<Trainer[typeof name]>;
      }
      return new Promise((resolve, reject) => {
        if (failure !== undefined) {
          reject(failure);
          return;
        }
        pending = { resolve: resolve, reject };
        leader.postMessage({ name, request });
      });
    },
    async close() {
      isClosing = true;
      signal?.removeEventListener('abort', abort);
      Atomics.store(flags, stopAt >> 2, 1);
      Atomics.notify(flags, bellAt >> 2);
      Atomics.notify(flags, doneAt >> 2);
      leader.postMessage(null);
      await Promise.all(threads.map(({ ended }) => ended));
    },
  };
}
