import type { ReferenceFeature } from './features.js';

/** What the reference needs of the parameters. */
export interface ReferenceRules {
  readonly minSamplesLeaf: number;
  readonly minChildWeight: number;
  readonly l1Regularization: number;
  readonly l2Regularization: number;
  readonly minGainToSplit: number;
  readonly categorySmoothing: number;
  readonly categoryL2: number;
  readonly maxCategoriesOneHot: number;
  readonly maxCategoriesPerSplit: number;
  readonly minSamplesPerCategory: number;
  readonly interactionConstraints: readonly (readonly string[])[];
  readonly monotoneConstraints: Readonly<Record<string, 1 | -1>>;
  /**
   * Where `scikit-learn` goes its own way: a value held by a bound is worth -G v instead of the fall of the loss (the
   * same where no bound holds), the root's is 0, missing values may be alone on the left if
   * the first bin has no rows, and sets from the high end hold one category less than half.
   */
  readonly convention: 'ours' | 'scikit-learn';
}

/** One tree's data. */
export interface TreeData {
  readonly features: readonly ReferenceFeature[];
  readonly rules: ReferenceRules;
  readonly gradient: ArrayLike<number>;
  readonly hessian: ArrayLike<number>;
  /** How far each row's gradient and hessian may be off in what is compared. */
  readonly gradientError: number;
  readonly hessianError: number;
}

export interface Sums {
  readonly gradient: number;
  readonly hessian: number;
  readonly count: number;
}

/** A node: its rows, the range of its value, the features above it. */
export interface NodeState {
  readonly rows: readonly number[];
  readonly sums: Sums;
  readonly lower: number;
  readonly upper: number;
  /** How far the bounds may be off. */
  readonly boundError: number;
  readonly path: ReadonlySet<string>;
  readonly depth: number;
}

/** What a division of a node's rows is worth. */
export interface Division {
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly gain: number;
  /** How far the gain may be off. */
  readonly gainError: number;
  /** Whether the rules allow it; `doubtful` where an error would change that. */
  readonly verdict: 'allowed' | 'doubtful' | 'too small' | 'not monotone';
}

export function sumsOf(data: TreeData, rows: readonly number[]): Sums {
  let gradient = 0;
  let hessian = 0;
  for (const row of rows) {
    gradient += data.gradient[row];
    hessian += data.hessian[row];
  }
  return { gradient, hessian, count: rows.length };
}

function soft(gradient: number, l1: number): number {
  return Math.sign(gradient) * Math.max(Math.abs(gradient) - l1, 0);
}

type Range = Pick<NodeState, 'lower' | 'upper' | 'boundError'>;

/** The Newton step within the range, and how far it may be off. */
export function nodeValue(
  data: TreeData,
  { gradient, hessian, count }: Sums,
  range: Range,
  extraL2 = 0,
): { readonly value: number; readonly error: number; readonly isHeld: boolean } {
  const weight = hessian + data.rules.l2Regularization + extraL2;
  const step = weight > 0 ? -soft(gradient, data.rules.l1Regularization) / weight : 0;
  const value = Math.min(Math.max(step, range.lower), range.upper);
  const error = weight > 0 ? (count * (data.gradientError + Math.abs(step) * data.hessianError)) / weight : 0;
  return { value, error: error + range.boundError, isHeld: value !== step };
}

/** Twice the fall of the penalised loss, and how far it may be off. */
function worth(
  data: TreeData,
  sums: Sums,
  range: Range,
  extraL2: number,
): { readonly score: number; readonly error: number } {
  const { l1Regularization: l1, l2Regularization: l2, convention } = data.rules;
  const { value: v, error: valueError, isHeld } = nodeValue(data, sums, range, extraL2);
  const weight = sums.hessian + l2 + extraL2;
  const slope = 2 * Math.abs(sums.gradient + weight * v + l1 * Math.sign(v));
  const error =
    sums.count * (2 * Math.abs(v) * data.gradientError + v * v * data.hessianError) +
    weight * valueError * valueError +
    (isHeld ? slope * valueError : 0);
  const loss = 2 * sums.gradient * v + weight * v * v + 2 * l1 * Math.abs(v);
  return { score: convention === 'scikit-learn' ? -sums.gradient * v : -loss, error };
}

/** What it is worth to part the rows of a node by `goesLeft`. */
export function divide(
  data: TreeData,
  node: NodeState,
  goesLeft: (row: number) => boolean,
  feature: ReferenceFeature,
  extraL2 = 0,
): Division {
  const left: number[] = [];
  const right: number[] = [];
  for (const row of node.rows) (goesLeft(row) ? left : right).push(row);
  const { minSamplesLeaf, minChildWeight, monotoneConstraints } = data.rules;
  const sides = [sumsOf(data, left), sumsOf(data, right)];
  const [a, b] = sides;
  const none = { left, right, gain: -Infinity, gainError: 0 };
  let isDoubtful = false;
  for (const { count, hessian } of sides) {
    const error = count * data.hessianError;
    if (count < minSamplesLeaf || hessian < minChildWeight - error) return { ...none, verdict: 'too small' };
    isDoubtful ||= hessian < minChildWeight + error && data.hessianError > 0;
  }
  const sign: number = monotoneConstraints[feature.name] ?? 0;
  if (sign !== 0) {
    const [from, to] = sides.map((side) => nodeValue(data, side, node, extraL2));
    const rise = sign * (to.value - from.value);
    const error = from.error + to.error;
    if (rise < -error) return { ...none, verdict: 'not monotone' };
    isDoubtful ||= rise < error && error > 0;
  }
  const hasNoWorth = data.rules.convention === 'scikit-learn' && node.depth === 0;
  const parent = hasNoWorth ? { score: 0, error: 0 } : worth(data, node.sums, node, 0);
  const [from, to] = [worth(data, a, node, extraL2), worth(data, b, node, extraL2)];
  return {
    left,
    right,
    gain: from.score + to.score - parent.score,
    gainError: from.error + to.error + parent.error,
    verdict: isDoubtful ? 'doubtful' : 'allowed',
  };
}

/** Both children of a division by `feature`, whose values stay on either side of their middle where it is monotone. */
export function childrenOf(
  data: TreeData,
  node: NodeState,
  { left, right }: Pick<Division, 'left' | 'right'>,
  feature: ReferenceFeature,
): [NodeState, NodeState] {
  const path = new Set([...node.path, feature.name]);
  const { lower, upper, boundError } = node;
  const make = (rows: readonly number[], range: Range): NodeState => ({
    rows,
    sums: sumsOf(data, rows),
    ...range,
    path,
    depth: node.depth + 1,
  });
  const sign: number = data.rules.monotoneConstraints[feature.name] ?? 0;
  if (sign === 0)
    return [make(left, { lower, upper, boundError }), make(right, { lower, upper, boundError })];
  // A side without rows, which a symmetric level may have, takes the value of the other.
  const [from, to] = [left.length === 0 ? right : left, right.length === 0 ? left : right].map((rows) =>
    nodeValue(data, sumsOf(data, rows), node),
  );
  const middle = (from.value + to.value) / 2;
  const error = Math.max(boundError, from.error + to.error);
  const below = { lower, upper: middle, boundError: error };
  const above = { lower: middle, upper, boundError: error };
  return sign > 0 ? [make(left, below), make(right, above)] : [make(left, above), make(right, below)];
}

/** The features a node may split by: some group holds them and the whole path; outside of groups, each is alone. */
export function allowedFeatures(data: TreeData, node: NodeState): ReferenceFeature[] {
  const groups = data.rules.interactionConstraints;
  if (groups.length === 0) return [...data.features];
  return data.features.filter(({ name }) => {
    const needed = [...node.path, name];
    if (groups.some((group) => needed.every((other) => group.includes(other)))) return true;
    return !groups.some((group) => group.includes(name)) && needed.every((other) => other === name);
  });
}
