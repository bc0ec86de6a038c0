import { InterruptedError } from '../../core/errors.js';
import type { Kernels } from '../kernels/instance.js';

/**
 * Runs all chunks of a phase.
 * @throws {InterruptedError} once the fit was stopped
 */
export type RunPhase = (phase: number, chunks: number) => void;

/** With all threads of the team, or on the calling thread alone. */
export function phaseRunner(run: Kernels['runPhase'] | Kernels['runAlone']): RunPhase {
  return (phase, chunks) => {
    if (run(phase, chunks) !== 0) throw new InterruptedError();
  };
}
