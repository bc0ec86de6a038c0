import { previousFloat32 } from '../core/float32.js';
import { isInSet, type Trees } from '../learners/tree/trees.js';

/** Where a comparison sends a row: to another one, to a side of the split, or, as it never happens, nowhere. */
export type StepTarget = number | 'left' | 'right' | 'nowhere';

/** A comparison `x <= threshold`. */
export interface SplitStep {
  readonly threshold: number;
  /** Whether the comparison holds for a missing value. */
  readonly missingTrue: boolean;
  readonly onTrue: StepTarget;
  readonly onFalse: StepTarget;
}

/**
 * Comparisons that follow one another where codes are not halved any further: every half costs a leaf. Chains without
 * end would exhaust the stack of ONNX Runtime, which reads trees by recursion: 2,000 do that to a thread of 1 MB.
 */
const longestChain = 16;

/**
 * A split as comparisons alone, the first of them first. A threshold is one; a category set is one for every place,
 * from low codes to high, where membership changes, searched by halves. Between two such places all values go the
 * same way, so fractions, negative numbers and codes that no set knows do as well.
 *
 * ONNX Runtime lets any number of true branches share a subtree, but no false branch: one `onFalse` alone is a side
 * of the split. Equality with every code (BRANCH_EQ) would be true to whole numbers only, and slower, though runs of
 * it over the codes 1 to 64 are folded into a bit set: trees whose nodes all compare alike are walked fastest.
 */
export function splitSteps(trees: Trees, node: number): SplitStep[] {
  const missingLeft = trees.missingLeft[node] === 1;
  const edges = categoryEdges(trees, node);
  if (edges === null) {
    const threshold = trees.threshold[node];
    return [{ threshold, missingTrue: missingLeft, onTrue: 'left', onFalse: 'right' }];
  }
  // An empty set: all but missing values go right.
  if (edges.length === 0) {
    return [{ threshold: Infinity, missingTrue: !missingLeft, onTrue: 'right', onFalse: 'left' }];
  }
  // What the fraction cuts off does not count: category 0 reaches down to -1, excluded.
  const thresholds = edges.map((code) => (code === 0 ? -1 : previousFloat32(code)));
  const steps: SplitStep[] = [];

  /** Tells apart what lies up to `thresholds[low..high)`; missing values come as far as the last of all. */
  function search(low: number, high: number): number {
    const first = steps.length;
    const isLast = high === thresholds.length;
    if (high - low > longestChain) {
      const middle = (low + high) >>> 1;
      steps.push({
        threshold: thresholds[middle - 1],
        missingTrue: false,
        onTrue: 'nowhere',
        onFalse: first + 1,
      });
      search(middle, high);
      steps[first] = { ...steps[first], onTrue: search(low, middle) };
      return first;
    }
    for (let i = low; i < high; i++) {
      const onTrue = i % 2 === 0 ? 'right' : 'left';
      const onFalse = i + 1 < high ? steps.length + 1 : isLast ? 'right' : 'nowhere';
      const missingTrue = isLast && (onTrue === 'left') === missingLeft;
      steps.push({ threshold: thresholds[i], missingTrue, onTrue, onFalse });
    }
    return first;
  }
  search(0, thresholds.length);
  return steps;
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
