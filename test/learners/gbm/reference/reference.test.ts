import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Matrix } from '../../../../src/core/matrix.js';
import { gradientBoostingParams, type GradientBoostingParams } from '../../../../src/learners/gbm/params.js';
import { goesLeft } from './candidates.js';
import { referenceFit, type ReferenceNode } from './fit.js';

interface GoldenNode {
  readonly count: number;
  readonly value?: number;
  readonly feature?: number;
  readonly threshold?: number | null;
  readonly codes?: readonly number[];
  readonly missingLeft?: boolean;
  readonly gain?: number;
  readonly left?: number;
  readonly right?: number;
}

interface GoldenCase {
  readonly name: string;
  readonly task: 'regression' | 'binary';
  readonly columns: readonly (readonly (number | null)[])[];
  readonly y: readonly number[];
  readonly weight?: readonly number[];
  readonly settings: {
    readonly max_iter: number;
    readonly learning_rate: number;
    readonly max_leaf_nodes: number | null;
    readonly max_depth?: number;
    readonly min_samples_leaf: number;
    readonly l2_regularization?: number;
    readonly monotonic_cst?: readonly number[];
    readonly interaction_cst?: readonly (readonly number[])[];
    readonly categorical_features?: readonly number[];
  };
  readonly baseline: number;
  readonly trees: readonly (readonly GoldenNode[])[];
}

const { cases } = JSON.parse(
  readFileSync(new URL('../../../golden/boosting-trees.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly GoldenCase[] };

/** scikit-learn's settings by our names; categories by its rule: no one-hot splits, no penalty of their own. */
function paramsOf({ task, settings, columns }: GoldenCase): GradientBoostingParams {
  const name = (j: number): string => `x${j}`;
  const signs = settings.monotonic_cst ?? [];
  return gradientBoostingParams({
    objective: task === 'binary' ? 'binary' : 'squared-error',
    nEstimators: settings.max_iter,
    learningRate: settings.learning_rate,
    maxLeafNodes: settings.max_leaf_nodes ?? columns[0].length,
    maxDepth: settings.max_depth ?? 0,
    minSamplesLeaf: settings.min_samples_leaf,
    l2Regularization: settings.l2_regularization ?? 0,
    monotoneConstraints: Object.fromEntries(
      signs.flatMap((sign, j) => (sign === 1 || sign === -1 ? [[name(j), sign] as const] : [])),
    ),
    interactionConstraints: (settings.interaction_cst ?? []).map((group) => group.map(name)),
    categoricalFeatures: (settings.categorical_features ?? []).map(name),
    maxCategoriesOneHot: 1,
    maxCategoriesPerSplit: 1000,
    categoryL2: 0,
  });
}

/** Floats of its gradients: six digits. */
const relative = 1e-5;

function expectSameNode(
  X: Matrix,
  ours: readonly ReferenceNode[],
  at: number,
  theirs: readonly GoldenNode[],
  there: number,
  where: string,
): void {
  const node = ours[at];
  const golden = theirs[there];
  const { cut, state } = node;
  expect(state.rows.length, where).toBe(golden.count);
  if (golden.feature === undefined) {
    expect(cut, where).toBeUndefined();
    const error = Math.abs(node.value - golden.value!);
    expect(error, where).toBeLessThan(relative * (Math.abs(golden.value!) + 0.01));
    return;
  }
  expect(cut?.feature.index, where).toBe(golden.feature);
  const { feature, set } = cut!;
  let isMirrored = false;
  if (golden.codes === undefined) {
    // Bounds of bins without rows make the same cut: what counts is which rows go left.
    const bound = golden.threshold ?? Infinity;
    expect([...feature.bounds!, Infinity], where).toContain(bound);
    const column = X.columns[feature.index];
    const goesLeftThere = (row: number): boolean =>
      column[row] !== column[row] ? golden.missingLeft! : column[row] <= bound;
    const ourLeft = state.rows.filter(goesLeft(cut!));
    const theirLeft = state.rows.filter(goesLeftThere);
    // Missing values alone on one side may stand on either, at the same gain: rounding decides.
    isMirrored = ourLeft.length + theirLeft.length === state.rows.length && !theirLeft.includes(ourLeft[0]);
    expect(isMirrored ? state.rows.filter((row) => !theirLeft.includes(row)) : theirLeft, where).toEqual(
      ourLeft,
    );
  } else {
    // Missing values aside, which have a bin and no code.
    const codes = set!.filter((b) => b !== feature.missing).map((b) => feature.codes![b]);
    expect(
      codes.toSorted((a, b) => a - b),
      where,
    ).toEqual(golden.codes);
  }
  expect(Math.abs(node.gain / golden.gain! - 1), `gain of ${where}`).toBeLessThan(10 * relative);
  expectSameNode(X, ours, node.left, theirs, isMirrored ? golden.right! : golden.left!, `${where} left`);
  expectSameNode(X, ours, node.right, theirs, isMirrored ? golden.left! : golden.right!, `${where} right`);
}

describe('the reference beside scikit-learn', () => {
  it.each(cases)('grows the same trees: $name', (golden) => {
    const X = Matrix.fromColumns(golden.columns.map((column) => column.map((x) => x ?? NaN)));
    const model = referenceFit(X, golden.y, paramsOf(golden), {
      ...(golden.weight !== undefined && { sampleWeight: golden.weight }),
      convention: 'scikit-learn',
    });
    expect(model.baseScore[0]).toBeCloseTo(golden.baseline, 6);
    expect(model.trees.length).toBe(golden.trees.length);
    golden.trees.forEach((tree, t) => {
      // Not a single leaf: there is something to compare.
      expect(tree.length).toBeGreaterThan(3);
      expectSameNode(X, model.trees[t], 0, tree, 0, `tree ${t} root`);
    });
  });
});
