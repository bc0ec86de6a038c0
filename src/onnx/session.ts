import { DataError, ExportError } from '../core/errors.js';
import { readModelInfo } from './proto.js';

/** Values of one input, row after row: numbers as float32, whole numbers as int64, texts sanitised. */
export type SessionColumn = Float32Array | BigInt64Array | readonly string[];

/** Values of the inputs by name. */
export type SessionColumns = Readonly<Record<string, SessionColumn>>;

/** An ONNX graph ready to score: inputs and outputs have one row per thing scored, of one value or more. */
export interface Session {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Values that a row of an input or output holds, by name; 1 for a column `[N]`. */
  readonly widths: Readonly<Record<string, number>>;
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
  const info = readModelInfo(bytes);
  const dims = Object.fromEntries(
    [...info.inputs, ...info.outputs].map((value) => [value.name, value.dims.slice(1).map(Number)]),
  );
  const widths = Object.freeze(
    Object.fromEntries(Object.entries(dims).map(([name, rest]) => [name, rest.reduce((a, b) => a * b, 1)])),
  );
  return Object.freeze({
    inputs,
    outputs,
    widths,
    async run(columns: SessionColumns) {
      const nRows = rowCount(columns, inputs, widths);
      // Operators on strings are not defined for no rows at all.
      if (nRows === 0) return Object.fromEntries(outputs.map((name) => [name, new Float32Array(0)]));
      const feeds = Object.fromEntries(
        inputs.map((name) => {
          const values = columns[name];
          const shape = [nRows, ...dims[name]];
          const tensor =
            values instanceof Float32Array
              ? new runtime.Tensor('float32', values, shape)
              : values instanceof BigInt64Array
                ? new runtime.Tensor('int64', values, shape)
                : new runtime.Tensor('string', values, shape);
          return [name, tensor] as const;
        }),
      );
      const results = await session.run(feeds);
      return Object.fromEntries(outputs.map((name) => [name, results[name].data as Float32Array]));
    },
    close: () => session.release(),
  });
}

function rowCount(
  columns: SessionColumns,
  inputs: readonly string[],
  widths: Readonly<Record<string, number>>,
): number {
  let nRows = -1;
  for (const name of inputs) {
    if (!Object.hasOwn(columns, name))
      throw new DataError(`column ${name} is missing; the model reads ${inputs.join(', ')}`);
    const rows = columns[name].length / widths[name];
    if (!Number.isInteger(rows)) {
      throw new DataError(
        `column ${name} has ${columns[name].length} values, expected a multiple of ${widths[name]}`,
      );
    }
    if (nRows >= 0 && rows !== nRows) {
      throw new DataError(`column ${name} has ${rows} rows, expected ${nRows} as in ${inputs[0]}`);
    }
    nRows = rows;
  }
  return Math.max(nRows, 0);
}
