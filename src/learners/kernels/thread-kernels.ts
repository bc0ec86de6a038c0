import { instantiateKernels, type Kernels } from './instance.js';

/** The kernels of this thread over one memory that grows as needed; who asks for it has it until returning. */
export interface ThreadKernels {
  readonly kernels: Kernels;
  /** Where the memory that callers may use begins, a multiple of 64 KiB. */
  readonly start: number;
  readonly bytes: Uint8Array;
  readonly uint32: Uint32Array;
  readonly float32: Float32Array;
  readonly float64: Float64Array;
}

const pageSize = 65_536;
const mostPages = 65_536;
/** The first page stays as the kernels of the trainer left it. */
const start = pageSize;

let memory: WebAssembly.Memory | undefined;
let current: ThreadKernels | undefined;

/**
 * The kernels with at least `size` bytes of memory from `start` on. Whatever was there before may be overwritten, so
 * it must not be held across an `await`.
 */
export function threadKernels(size: number): ThreadKernels {
  const pages = Math.ceil((start + size) / pageSize);
  memory ??= new WebAssembly.Memory({ initial: pages, maximum: mostPages, shared: true });
  const missing = pages - memory.buffer.byteLength / pageSize;
  if (missing > 0) memory.grow(missing);
  if (current === undefined || missing > 0) {
    const { buffer } = memory;
    current = {
      kernels: current?.kernels ?? instantiateKernels(memory),
      start,
      bytes: new Uint8Array(buffer),
      uint32: new Uint32Array(buffer),
      float32: new Float32Array(buffer),
      float64: new Float64Array(buffer),
    };
  }
  return current;
}
