import { kernelBytes } from './bytes.js';
import type { ReadingKernels } from './reading-kernels.js';

/** What the kernels offer; see assembly/index.ts. Addresses are bytes in the memory they were instantiated with. */
export interface Kernels extends ReadingKernels {
  /** Runs the chunks of a phase with all threads. @returns 0, or not 0 once the fit was stopped */
  readonly runPhase: (phase: number, chunks: number) => number;
  /** The same on the calling thread alone. */
  readonly runAlone: (phase: number, chunks: number) => number;
  /** Works on every phase until the fit ends. */
  serve(thread: number): void;
  /** Where the chunks' left rows belong. @returns rows that went left */
  countLeft(chunks: number): number;
  /** Empties a histogram that is summed into directly. */
  clearHistogram(histogram: number): void;
}

let compiled: WebAssembly.Module | undefined;

/** The compiled kernels, once per thread. */
export function compileKernels(): WebAssembly.Module {
  compiled ??= new WebAssembly.Module(Buffer.from(kernelBytes, 'base64'));
  return compiled;
}

/** The kernels over `memory`, which must be shared. */
export function instantiateKernels(
  memory: WebAssembly.Memory,
  module: WebAssembly.Module = compileKernels(),
): Kernels {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
}
