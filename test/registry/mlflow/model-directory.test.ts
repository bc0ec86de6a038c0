import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { modelDirectory } from '../../../src/registry/mlflow/model-directory.js';
import type { ModelFacts } from '../../../src/registry/mlflow/model-facts.js';

const facts: ModelFacts = {
  graph: 'model.onnx',
  beside: [],
  inputs: [
    { name: 'followers', type: 'double' },
    { name: 'bio', type: 'string' },
  ],
  outputs: [{ name: 'trust_probability', type: 'float' }],
  example: { followers: [1, NaN], bio: ['xin chào', ''] },
  metadata: { threshold: 0.5 },
  ...{ card: '', about: '' },
};
const place = {
  key: 'k/1',
  runId: 'r',
  modelId: 'm-1',
  createdAt: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  size: 7,
};

it('is a model directory of MLflow, the same for the same version', () => {
  const files = modelDirectory(facts, place);
  expect(modelDirectory(facts, place)).toEqual(files);
  expect(modelDirectory(facts, { ...place, key: 'k/2' }).MLmodel).not.toBe(files.MLmodel);
  const model = parse(files.MLmodel) as Record<string, unknown>;
  expect(model).toMatchObject({
    flavors: {
      onnx: { data: 'model.onnx' },
      python_function: { data: 'model.onnx', loader_module: 'mlflow.onnx' },
    },
    utc_time_created: '2026-01-02 03:04:05.006000',
    model_uuid: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    ...{ model_id: 'm-1', run_id: 'r', metadata: { threshold: 0.5 } },
    signature: {
      inputs:
        '[{"type":"double","name":"followers","required":true},{"type":"string","name":"bio","required":true}]',
      outputs: '[{"type":"float","name":"trust_probability"}]',
    },
  });
  expect(JSON.parse(files['input_example.json'])).toEqual({
    columns: ['followers', 'bio'],
    data: [
      [1, 'xin chào'],
      [null, ''],
    ],
  });
  // Readers of YAML 1.1 would take it for a number.
  expect(files['python_env.yaml']).toMatch(/python: "3\.\d+\.\d+"/);
  expect(files['requirements.txt']).toMatch(/^onnxruntime==/m);
});

it('describes tensors of several values a row as such', () => {
  const files = modelDirectory(
    {
      ...facts,
      inputs: [{ name: 'history', dtype: 'float32', shape: [-1, 3] }],
      example: { history: [[1, 2, 3]] },
    },
    { ...place, modelId: undefined, artifactPath: 'model-x-1' },
  );
  expect(parse(files.MLmodel)).toMatchObject({
    artifact_path: 'model-x-1',
    saved_input_example_info: { type: 'ndarray', format: 'tf-serving' },
    signature: {
      inputs: '[{"name":"history","type":"tensor","tensor-spec":{"dtype":"float32","shape":[-1,3]}}]',
    },
  });
  expect(JSON.parse(files['input_example.json'])).toEqual({ inputs: { history: [[1, 2, 3]] } });
});
