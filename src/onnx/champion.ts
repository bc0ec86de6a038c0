import { logMeanLimit, type BaseModel, type ChampionModel } from '../champion/model.js';
import { ExportError } from '../core/errors.js';
import { calibrator, classCalibrator, sigmoid } from './calibrator.js';
import { categoryEncoder } from './category-encoder.js';
import { features } from './expression.js';
import { doubles, floats, graphBuilder, int64s, type GraphBuilder, type ValueName } from './graph.js';
import { isolationForest } from './isolation-forest.js';
import { cast, concat, gather, scalar, toDouble, transpose } from './layout.js';
import { linear } from './linear.js';
import { linkOf } from './link.js';
import { outputColumns, scoreCount, type OutputColumn, type OutputPlan } from './outputs.js';
import { stack, type ScoreColumns } from './stack.js';
import { textClassifier } from './text.js';
import { treeEnsemble } from './tree-ensemble.js';

/**
 * A champion as one ONNX graph from raw columns to its outputs.
 *
 * Inputs: every column of `model.inputs` under its own name, rank 1 `[N]`, N >= 1: float32 for numbers, booleans
 * (0 or 1) and timestamps (days since 1970-01-01 UTC), NaN where missing; strings in the form of `sanitizeText`.
 * Outputs: `outputColumns(model, plan)`, each `[N]` float32. The same model, plan and metadata give the same bytes.
 *
 * @throws {ExportError} for a column that no input provides, or a name that is empty or taken
 */
export function exportChampion(
  model: ChampionModel,
  plan: OutputPlan,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  return exportChampions([{ model, plan }], metadata);
}

/**
 * Several champions that read the same columns as one graph: as `exportChampion`, the outputs of the first one first.
 * What they share (columns, features, encoders fitted alike) is computed once.
 *
 * @throws {ExportError} as `exportChampion`, for no champion, and where the inputs of two differ
 */
export function exportChampions(
  champions: readonly { readonly model: ChampionModel; readonly plan: OutputPlan }[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  if (champions.length === 0) throw new ExportError('onnx: there is no champion to export');
  const [{ model: first }] = champions;
  const graph = graphBuilder('champion');
  const inputs = readInputs(graph, first);
  for (const { model, plan } of champions) {
    if (JSON.stringify(model.inputs) !== JSON.stringify(first.inputs)) {
      throw new ExportError('onnx: champions of one graph must read the same columns in the same order');
    }
    addChampion(graph, model, plan, inputs);
  }
  return graph.finish(metadata);
}

function addChampion(
  graph: GraphBuilder,
  model: ChampionModel,
  plan: OutputPlan,
  inputs: Record<string, ValueName>,
): void {
  const outputs = outputColumns(model, plan);
  const bases = baseScores(graph, model, inputs);
  const margins = stack(graph, model.stack, bases.raw, bases.columns);
  const own = ownAnswer(graph, model, margins, outputs);
  const blocks = [own, ...scoreBlocks(graph, model, bases, outputs)].filter(
    (block) => block.columns.length > 0,
  );
  const values = cast(
    graph,
    concat(
      graph,
      blocks.map(({ value }) => value),
      1,
    ),
    'float',
  );
  const order = blocks.flatMap(({ columns }) => columns);
  for (const output of outputs) {
    const at = graph.constant(int64s([order.indexOf(output)], []));
    graph.output(output.name, 'Gather', [values, at], { axis: { i: 1 } });
  }
}

function readInputs(graph: GraphBuilder, model: ChampionModel): Record<string, ValueName> {
  if (model.inputs.length === 0) throw new ExportError('onnx: the champion reads no column');
  return Object.fromEntries(
    model.inputs.map(({ name, type }) => [name, graph.input(name, type === 'string' ? 'string' : 'float')]),
  );
}

function textInput(
  model: ChampionModel,
  inputs: Record<string, ValueName>,
  name: string,
  reader: string,
): ValueName {
  const type = model.inputs.find((input) => input.name === name)?.type;
  if (type !== 'string') {
    throw new ExportError(`onnx: ${reader} reads text column ${name}, which is ${type ?? 'not an input'}`);
  }
  return inputs[name];
}

/** The design matrix `[N, nColumns]`, double, and the names of its columns. */
function designMatrix(
  graph: GraphBuilder,
  model: ChampionModel,
  inputs: Record<string, ValueName>,
): { X: ValueName; names: readonly string[] } {
  const parts: ValueName[] = [];
  if (model.features.length > 0) parts.push(toDouble(graph, features(graph, model.features, inputs)));
  for (const encoder of model.encoders) {
    parts.push(categoryEncoder(graph, encoder, textInput(model, inputs, encoder.column, 'an encoder')));
  }
  return {
    X: parts.length === 0 ? '' : transpose(graph, concat(graph, parts, 0)),
    names: [
      ...model.features.map(({ name }) => name),
      ...model.encoders.flatMap((encoder) => encoder.outputs),
    ],
  };
}

interface BaseScores {
  /** Margins, anomaly scores and predictions `[N, nScores]`, double. */
  readonly raw: ValueName;
  /** `[nBases]` */
  readonly columns: readonly ScoreColumns[];
}

function baseScores(
  graph: GraphBuilder,
  model: ChampionModel,
  inputs: Record<string, ValueName>,
): BaseScores {
  const { X, names } = designMatrix(graph, model, inputs);
  const place = new Map(names.map((name, j) => [name, j]));

  function columnsOf(base: string, featureNames: readonly string[]): number[] {
    return featureNames.map((name) => {
      const column = place.get(name);
      if (column === undefined)
        throw new ExportError(`onnx: model ${base} reads feature ${name}, which is not made`);
      return column;
    });
  }

  function score(name: string, base: BaseModel): ValueName {
    switch (base.kind) {
      case 'gradient-boosting':
        return treeEnsemble(graph, X, {
          trees: base.trees,
          base: base.baseScore,
          columns: columnsOf(name, base.featureNames),
        });
      case 'isolation-forest':
        return isolationForest(graph, base, X, columnsOf(name, base.featureNames));
      case 'logistic-regression':
      case 'ridge-regression':
        return linear(graph, base, X, columnsOf(name, base.featureNames), names.length);
      case 'text-classifier':
        return textClassifier(graph, base, textInput(model, inputs, base.column, `model ${name}`));
    }
  }

  // Boosters give float32: side by side first, they become doubles by one Cast.
  const isFloat = (b: number): boolean => model.bases[b].model.kind === 'gradient-boosting';
  const all = [...model.bases.keys()];
  const order = [...all.filter(isFloat), ...all.filter((b) => !isFloat(b))];
  const scores = order.map((b) => score(model.bases[b].name, model.bases[b].model));
  const nFloat = all.filter(isFloat).length;
  const parts = scores.slice(nFloat);
  if (nFloat > 0) parts.unshift(toDouble(graph, concat(graph, scores.slice(0, nFloat), 1)));

  const columns: ScoreColumns[] = [];
  let first = 0;
  for (const b of order) {
    columns[b] = { first, count: scoreCount(model.bases[b].model) };
    first += columns[b].count;
  }
  return { raw: concat(graph, parts, 1), columns };
}

/** Some outputs side by side, `[N, columns.length]`, double. */
interface Block {
  readonly value: ValueName;
  readonly columns: readonly OutputColumn[];
}

function ownAnswer(
  graph: GraphBuilder,
  model: ChampionModel,
  margins: ValueName,
  outputs: readonly OutputColumn[],
): Block {
  const columns = outputs.filter(({ kind }) => kind !== 'base-score');
  switch (model.task) {
    case 'regression':
      return { value: model.link === 'log' ? meanOfLog(graph, margins) : margins, columns };
    case 'multiclass':
      return { value: classAnswer(graph, model, margins, columns), columns };
    case 'binary':
      return { value: binaryAnswer(graph, calibrator(graph, model.calibrator, margins), columns), columns };
  }
}

/** e to the margin, held as in `scoreChampion` within what float32 can say. */
function meanOfLog(graph: GraphBuilder, margins: ValueName): ValueName {
  const held = graph.node('Clip', [margins, scalar(graph, -logMeanLimit), scalar(graph, logMeanLimit)]);
  return graph.node('Exp', [held]);
}

/** Probabilities of all classes, then what is expected of values that stand for them. */
function classAnswer(
  graph: GraphBuilder,
  { classCalibrator: model = { kind: 'identity', format: 1 } }: ChampionModel,
  margins: ValueName,
  columns: readonly OutputColumn[],
): ValueName {
  const probabilities = classCalibrator(graph, model, margins);
  const means = columns.filter((column) => column.kind === 'class-mean');
  if (means.length === 0) return probabilities;
  const nClasses = means[0].values.length;
  const values = Float64Array.from(
    { length: nClasses * means.length },
    (_, at) => means[at % means.length].values[Math.floor(at / means.length)],
  );
  const product = graph.node('MatMul', [
    probabilities,
    graph.constant(doubles(values, [nClasses, means.length])),
  ]);
  return concat(graph, [probabilities, product], 1);
}

/** @param positive calibrated probabilities `[N, 1]`, double */
function binaryAnswer(graph: GraphBuilder, positive: ValueName, columns: readonly OutputColumn[]): ValueName {
  const probabilities = columns.filter((column) => column.kind === 'probability');
  const parts: ValueName[] = [];
  if (probabilities.length > 0) {
    const factors = probabilities.map(({ of, scale }) => (of === 'positive' ? scale : -scale));
    const offsets = probabilities.map(({ of, scale }) => (of === 'positive' ? 0 : scale));
    const scaled = graph.node('Mul', [positive, graph.constant(doubles(factors))]);
    parts.push(graph.node('Add', [scaled, graph.constant(doubles(offsets))]));
  }
  for (const column of columns) {
    if (column.kind !== 'decision') continue;
    const limit = graph.constant(floats([column.threshold], []));
    const reached = graph.node('GreaterOrEqual', [cast(graph, positive, 'float'), limit]);
    parts.push(toDouble(graph, reached));
  }
  return parts.length === 0 ? positive : concat(graph, parts, 1);
}

/** Base scores, those that are made alike together. */
function scoreBlocks(
  graph: GraphBuilder,
  model: ChampionModel,
  bases: BaseScores,
  outputs: readonly OutputColumn[],
): Block[] {
  const scores = outputs.filter((output) => output.kind === 'base-score');
  const raw = (columns: typeof scores): ValueName =>
    gather(
      graph,
      bases.raw,
      columns.map(({ base, margin }) => bases.columns[base].first + margin),
      1,
    );
  const blocks: Block[] = [];
  const linked = scores.filter(({ base }) => linkOf(model.bases[base].model) === 'sigmoid');
  if (linked.length > 0) blocks.push({ value: sigmoid(graph, raw(linked)), columns: linked });
  const means = scores.filter(({ base }) => linkOf(model.bases[base].model) === 'exp');
  if (means.length > 0) blocks.push({ value: graph.node('Exp', [raw(means)]), columns: means });
  const plain = scores.filter(({ base }) => linkOf(model.bases[base].model) === 'identity');
  if (plain.length > 0) blocks.push({ value: raw(plain), columns: plain });
  for (const [b, { model: base }] of model.bases.entries()) {
    const shares = scores.filter((score) => score.base === b);
    if (linkOf(base) !== 'softmax' || shares.length === 0) continue;
    blocks.push({ value: graph.node('Softmax', [raw(shares)], { axis: { i: 1 } }), columns: shares });
  }
  return blocks;
}
