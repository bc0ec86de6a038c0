import { readFile } from 'node:fs/promises';
import { DataError } from '../core/errors.js';
import { readModelInfo } from '../onnx/proto.js';
import type { ModelColumn, ModelFacts } from '../registry/mlflow/model-facts.js';
import type { ModelVersion } from '../registry/model-version.js';
import { modelCardInMarkdown, modelInMarkdown } from '../release/model-card-markdown.js';
import type { CardText } from '../release/model-card-text.js';

type ValueInfo = ReturnType<typeof readModelInfo>['inputs'][number];

/** Rows of the example that goes with a model. */
const exampleRows = 3;

/**
 * What MLflow is told of a version, read from its own files: signature from the graph, figures from the card,
 * an example from the golden batches. Undefined where the version holds no graph.
 * @param fileOf where a file of the version lies
 * @throws {DataError} for a graph or card that cannot be read
 */
export async function modelFacts(
  version: ModelVersion,
  fileOf: (path: string) => string,
): Promise<ModelFacts | undefined> {
  const paths = version.artifacts.map(({ path }) => path);
  if (!paths.includes('model.onnx')) return undefined;
  const { inputs, outputs } = readGraph(await readFile(fileOf('model.onnx')), fileOf('model.onnx'));
  const card = paths.includes('model.json') ? await readCardText(fileOf('model.json')) : {};
  const columns = inputs.map(inputColumn);
  const golden = paths.includes('contract.jsonl')
    ? goldenRows(await readFile(fileOf('contract.jsonl'), 'utf8'), columns)
    : undefined;
  return {
    graph: 'model.onnx',
    // The fitted record and the reports are artifacts of the run.
    beside: paths.filter((path) => ['model.json', 'contract.jsonl'].includes(path)),
    inputs: columns,
    outputs: outputs.map(outputColumn),
    example: golden ?? emptyRow(columns),
    metadata: {
      kol_model: version.name,
      kol_version: version.version,
      ...Object.fromEntries(
        (['task', 'schemaHash', 'trainingSnapshot', 'toolkitVersion', 'threshold'] as const).flatMap((key) =>
          card[key] === undefined ? [] : [[key, card[key]]],
        ),
      ),
      sha256: Object.fromEntries(version.artifacts.map(({ path, sha256 }) => [path, sha256])),
    },
    card: modelCardInMarkdown(version.name, card, columns, outputs),
    about: modelInMarkdown(version.name, card),
  };
}

function readGraph(onnx: Uint8Array, path: string): ReturnType<typeof readModelInfo> {
  try {
    return readModelInfo(onnx);
  } catch (cause) {
    throw new DataError(`${path} is not an ONNX file, or it is truncated`, { cause });
  }
}

async function readCardText(path: string): Promise<CardText> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as CardText;
  } catch (cause) {
    throw new DataError(`${path} is not JSON; the file was changed`, { cause });
  }
}

/**
 * An input as frames of pandas hold it: doubles for every number, which MLflow's checks let pass as integers, floats
 * and missing values, and which its wrapper narrows to what the graph takes.
 */
function inputColumn({ name, type, dims }: ValueInfo): ModelColumn {
  const isText = type === 'string';
  if (dims.length === 1 && type !== 'int64') return { name, type: isText ? 'string' : 'double' };
  return { name, dtype: isText ? 'str' : type === 'int64' ? 'int64' : 'float32', shape: shapeOf(dims) };
}

function outputColumn({ name, type, dims }: ValueInfo): ModelColumn {
  if (dims.length === 1)
    return { name, type: type === 'string' ? 'string' : type === 'int64' ? 'long' : 'float' };
  return { name, dtype: type === 'string' ? 'str' : 'float32', shape: shapeOf(dims) };
}

const shapeOf = (dims: ValueInfo['dims']): number[] =>
  dims.map((dim) => (typeof dim === 'number' && dim > 0 ? dim : -1));

/** The first rows of the typical batch, where it has all inputs. */
function goldenRows(
  lines: string,
  columns: readonly ModelColumn[],
): Readonly<Record<string, readonly unknown[]>> | undefined {
  for (const line of lines.split('\n').filter((text) => text !== '')) {
    const { case: name, inputs } = parsed(line);
    if (name !== 'typical' || inputs === undefined) continue;
    if (!columns.every((column) => Array.isArray(inputs[column.name]))) continue;
    return Object.fromEntries(
      columns.map((column) => [
        column.name,
        inputs[column.name]
          .slice(0, exampleRows)
          // A missing text is the empty one; there is no other way to say it to a graph.
          .map((value) => (value === null && 'type' in column && column.type === 'string' ? '' : value)),
      ]),
    );
  }
  return undefined;
}

function parsed(line: string): { case?: string; inputs?: Record<string, unknown[]> } {
  try {
    return JSON.parse(line) as { case?: string; inputs?: Record<string, unknown[]> };
  } catch {
    return {};
  }
}

/** One row of nothing in particular: zeros and empty texts. */
function emptyRow(columns: readonly ModelColumn[]): Readonly<Record<string, readonly unknown[]>> {
  return Object.fromEntries(
    columns.map((column) => {
      if ('type' in column) return [column.name, [column.type === 'string' ? '' : 0]];
      const [, ...inner] = column.shape;
      const value = column.dtype === 'str' ? '' : 0;
      return [
        column.name,
        [
          inner.reduceRight<unknown>(
            (item, size) => Array.from({ length: Math.max(size, 1) }, () => item),
            value,
          ),
        ],
      ];
    }),
  );
}
