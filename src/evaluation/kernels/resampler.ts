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
  drawCounts(state: number, tally: number, counts: number, nRows: number): void;
  weightedSum(counts: number, values: number, nRows: number): number;
}

const pageBytes = 65_536;
/** Below the columns, and above what AssemblyScript may want for itself. */
const stateAt = 32_768;
let compiled: WebAssembly.Module | undefined;

/**
 * A resampler in WebAssembly; its draws depend on the state of `rng` alone, which moves on by sixteen numbers.
 * @param nRows from 1
 * @param values `[nColumns][nRows]` what can be summed
 */
export function openResampler(nRows: number, values: readonly ArrayLike<number>[], rng: Rng): Resampler {
  compiled ??= new WebAssembly.Module(Buffer.from(kernelBytes, 'base64'));
  // Whole vectors of four rows, so that every column begins where they are loaded fastest.
  const stride = Math.ceil(nRows / 4) * 32;
  const pages = 1 + Math.ceil((stride * (2 + values.length)) / pageBytes);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: 65_536, shared: true });
  const kernels = new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as Kernels;
  const column = (at: number): number => pageBytes + stride * at;
  // The tally needs a quarter of a column and has the last one.
  const [counts, tally] = [column(0), column(values.length + 1)];
  values.forEach((of, v) => {
    new Float64Array(memory.buffer, column(v + 1), nRows).set(of);
  });
  // Word by word of four streams; the last word is odd, so that no stream is all zeros.
  new Uint32Array(memory.buffer, stateAt, 16).forEach((_, i, state) => {
    state[i] = i < 12 ? rng.integer(2 ** 32) : rng.integer(2 ** 32) | 1;
  });
  return {
    counts: new Float64Array(memory.buffer, counts, nRows),
    draw: () => {
      kernels.drawCounts(stateAt, tally, counts, nRows);
    },
    sum: (at) => kernels.weightedSum(counts, column(at + 1), nRows),
  };
}
