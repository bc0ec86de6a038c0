import type { Node } from '../features/nodes.js';
import type { Step } from '../features/plan.js';

type Operation = Exclude<Node['op'], 'column' | 'constant' | 'length' | 'count' | 'entropy' | 'category'>;

/** Steps of one operation that can be computed together. */
export interface Group {
  readonly op: Operation;
  readonly steps: readonly number[];
  /** `[nOperands]` the k-th operand of every step; constants and values never mix in one operand. */
  readonly operands: readonly (readonly number[])[];
}

const given: ReadonlySet<Node['op']> = new Set([
  'column',
  'constant',
  'length',
  'count',
  'entropy',
  'category',
]);
const commutative: ReadonlySet<Node['op']> = new Set(['add', 'multiply', 'minimum', 'maximum']);

/**
 * Cuts a plan into few groups: again and again the operation whose open steps can all be computed now, else the
 * one with the most that can.
 */
export function schedule(steps: readonly Step[]): Group[] {
  const isConstant = (id: number): boolean => steps[id].node.op === 'constant';
  const operandsOf = ({ node, inputs }: Step): readonly number[] =>
    // Constants to the right, so that 1 + x and x + 1 are one group.
    commutative.has(node.op) && isConstant(inputs[0]) ? [inputs[1], inputs[0]] : inputs;

  const done = new Set<number>();
  const open = new Map<string, number[]>();
  steps.forEach((step, id) => {
    if (given.has(step.node.op)) {
      done.add(id);
      return;
    }
    const pattern = operandsOf(step).map((input) => (isConstant(input) ? 'c' : 'v'));
    const key = `${step.node.op} ${pattern.join('')}`;
    open.set(key, [...(open.get(key) ?? []), id]);
  });

  const groups: Group[] = [];
  while (open.size > 0) {
    const { key, ready } = pickReady(open, (id) => steps[id].inputs.every((input) => done.has(input)));
    const rest = (open.get(key) ?? []).filter((id) => !ready.includes(id));
    if (rest.length === 0) open.delete(key);
    else open.set(key, rest);
    for (const id of ready) done.add(id);
    const operands = ready.map((id) => operandsOf(steps[id]));
    groups.push({
      op: steps[ready[0]].node.op as Operation,
      steps: ready,
      operands: operands[0].map((_, k) => operands.map((inputs) => inputs[k])),
    });
  }
  return groups;
}

function pickReady(
  open: ReadonlyMap<string, readonly number[]>,
  isReady: (id: number) => boolean,
): { key: string; ready: readonly number[] } {
  let best = { key: '', ready: [] as readonly number[], complete: false };
  for (const [key, ids] of open) {
    const ready = ids.filter(isReady);
    const complete = ready.length === ids.length;
    const better = complete === best.complete ? ready.length > best.ready.length : complete;
    if (better) best = { key, ready, complete };
  }
  return best;
}
