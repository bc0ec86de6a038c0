// Reads the sets that data.py wrote.
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { Matrix } from 'kol-trainer';

/**
 * @param {string} folder of data.py
 * @param {string} part '' for the set's rows, 'test.' for those that are only judged
 * @param {{ rows?: number, shared?: boolean }} options the first `rows`; memory that threads share, unless false
 * @returns {{ X: Matrix, y: Float64Array }}
 */
export function readRows(folder, meta, part = '', { rows = Infinity, shared = true } = {}) {
  const total = part === '' ? meta.rows : meta.testRows;
  const n = Math.min(rows, total);
  const bytes = 4 * n * meta.names.length;
  const memory = shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  const file = openSync(join(folder, `${part}X.f32`), 'r');
  const columns = meta.names.map((_, j) => {
    fill(file, new Uint8Array(memory, 4 * n * j, 4 * n), 4 * total * j);
    return new Float32Array(memory, 4 * n * j, n);
  });
  closeSync(file);
  const labels = readFileSync(join(folder, `${part}y.f32`));
  return {
    X: Matrix.fromColumns(columns, meta.names),
    y: Float64Array.from(new Float32Array(labels.buffer, labels.byteOffset, n)),
  };
}

export function readMeta(folder) {
  return JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8'));
}

/** Rows of a seeded split: 80 % to train, 20 % to judge. */
export function readSplit(folder, seed) {
  const bytes = readFileSync(join(folder, `split-${seed}.u32`));
  const order = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const cut = Math.floor((order.length * 4) / 5);
  return { train: order.subarray(0, cut), test: order.subarray(cut) };
}

/** `{ X, y, XTest, yTest }`: the set's own rows to judge, or the first seeded split. */
export function readHalves(folder, meta, { rows, testRows = 100_000, shared }) {
  if (meta.testRows > 0) {
    const test = readRows(folder, meta, 'test.', { rows: testRows, shared });
    return { ...readRows(folder, meta, '', { rows, shared }), XTest: test.X, yTest: test.y };
  }
  const all = readRows(folder, meta);
  const { train, test } = readSplit(folder, 0);
  return { ...pick(all, train, shared), XTest: Matrix.rows(all.X, test), yTest: pick(all, test).y };
}

/** The given rows of `{ X, y }`. */
export function pick({ X, y }, rows, shared = false) {
  const chosen = Matrix.rows(X, rows);
  return { X: shared ? Matrix.share(chosen) : chosen, y: Float64Array.from(rows, (row) => y[row]) };
}

function fill(file, bytes, position) {
  for (let done = 0; done < bytes.length;) {
    const got = readSync(file, bytes, done, Math.min(bytes.length - done, 2 ** 30), position + done);
    if (got === 0) throw new Error('the set is shorter than its meta.json says; delete its folder');
    done += got;
  }
}
