import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import { Table } from '../../src/core/table.js';
import { exportChampion } from '../../src/onnx/champion.js';
import { feedsOf } from '../../src/onnx/feeds.js';
import { adversarialMatrix, adversarialTable } from '../../src/onnx/parity.js';
import type { SessionColumns } from '../../src/onnx/session.js';
import { exportTrees } from '../../src/onnx/tree-ensemble.js';
import { boostingMargins } from '../../src/learners/gbm/predict.js';
import { allOutputs, expectedOutputs } from '../onnx/expected-outputs.js';
import { randomChampion, randomTable } from '../onnx/random-champion.js';
import { randomBoosting } from '../onnx/random-models.js';

const directory = process.env['INTEROP_DIR'] ?? '';
const knots = Float64Array.from({ length: 200 }, (_, i) => Math.fround((i + 0.5) / 200));
const calibrators = {
  identity: { kind: 'identity', format: 1 },
  platt: { kind: 'platt', format: 1, slope: 1.2, intercept: 0.1 },
  beta: { kind: 'beta', format: 1, a: 1.4, b: 0.6, c: 0.2 },
  isotonic: { kind: 'isotonic', format: 1, x: knots, y: knots.map(Math.sqrt) },
} as const;

function plain(columns: SessionColumns | Record<string, Float64Array>): string {
  return JSON.stringify(columns, (_, value: unknown) => {
    if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array);
    return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  });
}

function write(
  name: string,
  onnx: Uint8Array,
  inputs: SessionColumns,
  outputs: Record<string, Float64Array>,
): void {
  writeFileSync(join(directory, `${name}.onnx`), onnx);
  writeFileSync(join(directory, `${name}.inputs.json`), plain(inputs));
  writeFileSync(join(directory, `${name}.outputs.json`), plain(outputs));
}

it('writes graphs, their inputs and what they must answer', () => {
  expect(directory, 'INTEROP_DIR must name a directory').not.toBe('');
  mkdirSync(directory, { recursive: true });
  const rng = createRng(99);
  for (const task of ['binary', 'multiclass', 'regression'] as const) {
    for (const [kind, calibrator] of Object.entries(calibrators)) {
      if (task !== 'binary' && kind !== 'identity') continue;
      const model = randomChampion(task, calibrator, rng);
      const typical = randomTable(200, rng);
      const rows = Table.concat([typical, adversarialTable(model, typical, rng)]);
      const onnx = exportChampion(model, allOutputs, { about: 'điểm 😀' });
      write(`${task}-${kind}`, onnx, feedsOf(model.inputs, rows), expectedOutputs(model, rows));
      const nothing = Table.fromColumns(
        Object.fromEntries(
          Object.entries(Table.rows(rows, [0, 1]).columns).map(([name, column]) => [
            name,
            column.type === 'string'
              ? { type: column.type, values: [null, null] }
              : { type: column.type, values: new Float64Array(2).fill(NaN) },
          ]),
        ),
      );
      write(`${task}-${kind}-missing`, onnx, feedsOf(model.inputs, nothing), expectedOutputs(model, nothing));
    }
  }
  const trees = randomBoosting(['a', 'b', 'c'], rng, { nTrees: 60, nMargins: 2 });
  const X = adversarialMatrix(trees);
  write(
    'trees',
    exportTrees(trees),
    Object.fromEntries(trees.featureNames.map((name, j) => [name, X.columns[j]])),
    Object.fromEntries(boostingMargins(trees, X).map((margin, k) => [`margin_${k}`, margin])),
  );
});
