import { ExportError } from '../core/errors.js';
import type { Feature } from '../features/expression.js';
import type { Node } from '../features/nodes.js';
import { planFeatures, type Step } from '../features/plan.js';
import { banks, type Banks } from './banks.js';
import { doubles, floats, int64s, type GraphBuilder, type ValueName } from './graph.js';
import { cast, concat, scalar, stackRows, toDouble } from './layout.js';
import { schedule, type Group } from './schedule.js';
import { categoryOf, countOf, entropyOf, isEmpty, lengthOf } from './text-numbers.js';

/**
 * The ONNX reading of features. At one row a graph costs what its nodes cost, so operations are not written one by
 * one: all ready sub-expressions of one operation go through one operator, as rows of a `[k, N]` matrix.
 *
 * @param inputs raw columns `[N]` by name: float (timestamps in days), or sanitised string
 * @returns features `[nFeatures, N]`, float, NaN where missing
 * @throws {ExportError} for a column that no input provides
 */
export function features(
  graph: GraphBuilder,
  defined: readonly Feature[],
  inputs: Readonly<Record<string, ValueName>>,
): ValueName {
  const { steps, results } = planFeatures(defined);
  const values = banks(graph);
  readColumns(graph, steps, inputs, values);
  expandConstants(graph, steps, results, inputs, values);
  for (const group of schedule(steps)) {
    values.store(apply(graph, group, steps, values), group.steps);
  }
  const narrow = cast(graph, values.rows(results), 'float');
  return finite(graph, narrow);
}

/** NaN instead of the infinities. */
function finite(graph: GraphBuilder, value: ValueName): ValueName {
  return graph.node('Where', [graph.node('IsInf', [value]), graph.constant(floats([NaN], [])), value]);
}

function isTextNumber({ op }: Node): boolean {
  return op === 'length' || op === 'count' || op === 'category' || op === 'empty';
}

/** The raw numbers and what is read off texts: one matrix for all of them. */
function readColumns(
  graph: GraphBuilder,
  steps: readonly Step[],
  inputs: Readonly<Record<string, ValueName>>,
  values: Banks,
): void {
  const ids = [...steps.keys()];
  const single = ids.filter((id) => steps[id].node.op === 'column' || isTextNumber(steps[id].node));
  if (single.length > 0) {
    const columns = single.map((id) => readColumn(graph, steps[id].node, inputs));
    values.store(
      toDouble(graph, finite(graph, stackRows(graph, columns))),
      single.map((id) => (steps[id].node.op === 'empty' ? numberOfEmpty(id) : id)),
    );
  }
  const entropies = ids.filter((id) => steps[id].node.op === 'entropy');
  if (entropies.length > 0) {
    const texts = entropies.map((id) => inputOf(inputs, (steps[id].node as { text: string }).text));
    const shape = graph.constant(int64s([entropies.length, -1]));
    values.store(graph.node('Reshape', [entropyOf(graph, concat(graph, texts, 0)), shape]), entropies);
  }
}

/** Where the 0 or 1 of an `empty` step stands before it becomes a condition. */
function numberOfEmpty(id: number): number {
  return -1 - id;
}

function readColumn(graph: GraphBuilder, node: Node, inputs: Readonly<Record<string, ValueName>>): ValueName {
  if (node.op === 'column') return inputOf(inputs, node.name);
  const texts = inputOf(inputs, (node as { text: string }).text);
  if (node.op === 'length') return lengthOf(graph, texts);
  if (node.op === 'count') return countOf(graph, texts, node.pattern);
  if (node.op === 'category') return categoryOf(graph, texts, node.values);
  return isEmpty(graph, texts);
}

function inputOf(inputs: Readonly<Record<string, ValueName>>, name: string): ValueName {
  if (!Object.hasOwn(inputs, name)) {
    throw new ExportError(`onnx: a feature reads column ${name}, which is no input; add it to the inputs`);
  }
  return inputs[name];
}

/** Constants stay `[k, 1]` operands, but where nothing else gives a result its N they are written out. */
function expandConstants(
  graph: GraphBuilder,
  steps: readonly Step[],
  results: readonly number[],
  inputs: Readonly<Record<string, ValueName>>,
  values: Banks,
): void {
  const isConstant = (id: number): boolean => steps[id].node.op === 'constant';
  const alone = new Set(results.filter(isConstant));
  for (const { inputs: operands } of steps) {
    if (operands.every(isConstant)) operands.forEach((id) => alone.add(id));
  }
  if (alone.size === 0) return;
  const N = graph.node('Shape', [Object.values(inputs)[0]]);
  const shape = concat(graph, [graph.constant(int64s([1])), N], 0);
  values.store(graph.node('Expand', [constantColumn(graph, numbersOf(steps, [...alone])), shape]), [
    ...alone,
  ]);
}

function numbersOf(steps: readonly Step[], constants: readonly number[]): number[] {
  return constants.map((id) => (steps[id].node as { value: number }).value);
}

function constantColumn(graph: GraphBuilder, numbers: readonly number[]): ValueName {
  const equal = numbers.every((value) => Object.is(value, numbers[0]));
  return equal ? scalar(graph, numbers[0]) : graph.constant(doubles(numbers, [numbers.length, 1]));
}

/** One operator for all steps of a group, as rows in their order. */
function apply(
  graph: GraphBuilder,
  { op, steps, operands }: Group,
  all: readonly Step[],
  values: Banks,
): ValueName {
  const isConstant = (ids: readonly number[]): boolean => all[ids[0]].node.op === 'constant';
  const spread = operands.every(isConstant);
  const operand = (k: number, patch = (value: number): number => value): ValueName =>
    !spread && isConstant(operands[k])
      ? constantColumn(graph, numbersOf(all, operands[k]).map(patch))
      : values.rows(operands[k]);
  const node = (operator: string): ValueName =>
    graph.node(
      operator,
      operands.map((_, k) => operand(k)),
    );
  const nan = scalar(graph, NaN);

  switch (op) {
    case 'add':
      return node('Add');
    case 'subtract':
      return node('Sub');
    case 'multiply':
      return node('Mul');
    case 'divide': {
      if (!spread && isConstant(operands[1])) {
        return graph.node('Div', [operand(0), operand(1, (value) => (value === 0 ? NaN : value))]);
      }
      const denominator = operand(1);
      const isZero = graph.node('Equal', [denominator, scalar(graph, 0)]);
      return graph.node('Div', [operand(0), graph.node('Where', [isZero, nan, denominator])]);
    }
    case 'minimum':
    case 'maximum': {
      // Not Min and Max: in ONNX Runtime 1.17 they lose a missing value where one side is a scalar.
      const [left, right] = [operand(0), operand(1)];
      const beyond = graph.node(op === 'minimum' ? 'Greater' : 'Less', [left, right]);
      const isNumber = !spread && isConstant(operands[1]);
      const takeRight = isNumber ? beyond : graph.node('Or', [beyond, graph.node('IsNaN', [right])]);
      return graph.node('Where', [takeRight, right, left]);
    }
    case 'log': {
      const of = operand(0);
      const positive = graph.node('Greater', [of, scalar(graph, 0)]);
      return graph.node('Log', [graph.node('Where', [positive, of, nan])]);
    }
    case 'floor':
      return node('Floor');
    case 'where':
      return node('Where');
    case 'indicator':
      return toDouble(graph, operand(0));
    case 'missing':
      return node('IsNaN');
    case 'empty':
      return cast(graph, values.rows(steps.map(numberOfEmpty)), 'bool');
    case 'less':
      return node('Less');
    case 'lessOrEqual':
      return node('LessOrEqual');
    case 'equal':
      return node('Equal');
    case 'and':
      return node('And');
    case 'or':
      return node('Or');
    case 'not':
      return node('Not');
  }
}
