import type { Feature } from './expression.js';
import { distinctNodes, parts, type Node } from './nodes.js';

/** One distinct sub-expression, and the steps that compute its parts. */
export interface Step {
  readonly node: Node;
  readonly inputs: readonly number[];
}

/** What has to be computed for a set of features, each sub-expression once, parts before wholes. */
export interface Plan {
  readonly steps: readonly Step[];
  /** `[nFeatures]` the step that computes each feature. */
  readonly results: readonly number[];
}

/** Numbers every distinct sub-expression of the features: equal ones, wherever they stand, become one step. */
export function planFeatures(features: readonly Feature[]): Plan {
  const steps: Step[] = [];
  const stepOfKey = new Map<string, number>();
  const stepOfNode = new Map<Node, number>();
  function place(node: Node): void {
    if (stepOfNode.has(node)) return;
    const inputs = parts(node).map((part) => stepOfNode.get(part) ?? -1);
    const key = JSON.stringify([node.op, inputs, own(node)]);
    let step = stepOfKey.get(key);
    if (step === undefined) {
      step = steps.push({ node, inputs }) - 1;
      stepOfKey.set(key, step);
    }
    stepOfNode.set(node, step);
  }
  for (const { expression } of features) distinctNodes(expression).forEach(place);
  return { steps, results: features.map(({ expression }) => stepOfNode.get(expression) ?? -1) };
}

/** What tells a node from others of its operation and parts. */
function own(node: Node): unknown {
  if (node.op === 'column') return node.name;
  if (node.op === 'constant') return node.value;
  if (node.op === 'count') return [node.text, node.pattern];
  if (node.op === 'category') return [node.text, node.values];
  return 'text' in node ? node.text : null;
}
