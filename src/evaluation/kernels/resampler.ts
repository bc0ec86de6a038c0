import type { Rng } from '../../core/rng.js';
import { kernelBytes } from './bytes.js';

/** Draws rows with replacement, as a count per row, and sums over what it drew. */
export interface Resampler {
  /** `[nRows]` how often each row came in the last draw; the same array every time. */
  readonly counts: Float64Array;
  /** Draws as many rows as there are. */
  draw(): void;
  /** The sum of `values[at]` over the rows of the last draw. */
  sum(at: number): number;
}

/** See assembly/index.ts. Addresses are bytes in the memory that they were instantiated with. */
interface Kernels {
  seedDraws(p: number, q: number, r: number, s: number): void;
  drawCounts(counts: number, nRows: number): void;
  weightedSum(counts: number, values: number, nRows: number): number;
}

const pageBytes = 65_536;
let compiled: WebAssembly.Module | undefined;

/**
 * A resampler in WebAssembly; its draws depend on the state of `rng` alone, which moves on by four numbers.
 * @param nRows from 1
 * @param values `[nColumns][nRows]` what can be summed
 */
export function openResampler(nRows: number, values: readonly ArrayLike<number>[], rng: Rng): Resampler {
  compiled ??= new WebAssembly.Module(Buffer.from(kernelBytes, 'base64'));
  // 16-byte strides, so that every column begins where vectors are loaded fastest.
  const stride = Math.ceil(nRows / 2) * 16;
  const pages = 1 + Math.ceil((stride * (1 + values.length)) / pageBytes);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: 65_536, shared: true });
  const kernels = new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as Kernels;
  const column = (at: number): number => pageBytes + stride * at;
  const counts = new Float64Array(memory.buffer, column(0), nRows);
  values.forEach((of, v) => {
    new Float64Array(memory.buffer, column(v + 1), nRows).set(of);
  });
  const word = (): number => rng.integer(2 ** 32);
  kernels.seedDraws(word(), word(), word(), word() | 1);
  return {
    counts,
    draw: () => {
      kernels.drawCounts(column(0), nRows);
    },
    sum: (at) => kernels.weightedSum(column(0), column(at + 1), nRows),
  };
}
