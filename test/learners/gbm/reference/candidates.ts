import type { ReferenceFeature } from './features.js';
import { allowedFeatures, divide, sumsOf, type Division, type NodeState, type TreeData } from './node.js';

/** A way to split by a feature. */
export interface Cut {
  readonly feature: ReferenceFeature;
  readonly missingLeft: boolean;
  /** Of a number: bins up to this one go left. */
  readonly bin: number;
  /** Of a category: the bins that go left. */
  readonly set?: readonly number[];
}

export interface Candidate extends Cut {
  readonly division: Division;
}

/** Whether a cut sends a row left. */
export function goesLeft({ feature, bin, set, missingLeft }: Cut): (row: number) => boolean {
  const { bins, missing } = feature;
  return (row) => {
    if (bins[row] === missing) return missingLeft;
    return set === undefined ? bins[row] <= bin : set.includes(bins[row]);
  };
}

/** Every cut of a node that changes anything, in the order in which the first of the best ones wins. */
export function candidatesOf(data: TreeData, node: NodeState): Candidate[] {
  return allowedFeatures(data, node).flatMap((feature) =>
    feature.codes === undefined
      ? numericCandidates(data, node, feature)
      : categoricalCandidates(data, node, feature),
  );
}

function rowsIn({ bins }: ReferenceFeature, node: NodeState, bin: number): number[] {
  return node.rows.filter((row) => bins[row] === bin);
}

function numericCandidates(data: TreeData, node: NodeState, feature: ReferenceFeature): Candidate[] {
  const hasMissing = rowsIn(feature, node, feature.missing).length > 0;
  const found: Candidate[] = [];
  for (const missingLeft of hasMissing ? [false, true] : [false]) {
    // With missing values sent right, the last bin may still be cut off from them.
    const end = hasMissing && !missingLeft ? feature.nBins : feature.nBins - 1;
    // Missing values alone on the left: scikit-learn has that cut too, if the first bin has no rows.
    const isAlone = data.rules.convention === 'scikit-learn' && missingLeft;
    const first = isAlone && rowsIn(feature, node, 0).length === 0 ? -1 : 0;
    for (let bin = first; bin < end; bin++) {
      if (bin >= 0 && rowsIn(feature, node, bin).length === 0) continue;
      const division = divide(data, node, goesLeft({ feature, bin, missingLeft }), feature);
      const { left, right } = division;
      found.push({
        feature,
        bin,
        missingLeft: hasMissing ? missingLeft : left.length >= right.length,
        division,
      });
    }
  }
  return found;
}

/** The categories a node may send left, by what they would be sorted by; the missing one among them. */
export function openCategories(
  data: TreeData,
  node: NodeState,
  feature: ReferenceFeature,
): {
  readonly isOneHot: boolean;
  readonly sorted: readonly { readonly bin: number; readonly key: number }[];
} {
  const { maxCategoriesOneHot, minSamplesPerCategory, categorySmoothing } = data.rules;
  const present = [...Array(feature.nBins).keys(), feature.missing].filter(
    (bin) => rowsIn(feature, node, bin).length > 0,
  );
  const keyOf = (bin: number): number => {
    const { gradient, hessian } = sumsOf(data, rowsIn(feature, node, bin));
    return gradient / (hessian + categorySmoothing);
  };
  const isOneHot = present.length <= maxCategoriesOneHot;
  const open = isOneHot
    ? present
    : present.filter((bin) => rowsIn(feature, node, bin).length >= minSamplesPerCategory);
  const sorted = open.map((bin) => ({ bin, key: keyOf(bin) }));
  return { isOneHot, sorted: isOneHot ? sorted : sorted.sort((a, b) => a.key - b.key || a.bin - b.bin) };
}

/** How many categories a set of a node with `open` sorted ones may hold. */
export function largestSet(data: TreeData, open: number): number {
  return Math.min(data.rules.maxCategoriesPerSplit, Math.ceil(open / 2));
}

function categoricalCandidates(data: TreeData, node: NodeState, feature: ReferenceFeature): Candidate[] {
  const { isOneHot, sorted } = openCategories(data, node, feature);
  const order = sorted.map(({ bin }) => bin);
  const sizes = [...Array(largestSet(data, order.length)).keys()].map((size) => size + 1);
  const highSizes = data.rules.convention === 'ours' ? sizes : sizes.slice(0, -1);
  const sets = isOneHot
    ? order.map((bin) => [bin])
    : [
        ...sizes.map((size) => order.slice(0, size)),
        ...highSizes.map((size) => order.slice(order.length - size)),
      ];
  return sets.map((set) => setCandidate(data, node, feature, set, isOneHot));
}

/** The candidate that sends the bins of `set` left. */
export function setCandidate(
  data: TreeData,
  node: NodeState,
  feature: ReferenceFeature,
  set: readonly number[],
  isOneHot: boolean,
): Candidate {
  const cut = { feature, bin: -1, set, missingLeft: set.includes(feature.missing) };
  const extraL2 = isOneHot ? 0 : data.rules.categoryL2;
  return { ...cut, division: divide(data, node, goesLeft(cut), feature, extraL2) };
}

/** A cut of a whole level and what it is worth at each of its nodes. */
export interface LevelCandidate extends Cut {
  readonly gain: number;
  readonly gainError: number;
  readonly isDoubtful: boolean;
}

/** Every cut that all nodes of a level may make (oblivious trees), in the order in which the first of the best wins. */
export function levelCandidates(data: TreeData, level: readonly NodeState[]): LevelCandidate[] {
  const found: LevelCandidate[] = [];
  for (const feature of allowedFeatures(data, level[0])) {
    const hasMissing = level.some((node) => rowsIn(feature, node, feature.missing).length > 0);
    for (const missingLeft of hasMissing ? [false, true] : [false]) {
      for (let bin = 0; bin < feature.nBins; bin++) {
        const cut = { feature, bin, missingLeft };
        const divisions = level.map((node) => divide(data, node, goesLeft(cut), feature));
        if (divisions.some(({ verdict }) => verdict === 'not monotone')) continue;
        const counted = divisions.filter(({ verdict }) => verdict !== 'too small');
        found.push({
          ...cut,
          gain: counted.reduce((sum, { gain }) => sum + gain, 0),
          gainError: counted.reduce((sum, { gainError }) => sum + gainError, 0),
          isDoubtful: counted.some(({ verdict }) => verdict === 'doubtful'),
        });
      }
    }
  }
  return found;
}
