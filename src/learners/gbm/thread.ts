// A worker thread of a team: the one that leads answers requests, the others work on the phases it publishes.
import { parentPort, workerData } from 'node:worker_threads';
import { describeError } from '../../core/pool-message.js';
import { instantiateKernels } from '../kernels/instance.js';
import { phaseRunner } from './run-phase.js';
import type { TeamAnswer, TeamThread } from './team.js';
import { openTrainer, type Trainer } from './trainer.js';

const { module, memory, plan, rules, thread } = workerData as TeamThread;
const kernels = instantiateKernels(memory, module);

if (thread > 0) {
  kernels.serve(thread);
} else {
  const trainer = openTrainer(memory.buffer, kernels, plan, rules, phaseRunner(kernels.runPhase));
  const port = parentPort!;
  port.postMessage('ready');
  port.on('message', (asked: { name: keyof Trainer; request: never[] } | null) => {
    if (asked === null) {
      port.close();
      return;
    }
    const method: (...request: never[]) => unknown = trainer[asked.name];
    port.postMessage(answer(method, asked.request));
  });
}

function answer(method: (...request: never[]) => unknown, request: never[]): TeamAnswer {
  try {
    return { value: method(...request) };
  } catch (error) {
    return { error: describeError(error) };
  }
}
