import { DataError, ExportError } from '../../core/errors.js';
import { sanitizeText } from '../../core/sanitize-text.js';
import { checkParity } from '../../onnx/parity.js';
import { readModelInfo } from '../../onnx/proto.js';
import { openSession, type SessionColumn } from '../../onnx/session.js';
import {
  contractNumber,
  readContract,
  type ContractBatch,
  type ContractColumns,
  type ContractValue,
} from './batch.js';

/** Largest difference that a consumer may show: absolute up to 1, relative above. */
export const contractLimit = 1e-5;

/** How far a graph is from its contract. */
export interface ContractParity {
  readonly maxAbsDifference: number;
  readonly nRows: number;
  readonly nBatches: number;
  /** Where the largest difference lies; empty for no rows. */
  readonly worstCase: string;
  readonly worstOutput: string;
  readonly worstRow: number;
}

/**
 * Scores every batch of a contract with the graph, as a consumer would.
 * @param text the content of contract.jsonl
 * @throws {DataError} when file and graph do not speak of the same columns
 */
export async function verifyContract(onnx: Uint8Array, text: string): Promise<ContractParity> {
  const batches = readContract(text);
  const { inputs } = readModelInfo(onnx);
  const types = new Map(inputs.map(({ name, type }) => [name, type]));
  const session = await openSession(onnx);
  try {
    let worst = { maxAbsDifference: 0, nRows: 0, worstCase: '', worstOutput: '', worstRow: -1 };
    let nRows = 0;
    for (const batch of batches) {
      const expected = Object.fromEntries(
        Object.entries(batch.outputs).map(([name, values]) => [name, numbersOf(values)]),
      );
      const found = await checkParity(session, contractFeeds(batch.inputs, types), expected);
      nRows += found.nRows;
      if (found.maxAbsDifference > worst.maxAbsDifference || worst.worstRow < 0) {
        worst = { ...found, worstCase: batch.case };
      }
    }
    return { ...worst, nRows, nBatches: batches.length };
  } finally {
    await session.close();
  }
}

/**
 * What a release must pass.
 * @throws {ExportError} when graph and contract differ by more than 1e-5
 */
export async function proveContract(onnx: Uint8Array, text: string): Promise<ContractParity> {
  const parity = await verifyContract(onnx, text);
  if (parity.maxAbsDifference <= contractLimit) return parity;
  throw new ExportError(
    `the ONNX graph differs from contract.jsonl by ${parity.maxAbsDifference} in ${parity.worstOutput} of row ${parity.worstRow} of the case ${parity.worstCase}; at most ${contractLimit} is allowed. Consumers would not get what was evaluated: train again, and report it where it stays`,
  );
}

/** Inputs of a contract as the graph takes them. */
export function contractFeeds(
  columns: ContractBatch['inputs'],
  types: ReadonlyMap<string, string>,
): Record<string, SessionColumn> {
  for (const name of Object.keys(columns)) {
    if (!types.has(name)) throw new DataError(`contract.jsonl has a column ${name}, which the graph lacks`);
  }
  return Object.fromEntries(
    [...types].map(([name, type]) => {
      if (!Object.hasOwn(columns, name)) {
        throw new DataError(`contract.jsonl lacks the column ${name}, which the graph reads`);
      }
      return [name, feedOf(columns[name], type)];
    }),
  );
}

function feedOf(values: readonly ContractValue[], type: string): SessionColumn {
  if (type === 'string') return values.map((value) => sanitizeText(value as string | null));
  if (type === 'int64') return BigInt64Array.from(numbersOf(values), BigInt);
  return Float32Array.from(numbersOf(values));
}

function numbersOf(values: ContractColumns[string]): number[] {
  return values.flat().map((value) => contractNumber(value));
}
