import type { Matrix } from '../../../../src/core/matrix.js';
import type { GradientBoostingModel } from '../../../../src/learners/gbm/model.js';
import type { GradientBoostingParams } from '../../../../src/learners/gbm/params.js';
import { isInSet, type Trees } from '../../../../src/learners/tree/trees.js';
import { startBoosting, type ReferenceOptions } from './boosting.js';
import {
  candidatesOf,
  goesLeft,
  largestSet,
  levelCandidates,
  openCategories,
  setCandidate,
  type Cut,
} from './candidates.js';
import { referenceFeatures, type ReferenceFeature } from './features.js';
import { rootOf } from './fit.js';
import {
  allowedFeatures,
  childrenOf,
  divide,
  nodeValue,
  type Division,
  type NodeState,
  type TreeData,
} from './node.js';
import { plainQuantile } from './quantile.js';

export interface FollowOptions extends ReferenceOptions {
  /** Gradients and hessians may be rounded by so many parts of the largest of all rows. */
  readonly roundoff: number;
}

/** A node of the model beside what the reference says of its rows. */
interface Followed {
  /** Its number in the model's trees. */
  readonly node: number;
  readonly state: NodeState;
  /** How its rows are parted; undefined at a leaf. */
  readonly split?: { readonly cut: Cut; readonly division: Division };
  /** A gain that some split brings for certain, all errors against it. */
  readonly sureGain: number;
  readonly children: readonly Followed[];
}

class Departure extends Error {}

/**
 * Walks through a fitted model beside the reference: at every node the model reached, were there rows to be parted
 * better, or not to be parted? Follows the model's own choices, so that a near tie costs no more than itself, and all
 * trees are looked at.
 *
 * @returns the first departure that rounding does not explain, or undefined
 */
export function followModel(
  model: GradientBoostingModel,
  X: Matrix,
  y: ArrayLike<number>,
  params: GradientBoostingParams,
  options: FollowOptions,
): string | undefined {
  try {
    follow(model, X, y, params, options);
  } catch (error) {
    if (error instanceof Departure) return error.message;
    throw error;
  }
  return undefined;
}

function follow(
  model: GradientBoostingModel,
  X: Matrix,
  y: ArrayLike<number>,
  params: GradientBoostingParams,
  options: FollowOptions,
): void {
  const own = startBoosting(X, y, params, options).baseScore;
  model.baseScore.forEach((base, k) => {
    expectNear(base, own[k], 1e-6 * (1 + Math.abs(own[k])), `base score ${k}`);
  });
  const boosting = startBoosting(X, y, params, options, model.baseScore);
  const features = referenceFeatures(X, params.maxBins, params.categoricalFeatures);
  const { nMargins, trees } = model;
  const total = params.nEstimators * nMargins;
  if (trees.roots.length !== total) throw new Departure(`${trees.roots.length} trees instead of ${total}`);
  const gains = new Float64Array(X.nFeatures);
  const gainErrors = new Float64Array(X.nFeatures);
  for (let iteration = 0; iteration < params.nEstimators; iteration++) {
    const { gradient, hessian } = boosting.derivatives();
    const residuals = boosting.objective.renewal === undefined ? undefined : boosting.residuals();
    const leaves = gradient.map((_, k) => {
      const t = iteration * nMargins + k;
      const data: TreeData = {
        features,
        rules: { ...params, convention: 'ours' },
        gradient: gradient[k],
        hessian: hessian[k],
        // A gradient may be the small difference of terms as large as the hessian (Poisson's mean and count).
        gradientError: options.roundoff * (largest(gradient[k]) + largest(hessian[k])),
        hessianError: options.roundoff * largest(hessian[k]),
      };
      const where = (node: number): string => `tree ${t} node ${node}`;
      const walk = { data, trees, params, where };
      const root = rootOf(data, X.nRows);
      const nodes = params.growth === 'symmetric' ? followLevels(walk, t, root) : followNodes(walk, t, root);
      for (const { split } of nodes) {
        if (split === undefined) continue;
        gains[split.cut.feature.index] += split.division.gain;
        gainErrors[split.cut.feature.index] += split.division.gainError;
      }
      nodes.forEach((node) => checkCover(walk, node, boosting.weight));
      const ends = nodes.filter(({ split }) => split === undefined);
      for (const { node, state } of ends) {
        const renewed =
          residuals && plainQuantile(state.rows, residuals, boosting.weight, boosting.objective.renewal!);
        checkValue(walk, node, state, renewed, options);
      }
      return ends;
    });
    leaves.forEach((ends, k) => {
      for (const { node, state } of ends)
        for (const row of state.rows) boosting.add(k, row, trees.value[node]);
    });
  }
  gains.forEach((gain, j) => {
    expectNear(model.gains[j], gain, 1e-9 * (1 + gain) + gainErrors[j], `gain of feature ${j}`);
  });
}

interface Walk {
  readonly data: TreeData;
  readonly trees: Trees;
  readonly params: GradientBoostingParams;
  readonly where: (node: number) => string;
}

function largest(values: Float64Array): number {
  return values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
}

function expectNear(actual: number, expected: number, error: number, what: string): void {
  if (Math.abs(actual - expected) <= error) return;
  throw new Departure(`${what} is ${actual} instead of ${expected}, give or take ${error}`);
}

function checkValue(
  { data, trees, params, where }: Walk,
  node: number,
  state: NodeState,
  renewed: number | undefined,
  { roundoff }: FollowOptions,
): void {
  const { learningRate } = params;
  const { lower, upper, boundError } = state;
  const step = nodeValue(data, state.sums, state);
  const value = renewed === undefined ? step.value : Math.min(Math.max(renewed, lower), upper);
  const error = renewed === undefined ? step.error : boundError + roundoff * (1 + Math.abs(value));
  const rounding = 1e-9 * (1 + Math.abs(value));
  expectNear(
    trees.value[node],
    learningRate * value,
    learningRate * (error + rounding),
    `value of ${where(node)}`,
  );
}

function checkCover({ trees, where }: Walk, { node, state }: Followed, weight: Float64Array): void {
  if (trees.cover === undefined) return;
  const total = state.rows.reduce((sum, row) => sum + weight[row], 0);
  expectNear(trees.cover[node], total, 1e-5 * total, `cover of ${where(node)}`);
}

/** The model's cut at a node; bounds must be those of bins, categories those of the feature. */
function cutOf({ data, trees, where }: Walk, node: number): Cut {
  const feature = data.features[trees.feature[node]];
  const missingLeft = trees.missingLeft[node] === 1;
  if (feature.codes === undefined) {
    const threshold = trees.threshold[node];
    const bin = threshold === Infinity ? feature.nBins - 1 : feature.bounds!.indexOf(threshold);
    if (bin < 0) throw new Departure(`threshold ${threshold} of ${where(node)} is not the bound of a bin`);
    return { feature, bin, missingLeft };
  }
  const { categories } = trees;
  if (categories === undefined) throw new Departure(`${where(node)} has no categories`);
  const bins = [...feature.codes.keys()].filter((bin) => isInSet(categories, node, feature.codes![bin]));
  return { feature, bin: -1, missingLeft, set: missingLeft ? [...bins, feature.missing] : [...bins] };
}

/** Whether the model may split a node so: the candidate must exist, and its missing rows go where they should. */
function divisionOf(walk: Walk, node: number, state: NodeState): { cut: Cut; division: Division } {
  const { data, where } = walk;
  const cut = cutOf(walk, node);
  const { feature, set } = cut;
  if (!allowedFeatures(data, state).includes(feature)) {
    throw new Departure(
      `${where(node)} must not split by ${feature.name}, with ${[...state.path].join(', ')} above`,
    );
  }
  if (set !== undefined) return { cut, division: divisionBySet(walk, node, state, feature, set) };
  const division = divide(data, state, goesLeft(cut), feature);
  const inBin = (bin: number): boolean => state.rows.some((row) => feature.bins[row] === bin);
  const isMissingAlone = division.left.every((row) => feature.bins[row] === feature.missing);
  if (!inBin(cut.bin) && !isMissingAlone) {
    throw new Departure(`${where(node)} cuts behind a bin without rows`);
  }
  checkMajority(walk, node, state, cut, division);
  return { cut, division };
}

/** Where no row is missing, such rows follow the majority. */
function checkMajority({ where }: Walk, node: number, state: NodeState, cut: Cut, division: Division): void {
  const { feature, missingLeft } = cut;
  if (state.rows.some((row) => feature.bins[row] === feature.missing)) return;
  if (missingLeft !== division.left.length >= division.right.length) {
    throw new Departure(`${where(node)} sends missing values to its minority`);
  }
}

/** A set must come from one end of the sorted categories, up to rounding. */
function divisionBySet(
  { data, where }: Walk,
  node: number,
  state: NodeState,
  feature: ReferenceFeature,
  set: readonly number[],
): Division {
  const { isOneHot, sorted } = openCategories(data, state, feature);
  // Categories without rows may be named or not: nothing is known of them.
  const held = set.filter((bin) => state.rows.some((row) => feature.bins[row] === bin));
  const outside = held.find((bin) => !sorted.some((other) => other.bin === bin));
  if (outside !== undefined) throw new Departure(`${where(node)} sends a category left that is too rare`);
  const most = isOneHot ? 1 : largestSet(data, sorted.length);
  if (held.length > most)
    throw new Departure(`${where(node)} sends ${held.length} categories left, at most ${most}`);
  if (!isOneHot) {
    const keys = (isIn: boolean): number[] =>
      sorted.filter(({ bin }) => held.includes(bin) === isIn).map(({ key }) => key);
    const errorOf = (bin: number): number => {
      const count = state.rows.filter((row) => feature.bins[row] === bin).length;
      return (count * (data.gradientError + data.hessianError)) / (1e-9 + data.rules.categorySmoothing);
    };
    const error = 2 * Math.max(...sorted.map(({ bin }) => errorOf(bin))) + 1e-12;
    const [inside, others] = [keys(true), keys(false)];
    const isLow = Math.max(...inside) <= Math.min(...others) + error;
    const isHigh = Math.min(...inside) >= Math.max(...others) - error;
    if (!isLow && !isHigh) throw new Departure(`${where(node)} sends a set left that is of neither end`);
  }
  return setCandidate(data, state, feature, held, isOneHot).division;
}

function checkSplit({ data, where }: Walk, node: number, sureGain: number, division: Division): void {
  const { gain, gainError, verdict } = division;
  if (verdict === 'too small' || verdict === 'not monotone') {
    throw new Departure(`${where(node)} splits although a side is ${verdict}`);
  }
  if (gain + gainError < sureGain) {
    throw new Departure(`${where(node)} gains ${gain}, and ${sureGain} could be gained`);
  }
  if (!(gain + gainError > data.rules.minGainToSplit)) {
    throw new Departure(`${where(node)} gains only ${gain}`);
  }
}

function followNodes(walk: Walk, t: number, rootState: NodeState): Followed[] {
  const { data, trees, params, where } = walk;
  const { maxDepth, maxLeafNodes, growth } = params;
  const all: Followed[] = [];
  function visit(node: number, state: NodeState): Followed {
    const mayGoOn = maxDepth === 0 || state.depth < maxDepth;
    const sureGain = mayGoOn
      ? Math.max(
          ...candidatesOf(data, state)
            .filter(({ division }) => division.verdict === 'allowed')
            .map(({ division }) => division.gain - division.gainError),
          -Infinity,
        )
      : -Infinity;
    if (trees.feature[node] < 0) {
      const leaf = { node, state, sureGain, children: [] };
      all.push(leaf);
      return leaf;
    }
    if (!mayGoOn) throw new Departure(`${where(node)} is at depth ${state.depth} and splits`);
    const split = divisionOf(walk, node, state);
    checkSplit(walk, node, sureGain, split.division);
    const [left, right] = childrenOf(data, state, split.division, split.cut.feature);
    const children = [visit(trees.left[node], left), visit(trees.right[node], right)];
    const followed = { node, state, split, sureGain, children };
    all.push(followed);
    return followed;
  }
  const root = visit(trees.roots[t], rootState);
  checkOrder(walk, root, growth === 'leaf-wise', maxLeafNodes);
  return all;
}

/** Plays the growth again: was the next node the one whose turn it was, and the end the end? */
function checkOrder({ data, where }: Walk, root: Followed, byGain: boolean, maxLeafNodes: number): void {
  let open = [root];
  const isSure = ({ sureGain }: Followed): boolean => sureGain > data.rules.minGainToSplit;
  const gainOf = ({ split }: Followed): number => split?.division.gain ?? -Infinity;
  for (let leaves = 1; ; leaves++) {
    if (leaves > maxLeafNodes)
      throw new Departure(`${where(root.node)} has more than ${maxLeafNodes} leaves`);
    const next = open
      .filter(({ split }) => split !== undefined)
      .reduce<Followed | undefined>((best, node) => {
        if (best === undefined) return node;
        const isSooner = byGain ? gainOf(node) > gainOf(best) : node.state.depth < best.state.depth;
        return isSooner ? node : best;
      }, undefined);
    if (leaves < maxLeafNodes) {
      const reach = next?.split === undefined ? -Infinity : gainOf(next) + next.split.division.gainError;
      const turn = next === undefined ? open.length : open.indexOf(next);
      const passed = open.find((node, place) => {
        if (node.split !== undefined || !isSure(node)) return false;
        if (next === undefined) return true;
        if (byGain) return node.sureGain > reach;
        const levels = next.state.depth - node.state.depth;
        return levels > 0 || (levels === 0 && place < turn);
      });
      if (passed !== undefined) {
        throw new Departure(`${where(passed.node)} is a leaf and could gain ${passed.sureGain}`);
      }
    }
    if (next === undefined) return;
    const { children } = next;
    // In the place of the parent: a level stays in its order, from left to right.
    open = open.flatMap((node) => (node === next ? children : [node]));
  }
}

function followLevels(walk: Walk, t: number, rootState: NodeState): Followed[] {
  const { data, trees, params, where } = walk;
  const all: Followed[] = [];
  let level = [{ node: trees.roots[t], state: rootState }];
  for (let depth = 0; ; depth++) {
    const candidates =
      depth < params.maxDepth
        ? levelCandidates(
            data,
            level.map(({ state }) => state),
          )
        : [];
    const sureGain = candidates
      .filter(({ isDoubtful }) => !isDoubtful)
      .reduce((most, { gain, gainError }) => Math.max(most, gain - gainError), -Infinity);
    const [first] = level;
    const isEnd = trees.feature[first.node] < 0;
    if (level.some(({ node }) => trees.feature[node] < 0 !== isEnd)) {
      throw new Departure(`the level of ${where(first.node)} is neither all leaves nor all splits`);
    }
    if (isEnd) {
      if (sureGain > params.minGainToSplit) {
        throw new Departure(`the level of ${where(first.node)} ends and could gain ${sureGain}`);
      }
      all.push(...level.map(({ node, state }) => ({ node, state, sureGain, children: [] })));
      return all;
    }
    if (depth >= params.maxDepth) throw new Departure(`${where(first.node)} is at depth ${depth} and splits`);
    const cuts = level.map(({ node }) => cutOf(walk, node));
    const { feature, bin } = cuts[0];
    if (cuts.some((cut) => cut.feature !== feature || cut.bin !== bin)) {
      throw new Departure(`the level of ${where(first.node)} makes different cuts`);
    }
    const withMissing = level.findIndex(({ state }) =>
      state.rows.some((row) => feature.bins[row] === feature.missing),
    );
    const missingLeft = withMissing >= 0 && cuts[withMissing].missingLeft;
    const chosen = candidates.find(
      (cut) => cut.feature === feature && cut.bin === bin && cut.missingLeft === missingLeft,
    );
    if (chosen === undefined) throw new Departure(`the level of ${where(first.node)} makes a forbidden cut`);
    const { gain, gainError } = chosen;
    if (gain + gainError < sureGain || !(gain + gainError > params.minGainToSplit)) {
      throw new Departure(`the level of ${where(first.node)} gains ${gain}, and could gain ${sureGain}`);
    }
    level = level.flatMap(({ node, state }, which) => {
      const division = divide(data, state, goesLeft(cuts[which]), feature);
      checkMajority(walk, node, state, cuts[which], division);
      const share = { ...division, gain: gain / level.length, gainError: gainError / level.length };
      all.push({ node, state, split: { cut: cuts[which], division: share }, sureGain, children: [] });
      const [left, right] = childrenOf(data, state, division, feature);
      return [
        { node: trees.left[node], state: left },
        { node: trees.right[node], state: right },
      ];
    });
  }
}
