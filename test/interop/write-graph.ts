import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { SessionColumns } from '../../src/onnx/session.js';

/** Where graphs go, for Python to read. */
export function interopDirectory(): string {
  const directory = process.env['INTEROP_DIR'] ?? '';
  expect(directory, 'INTEROP_DIR must name a directory').not.toBe('');
  return directory;
}

function plain(columns: SessionColumns | Record<string, Float64Array>): string {
  return JSON.stringify(columns, (_, value: unknown) => {
    if (value instanceof BigInt64Array) return Array.from(value, Number);
    if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array);
    return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  });
}

/** Writes a graph, its inputs and what it must answer, as check_onnx.py reads them. */
export function writeGraph(
  name: string,
  onnx: Uint8Array,
  inputs: SessionColumns,
  outputs: Record<string, Float64Array>,
): void {
  const directory = interopDirectory();
  writeFileSync(join(directory, `${name}.onnx`), onnx);
  writeFileSync(join(directory, `${name}.inputs.json`), plain(inputs));
  writeFileSync(join(directory, `${name}.outputs.json`), plain(outputs));
}
