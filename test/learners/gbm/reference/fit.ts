import type { Matrix } from '../../../../src/core/matrix.js';
import type { GradientBoostingParams } from '../../../../src/learners/gbm/params.js';
import { startBoosting, type ReferenceOptions } from './boosting.js';
import { candidatesOf, goesLeft, levelCandidates, type Candidate, type Cut } from './candidates.js';
import { referenceFeatures } from './features.js';
import {
  childrenOf,
  divide,
  nodeValue,
  sumsOf,
  type NodeState,
  type ReferenceRules,
  type TreeData,
} from './node.js';
import { plainQuantile } from './quantile.js';

/** A node of a finished tree; children behind their parents. */
export interface ReferenceNode {
  /** Undefined at a leaf. */
  cut?: Cut;
  gain: number;
  left: number;
  right: number;
  /** What a leaf adds, learning rate included. */
  value: number;
  readonly state: NodeState;
  /** Gains of all candidates, the largest first. */
  readonly gains: readonly number[];
}

export interface ReferenceModel {
  readonly baseScore: Float64Array;
  /** `[nEstimators x nMargins]` */
  readonly trees: readonly (readonly ReferenceNode[])[];
  /** Gains of all candidates of every node of every tree, the largest first: how near the runners-up came. */
  readonly candidates: readonly (readonly (readonly number[])[])[];
}

interface FitOptions extends ReferenceOptions, Partial<Pick<ReferenceRules, 'convention'>> {
  /** Rounds gradients and hessians to multiples of the largest one's 2^-roundingBits. */
  readonly roundingBits?: number;
}

/**
 * Gradient boosting by definition: at every node every candidate is tried by parting its rows. Sees all rows and all
 * features at every node (no sampling), and every bound (no random splitter).
 */
export function referenceFit(
  X: Matrix,
  y: ArrayLike<number>,
  params: GradientBoostingParams,
  options: FitOptions = {},
): ReferenceModel {
  const boosting = startBoosting(X, y, params, options);
  const features = referenceFeatures(X, params.maxBins, params.categoricalFeatures);
  const rules: ReferenceRules = { ...params, convention: options.convention ?? 'ours' };
  const trees: ReferenceNode[][] = [];
  for (let iteration = 0; iteration < params.nEstimators; iteration++) {
    const { gradient, hessian } = boosting.derivatives();
    const residuals = boosting.objective.renewal === undefined ? undefined : boosting.residuals();
    const grown = gradient.map((_, k) => {
      const data = {
        features,
        rules,
        gradient: rounded(gradient[k], options.roundingBits),
        hessian: rounded(hessian[k], options.roundingBits),
        gradientError: 0,
        hessianError: 0,
      };
      const tree = growReference(data, rootOf(data, X.nRows), params);
      for (const node of tree) {
        if (node.cut !== undefined) continue;
        const { lower, upper } = node.state;
        const step =
          residuals === undefined
            ? nodeValue(data, node.state.sums, node.state).value
            : plainQuantile(node.state.rows, residuals, boosting.weight, boosting.objective.renewal!);
        node.value = params.learningRate * Math.min(Math.max(step, lower), upper);
      }
      return tree;
    });
    grown.forEach((tree, k) => {
      for (const { cut, state, value } of tree) {
        if (cut === undefined) for (const row of state.rows) boosting.add(k, row, value);
      }
    });
    trees.push(...grown);
  }
  const candidates = trees.map((tree) => tree.map(({ gains }) => gains));
  return { baseScore: boosting.baseScore, trees, candidates };
}

function rounded(values: Float64Array, bits: number | undefined): Float64Array {
  const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  if (bits === undefined || largest === 0) return values;
  const step = largest * 2 ** -bits;
  return values.map((value) => step * Math.round(value / step));
}

/** All rows at the root. */
export function rootOf(data: TreeData, nRows: number): NodeState {
  const rows = [...Array(nRows).keys()];
  return {
    rows,
    sums: sumsOf(data, rows),
    lower: -Infinity,
    upper: Infinity,
    boundError: 0,
    path: new Set(),
    depth: 0,
  };
}

type Growth = Pick<GradientBoostingParams, 'growth' | 'maxLeafNodes' | 'maxDepth'>;

function growReference(data: TreeData, root: NodeState, params: Growth): ReferenceNode[] {
  return params.growth === 'symmetric'
    ? growLevels(data, root, params.maxDepth)
    : growNodes(data, root, params);
}

function growNodes(data: TreeData, root: NodeState, params: Growth): ReferenceNode[] {
  const { growth, maxLeafNodes, maxDepth } = params;
  const nodes: ReferenceNode[] = [];
  const best = new Map<ReferenceNode, Candidate>();
  function open(state: NodeState): number {
    const isDeepest = maxDepth > 0 && state.depth >= maxDepth;
    const candidates = (isDeepest ? [] : candidatesOf(data, state)).filter(
      ({ division }) => division.verdict === 'allowed',
    );
    const gains = candidates.map(({ division }) => division.gain).sort((a, b) => b - a);
    const node = { gain: 0, left: -1, right: -1, value: 0, state, gains };
    // The first of the best ones.
    const first = candidates.find(({ division }) => division.gain === gains[0]);
    if (first !== undefined && gains[0] > data.rules.minGainToSplit) best.set(node, first);
    return nodes.push(node) - 1;
  }
  open(root);
  for (let leaves = 1; leaves < maxLeafNodes && best.size > 0; leaves++) {
    // Maps keep the order in which nodes were made: the first of equal ones comes first.
    const waiting = [...best.keys()];
    const next =
      growth === 'leaf-wise'
        ? waiting.reduce((a, b) => (b.gains[0] > a.gains[0] ? b : a))
        : waiting.reduce((a, b) => (b.state.depth < a.state.depth ? b : a));
    const cut = best.get(next)!;
    best.delete(next);
    next.cut = cut;
    next.gain = cut.division.gain;
    const [left, right] = childrenOf(data, next.state, cut.division, cut.feature);
    next.left = open(left);
    next.right = open(right);
  }
  return nodes;
}

function growLevels(data: TreeData, root: NodeState, maxDepth: number): ReferenceNode[] {
  const nodes: ReferenceNode[] = [];
  let level = [root];
  let places = [0];
  for (let depth = 0; ; depth++) {
    const candidates = depth < maxDepth ? levelCandidates(data, level) : [];
    const gains = candidates.map(({ gain }) => gain).sort((a, b) => b - a);
    const made = level.map((state): ReferenceNode => ({
      gain: 0,
      left: -1,
      right: -1,
      value: 0,
      state,
      gains,
    }));
    made.forEach((node, which) => (nodes[places[which]] = node));
    const cut = candidates.find(({ gain }) => gain === gains[0]);
    if (cut === undefined || !(cut.gain > data.rules.minGainToSplit)) return nodes;
    const nextLevel: NodeState[] = [];
    const nextPlaces: number[] = [];
    for (const node of made) {
      const { state } = node;
      node.cut = levelCut(data, state, cut);
      node.gain = cut.gain / level.length;
      const division = divide(data, state, goesLeft(cut), cut.feature);
      nextLevel.push(...childrenOf(data, state, division, cut.feature));
      node.left = nodes.length + nextPlaces.length;
      node.right = node.left + 1;
      nextPlaces.push(node.left, node.right);
    }
    level = nextLevel;
    places = nextPlaces;
  }
}

/** A level's cut as one of its nodes makes it: where it has no missing row, such rows follow its majority. */
function levelCut(data: TreeData, node: NodeState, { feature, bin, missingLeft }: Cut): Cut {
  if (node.rows.some((row) => feature.bins[row] === feature.missing)) return { feature, bin, missingLeft };
  const { left, right } = divide(data, node, goesLeft({ feature, bin, missingLeft }), feature);
  return { feature, bin, missingLeft: left.length >= right.length };
}
