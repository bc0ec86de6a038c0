import { previousFloat32 } from '../core/float32.js';
import { isInSet, type Trees } from '../learners/tree/trees.js';

/** A comparison `x <= threshold` that sends a row `to` a side of its split when it holds, else on to the next. */
export interface SplitStep {
  readonly threshold: number;
  /** Whether the comparison holds for a missing value. */
  readonly missingTrue: boolean;
  readonly to: 'left' | 'right';
}

/** A split as comparisons alone. */
export interface SplitSteps {
  /** One at least. */
  readonly steps: readonly SplitStep[];
  /** The side of the rows for which no comparison holds. */
  readonly otherwise: 'left' | 'right';
}

/**
 * A split in terms of ONNX: one comparison for a threshold; for a category set one for every place, from low codes to
 * high, where membership changes. Codes between two such places go the same way, and so do fractions, negative
 * numbers and codes that no set knows. Equality with every code (BRANCH_EQ) would be true to whole numbers only, and
 * takes ONNX Runtime longer on the whole, though it folds codes of 1 to 64 into a bit set: it walks trees fastest
 * where all nodes compare alike.
 */
export function splitSteps(trees: Trees, node: number): SplitSteps {
  const missingLeft = trees.missingLeft[node] === 1;
  const step = (threshold: number, to: 'left' | 'right'): SplitStep => ({
    threshold,
    missingTrue: (to === 'left') === missingLeft,
    to,
  });
  const changes = categoryEdges(trees, node);
  if (changes === null) return { steps: [step(trees.threshold[node], 'left')], otherwise: 'right' };
  // An empty set: all but missing values go right.
  if (changes.length === 0) return { steps: [step(Infinity, 'right')], otherwise: 'left' };
  const steps = changes.map((code, i) =>
    // What the fraction cuts off does not count: category 0 reaches down to -1, excluded.
    step(code === 0 ? -1 : previousFloat32(code), i % 2 === 0 ? 'right' : 'left'),
  );
  return { steps, otherwise: 'right' };
}

/**
 * The codes that are in the set of a node while the code below is not, or the other way round, ascending; the first
 * is where the set begins, the last lies behind its end. Null at a node without a set.
 */
export function categoryEdges({ categories }: Trees, node: number): number[] | null {
  if (categories === undefined) return null;
  const nCodes = 32 * (categories.starts[node + 1] - categories.starts[node]);
  if (nCodes === 0) return null;
  const edges: number[] = [];
  let inside = false;
  for (let code = 0; code <= nCodes; code++) {
    if (isInSet(categories, node, code) === inside) continue;
    edges.push(code);
    inside = !inside;
  }
  return edges;
}
