import { it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import { Table } from '../../src/core/table.js';
import { exportChampion } from '../../src/onnx/champion.js';
import { feedsOf } from '../../src/onnx/feeds.js';
import { adversarialMatrix, adversarialTable } from '../../src/onnx/parity.js';
import { exportTrees } from '../../src/onnx/tree-ensemble.js';
import { boostingMargins } from '../../src/learners/gbm/predict.js';
import { allOutputs, expectedOutputs } from '../onnx/expected-outputs.js';
import { randomChampion, randomTable } from '../onnx/random-champion.js';
import { randomBoosting } from '../onnx/random-models.js';
import { writeGraph } from './write-graph.js';

const knots = Float64Array.from({ length: 200 }, (_, i) => Math.fround((i + 0.5) / 200));
const calibrators = {
  identity: { kind: 'identity', format: 1 },
  platt: { kind: 'platt', format: 1, slope: 1.2, intercept: 0.1 },
  beta: { kind: 'beta', format: 1, a: 1.4, b: 0.6, c: 0.2 },
  isotonic: { kind: 'isotonic', format: 1, x: knots, y: knots.map(Math.sqrt) },
} as const;

it('writes graphs, their inputs and what they must answer', () => {
  const rng = createRng(99);
  for (const task of ['binary', 'multiclass', 'regression'] as const) {
    for (const [kind, calibrator] of Object.entries(calibrators)) {
      if (task !== 'binary' && kind !== 'identity') continue;
      const model = randomChampion(task, calibrator, rng);
      const typical = randomTable(200, rng);
      const rows = Table.concat([typical, adversarialTable(model, typical, rng)]);
      const onnx = exportChampion(model, allOutputs, { about: 'điểm 😀' });
      writeGraph(`${task}-${kind}`, onnx, feedsOf(model.inputs, rows), expectedOutputs(model, rows));
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
      writeGraph(
        `${task}-${kind}-missing`,
        onnx,
        feedsOf(model.inputs, nothing),
        expectedOutputs(model, nothing),
      );
    }
  }
  for (const nCategorical of [0, 2]) {
    const trees = randomBoosting(['a', 'b', 'c'], rng, { nTrees: 60, nMargins: 2, nCategorical });
    const X = adversarialMatrix(trees);
    writeGraph(
      nCategorical === 0 ? 'trees' : 'trees-categorical',
      exportTrees(trees),
      Object.fromEntries(trees.featureNames.map((name, j) => [name, X.columns[j]])),
      Object.fromEntries(boostingMargins(trees, X).map((margin, k) => [`margin_${k}`, margin])),
    );
  }
});
