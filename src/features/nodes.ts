import type { Condition, NumericExpression } from './expression.js';

/** Any part of an expression. */
export type Node = NumericExpression | Condition;

/** The direct parts of a node, in the order they are written. */
export function parts(node: Node): readonly Node[] {
  switch (node.op) {
    case 'column':
    case 'constant':
    case 'length':
    case 'count':
    case 'entropy':
    case 'category':
    case 'empty':
      return [];
    case 'log':
    case 'floor':
    case 'missing':
    case 'not':
      return [node.of];
    case 'indicator':
      return [node.if];
    case 'where':
      return [node.if, node.then, node.else];
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide':
    case 'minimum':
    case 'maximum':
    case 'less':
    case 'lessOrEqual':
    case 'equal':
    case 'and':
    case 'or':
      return [node.left, node.right];
  }
}

/** Every node below and including `root`, parts before wholes, an object that is used twice only once. */
export function distinctNodes(root: Node): readonly Node[] {
  const seen = new Set<Node>();
  const order: Node[] = [];
  function visit(node: Node): void {
    if (seen.has(node)) return;
    seen.add(node);
    parts(node).forEach(visit);
    order.push(node);
  }
  visit(root);
  return order;
}
