import { DataError } from '../../core/errors.js';

/** One value of a column: a number or text as it came, raw; null where missing; a row of numbers for wider inputs. */
export type ContractValue = number | string | null | readonly (number | string | null)[];

/** Columns of equal length. */
export type ContractColumns = Readonly<Record<string, readonly ContractValue[]>>;

/** One batch of raw inputs as a graph takes it, and what every consumer must get for it. */
export interface ContractBatch {
  /** What is unusual about these rows. */
  readonly case: string;
  readonly inputs: ContractColumns;
  readonly outputs: ContractColumns;
}

/** `contract.jsonl`: a batch a line. JSON knows no infinity: it is written as a word. */
export function writeContract(batches: readonly ContractBatch[]): string {
  return batches.map((batch) => `${JSON.stringify(batch, wordForInfinity)}\n`).join('');
}

function wordForInfinity(_: string, value: unknown): unknown {
  if (typeof value !== 'number') return value;
  if (Number.isNaN(value)) return null;
  return Number.isFinite(value) ? value : String(value);
}

/**
 * What `writeContract` wrote.
 * @throws {DataError} naming the first line that is not of that form
 */
export function readContract(text: string): ContractBatch[] {
  const lines = text.split('\n');
  // What follows the last line feed.
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line, i) => {
    const batch = parse(line);
    if (batch !== undefined) return batch;
    throw new DataError(
      `contract.jsonl line ${i + 1}: expected {"case":…,"inputs":{…},"outputs":{…}} with columns of one length, found ${line.slice(0, 80)}; the file was changed after it was written, or comes from an older release`,
    );
  });
}

function parse(line: string): ContractBatch | undefined {
  let batch: Partial<ContractBatch> | null;
  try {
    batch = JSON.parse(line) as typeof batch;
  } catch {
    return undefined;
  }
  if (typeof batch?.case !== 'string') return undefined;
  const columns = [batch.inputs, batch.outputs].flatMap((part) => Object.values(part ?? {}));
  const isWhole =
    Object.keys(batch.inputs ?? {}).length > 0 &&
    Object.keys(batch.outputs ?? {}).length > 0 &&
    columns.every((column) => Array.isArray(column) && column.length === columns[0].length);
  return isWhole ? (batch as ContractBatch) : undefined;
}

/** A number of a contract: null is a missing one, a word an infinity. */
export function contractNumber(value: number | string | null): number {
  return value === null ? NaN : Number(value);
}

/** The shortest decimal that is read back as the same float32. */
export function shortFloat32(value: number): number {
  const nearest = Math.fround(value);
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(nearest.toPrecision(digits));
    if (Math.fround(short) === nearest) return short;
  }
  return Number.isFinite(nearest) ? Number(nearest.toPrecision(9)) : nearest;
}
