import { DataError, ExportError } from '../core/errors.js';

/** Values of the input columns: numbers as float32, texts sanitised. */
export type SessionColumns = Readonly<Record<string, Float32Array | readonly string[]>>;

/** An ONNX graph ready to score, every input and output a column of `[N]`. */
export interface Session {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** @throws {DataError} when a column is absent or the columns differ in length */
  run(columns: SessionColumns): Promise<Record<string, Float32Array>>;
  close(): Promise<void>;
}

/**
 * Opens a graph in ONNX Runtime on the CPU. The runtime is loaded only here, so that nobody pays for it before.
 * @param options `threads`: threads within one operator, 1 when left out
 * @throws {ExportError} when ONNX Runtime is not installed or refuses the graph
 */
export async function openSession(bytes: Uint8Array, options: { threads?: number } = {}): Promise<Session> {
  const runtime = await import('onnxruntime-node').catch((cause: unknown) => {
    throw new ExportError('onnx: onnxruntime-node cannot be loaded; install it for this platform', { cause });
  });
  const session = await runtime.InferenceSession.create(bytes, {
    executionProviders: ['cpu'],
    intraOpNumThreads: options.threads ?? 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // 3 is error: warnings of the runtime would reach the terminal of whoever scores.
    logSeverityLevel: 3,
  }).catch((cause: unknown) => {
    throw new ExportError(`onnx: the runtime refuses the graph: ${(cause as Error).message}`, { cause });
  });
  const inputs = Object.freeze([...session.inputNames]);
  const outputs = Object.freeze([...session.outputNames]);
  return Object.freeze({
    inputs,
    outputs,
    async run(columns: SessionColumns) {
      const nRows = columnLength(columns, inputs);
      // Operators on strings are not defined for no rows at all.
      if (nRows === 0) return Object.fromEntries(outputs.map((name) => [name, new Float32Array(0)]));
      const feeds = Object.fromEntries(
        inputs.map((name) => {
          const values = columns[name];
          const tensor =
            values instanceof Float32Array
              ? new runtime.Tensor('float32', values, [nRows])
              : new runtime.Tensor('string', values, [nRows]);
          return [name, tensor] as const;
        }),
      );
      const results = await session.run(feeds);
      return Object.fromEntries(outputs.map((name) => [name, results[name].data as Float32Array]));
    },
    close: () => session.release(),
  });
}

function columnLength(columns: SessionColumns, inputs: readonly string[]): number {
  let nRows = -1;
  for (const name of inputs) {
    const length = Object.hasOwn(columns, name) ? columns[name].length : undefined;
    if (length === undefined)
      throw new DataError(`column ${name} is missing; the model reads ${inputs.join(', ')}`);
    if (nRows >= 0 && length !== nRows) {
      throw new DataError(`column ${name} has ${length} rows, expected ${nRows} as in ${inputs[0]}`);
    }
    nRows = length;
  }
  return Math.max(nRows, 0);
}
