import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import type { ModelColumn, ModelFacts } from './model-facts.js';

/** Where a model directory is going, and what made it. */
export interface ModelPlace {
  /** Tells this version from all others; the same one gives the same files. */
  readonly key: string;
  readonly runId: string;
  /** Of the logged model, where the server has those. */
  readonly modelId?: string | undefined;
  /** Folder within the run's artifacts, where it has none. */
  readonly artifactPath?: string | undefined;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly createdAt: number;
  /** Bytes of all files that come from the release. */
  readonly size: number;
}

/** What a consumer's Python needs; the versions that the tests load champions with. */
const requirements = [
  'mlflow-skinny>=3,<4',
  'onnx==1.23.1',
  'onnxruntime==1.30.0',
  'numpy>=2,<3',
  'pandas>=2,<3',
];
const python = '3.11.13';
const buildDependencies = ['pip>=24', 'setuptools', 'wheel'];

/**
 * The files that make a folder with a graph one of MLflow's model directories: `MLmodel` with the flavours onnx and
 * python_function, signature, example of an input, and the environment. The graph itself is not among them.
 */
export function modelDirectory(facts: ModelFacts, place: ModelPlace): Readonly<Record<string, string>> {
  const example = facts.example && exampleFiles(facts.example, facts.inputs);
  return Object.freeze({
    MLmodel: yaml(mlModel(facts, place, example?.info)),
    'requirements.txt': `${requirements.join('\n')}\n`,
    'python_env.yaml': yaml({
      python,
      build_dependencies: buildDependencies,
      dependencies: ['-r requirements.txt'],
    }),
    'conda.yaml': yaml({
      name: 'mlflow-env',
      channels: ['conda-forge'],
      dependencies: [`python=${python}`, 'pip', { pip: requirements }],
    }),
    ...example?.files,
  });
}

function mlModel(
  { graph, inputs, outputs, metadata }: ModelFacts,
  { key, runId, modelId, artifactPath, createdAt, size }: ModelPlace,
  exampleInfo: Readonly<Record<string, unknown>> | undefined,
): Record<string, unknown> {
  return {
    ...(artifactPath !== undefined && { artifact_path: artifactPath }),
    flavors: {
      onnx: {
        code: null,
        data: graph,
        onnx_session_options: null,
        onnx_version: '1.23.1',
        providers: ['CPUExecutionProvider'],
      },
      python_function: {
        data: graph,
        env: { conda: 'conda.yaml', virtualenv: 'python_env.yaml' },
        loader_module: 'mlflow.onnx',
        python_version: python,
      },
    },
    metadata,
    mlflow_version: '3.17.2',
    ...(modelId !== undefined && { model_id: modelId }),
    model_size_bytes: size,
    model_uuid: createHash('sha256').update(key).digest('hex').slice(0, 32),
    run_id: runId,
    ...(exampleInfo !== undefined && { saved_input_example_info: exampleInfo }),
    signature: {
      inputs: JSON.stringify(inputs.map((column) => columnSpec(column, true))),
      outputs: JSON.stringify(outputs.map((column) => columnSpec(column, false))),
      params: null,
    },
    // As Python's datetime prints it.
    utc_time_created: new Date(createdAt).toISOString().replace('T', ' ').replace('Z', '000'),
  };
}

function columnSpec(column: ModelColumn, required: boolean): Record<string, unknown> {
  if ('type' in column) return { type: column.type, name: column.name, ...(required && { required: true }) };
  const { name, dtype, shape } = column;
  return { name, type: 'tensor', 'tensor-spec': { dtype, shape } };
}

/** The example as it is kept, and as a scoring server takes it: a frame, or arrays by name. */
function exampleFiles(
  example: Readonly<Record<string, readonly unknown[]>>,
  inputs: readonly ModelColumn[],
): { readonly files: Record<string, string>; readonly info: Record<string, unknown> } {
  const names = inputs.map(({ name }) => name);
  const path = { artifact_path: 'input_example.json', serving_input_path: 'serving_input_example.json' };
  if (inputs.some((column) => !('type' in column))) {
    const arrays = { inputs: Object.fromEntries(names.map((name) => [name, example[name]])) };
    return {
      files: { [path.artifact_path]: json(arrays), [path.serving_input_path]: json(arrays) },
      info: { ...path, type: 'ndarray', format: 'tf-serving' },
    };
  }
  const nRows = example[names[0]]?.length ?? 0;
  const frame = {
    columns: names,
    data: Array.from({ length: nRows }, (_, row) => names.map((name) => example[name][row])),
  };
  return {
    files: { [path.artifact_path]: json(frame), [path.serving_input_path]: json({ dataframe_split: frame }) },
    info: { ...path, type: 'dataframe', pandas_orient: 'split' },
  };
}

const json = (value: unknown): string => `${JSON.stringify(value)}\n`;

/** Texts in quotes, since readers of YAML 1.1 take `3.11` and `2026-01-01` for numbers and dates. */
function yaml(value: unknown): string {
  return stringify(value, { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN', lineWidth: 0 });
}
