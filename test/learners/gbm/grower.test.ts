import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Matrix } from '../../../src/core/matrix.js';
import { createRng, type Rng } from '../../../src/core/rng.js';
import { fitBins, mapToBins } from '../../../src/learners/gbm/binning.js';
import { growTree, type GrowerContext } from '../../../src/learners/gbm/grower.js';
import {
  binOffsets,
  buildHistogram,
  subtractHistogram,
  type Histogram,
} from '../../../src/learners/gbm/histogram.js';
import {
  describeSplit,
  findBestSplit,
  leafValue,
  type NodeSums,
  type Split,
} from '../../../src/learners/gbm/split.js';
import { findLevelCut } from '../../../src/learners/gbm/symmetric-split.js';
import { treeBuilder, type Trees } from '../../../src/learners/tree/trees.js';

interface Derivatives {
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
}

interface SlowNode {
  readonly index: number;
  readonly depth: number;
  readonly rows: Uint32Array;
  readonly sums: NodeSums;
  readonly histogram: Histogram;
}

/** Grows without any thrift: every node has a histogram and is searched, used or not; nothing is done in place. */
function growSlowly(
  context: GrowerContext,
  sample: Uint32Array,
  features: Int32Array,
  { gradient, hessian }: Derivatives,
  rng: Rng,
): Trees {
  const { bins, mapper, rules, growth, maxDepth, maxLeafNodes, learningRate } = context;
  const offsets = binOffsets(Array.from(features, (j) => mapper.bounds[j].length + 2));
  const builder = treeBuilder();
  const sum = (values: Float64Array): number => sample.reduce((total, row) => total + values[row], 0);
  const histogramOf = (rows: Uint32Array): Histogram => {
    const out = new Float64Array(3 * offsets[features.length]);
    const buffer = { gradient: new Float64Array(rows.length), hessian: new Float64Array(rows.length) };
    buildHistogram(out, bins, offsets, features, rows, 0, rows.length, gradient, hessian, buffer);
    return out;
  };
  const splitOf = (node: SlowNode): Split | undefined => {
    const draw = context.randomBounds ? rng.split(`node-${node.index}`) : undefined;
    const split = findBestSplit(node.histogram, offsets, features, node.sums, rules, draw);
    return node.depth < maxDepth ? split : undefined;
  };
  const divide = (node: SlowNode, split: Split): SlowNode[] => {
    const { feature, bin, missingLeft } = split;
    const bounds = mapper.bounds[feature];
    const goesLeft = (row: number): boolean => {
      const b = bins[feature][row];
      return b === bounds.length + 1 ? missingLeft : b <= bin;
    };
    const left = builder.addLeaf(0);
    const right = builder.addLeaf(0);
    builder.setSplit(node.index, { feature, threshold: bounds[bin] ?? Infinity, missingLeft, left, right });
    const leftRows = node.rows.filter(goesLeft);
    const rightRows = node.rows.filter((row) => !goesLeft(row));
    const leftIsSmaller = leftRows.length <= rightRows.length;
    const small = histogramOf(leftIsSmaller ? leftRows : rightRows);
    const large = node.histogram.slice();
    subtractHistogram(large, small, offsets);
    const [leftHistogram, rightHistogram] = leftIsSmaller ? [small, large] : [large, small];
    const depth = node.depth + 1;
    return [
      { index: left, depth, rows: leftRows, sums: split.left, histogram: leftHistogram },
      { index: right, depth, rows: rightRows, sums: split.right, histogram: rightHistogram },
    ];
  };

  builder.beginTree();
  const bounds = { lower: -Infinity, upper: Infinity };
  const sums = { gradient: sum(gradient), hessian: sum(hessian), count: sample.length, ...bounds };
  let leaves: SlowNode[] = [
    { index: builder.addLeaf(0), depth: 0, rows: sample, sums, histogram: histogramOf(sample) },
  ];
  if (growth === 'symmetric') {
    for (let depth = 0; depth < maxDepth; depth++) {
      const histograms = leaves.map((node) => node.histogram);
      const nodes = leaves.map((node) => node.sums);
      const cut = findLevelCut(histograms, offsets, features, nodes, rules);
      if (cut === undefined) break;
      const share = { ...cut, feature: features[cut.slot], gain: cut.gain / leaves.length };
      const [begin, end] = offsets.subarray(cut.slot, cut.slot + 2);
      leaves = leaves.flatMap((node) =>
        divide(node, describeSplit(node.histogram, begin, end, node.sums, rules, share)),
      );
    }
  } else {
    while (leaves.length < maxLeafNodes) {
      // Among equals the one that was opened first.
      const ready = leaves
        .map((node) => ({ node, split: splitOf(node) }))
        .filter((entry): entry is { node: SlowNode; split: Split } => entry.split !== undefined)
        .sort((a, b) =>
          growth === 'depth-wise'
            ? a.node.depth - b.node.depth || a.node.index - b.node.index
            : b.split.gain - a.split.gain,
        );
      if (ready.length === 0) break;
      const { node, split } = ready[0];
      leaves = [...leaves.filter((leaf) => leaf !== node), ...divide(node, split)];
    }
  }
  for (const leaf of leaves)
    builder.setValue(leaf.index, learningRate * leafValue(leaf.sums, rules.l2Regularization));
  return builder.finish();
}

const nFeatures = 6;

describe('growTree', () => {
  it('leaves out only work that changes nothing', () => {
    const settings = fc.record({
      seed: fc.integer(),
      growth: fc.constantFrom('leaf-wise', 'depth-wise', 'symmetric'),
      maxLeafNodes: fc.integer({ min: 2, max: 20 }),
      maxDepth: fc.constantFrom(1, 2, 4, Infinity),
      minSamplesLeaf: fc.constantFrom(1, 3, 20),
      minChildWeight: fc.constantFrom(0, 1e-3, 4),
      l2Regularization: fc.constantFrom(0, 2),
      minGainToSplit: fc.constantFrom(0, 0.5),
      random: fc.boolean(),
      nSample: fc.constantFrom(1, 70, 100),
    });
    let nSplits = 0;
    fc.assert(
      fc.property(settings, ({ seed, growth, random, nSample, ...rest }) => {
        const rng = createRng(seed);
        const nRows = 100;
        const cell = (j: number): number =>
          rng.uniform() < 0.05 ? NaN : j < 3 ? rng.integer(2 + j) : rng.normal();
        const X = Matrix.fromColumns(
          Array.from({ length: nFeatures }, (_, j) => Array.from({ length: nRows }, () => cell(j))),
        );
        const mapper = fitBins(X, 30, rng);
        const symmetric = growth === 'symmetric';
        const context: GrowerContext = {
          bins: mapToBins(mapper, X),
          mapper,
          rules: { ...rest, monotone: Int8Array.from({ length: nFeatures }, () => rng.integer(3) - 1) },
          growth,
          maxLeafNodes: rest.maxLeafNodes,
          maxDepth: symmetric ? Math.min(rest.maxDepth, 5) : rest.maxDepth,
          learningRate: 0.3,
          randomBounds: random && !symmetric,
          buffer: { gradient: new Float64Array(nRows), hessian: new Float64Array(nRows) },
          scratch: new Uint32Array(nRows),
          // What a histogram held before must not matter.
          spare: [new Float64Array(3 * 32 * nFeatures).fill(7)],
          histogramLength: 3 * 32 * nFeatures,
          gains: new Float64Array(nFeatures),
        };
        const derivatives = {
          gradient: Float64Array.from({ length: nRows }, () => rng.normal()),
          hessian: Float64Array.from({ length: nRows }, () => 0.1 + rng.uniform()),
        };
        const features = Int32Array.of(0, 1, 2, 3, 5);
        const rows = Uint32Array.from({ length: nRows }, (_, i) => (i * 37) % nRows);
        const sample = rows.slice(0, nSample);
        const builder = treeBuilder();
        const { gradient, hessian } = derivatives;
        const leaves = growTree(context, rows, nSample, features, gradient, hessian, builder, rng);
        const tree = builder.finish();
        expect(tree).toEqual(growSlowly(context, sample, features, derivatives, rng));

        // Every row, drawn or not, has the value of the leaf it reaches.
        const nodeOf = (row: number): number => {
          let node = 0;
          while (tree.feature[node] >= 0) {
            const x = X.columns[tree.feature[node]][row];
            const goesLeft = Number.isNaN(x) ? tree.missingLeft[node] === 1 : x <= tree.threshold[node];
            node = goesLeft ? tree.left[node] : tree.right[node];
          }
          return node;
        };
        const given = new Float64Array(nRows).fill(NaN);
        for (const { start, end, value } of leaves)
          for (const row of rows.subarray(start, end)) given[row] = value;
        expect(given).toEqual(given.map((_, row) => tree.value[nodeOf(row)]));
        expect([...rows].sort((a, b) => a - b)).toEqual([...rows.keys()]);
        expect(new Set(context.spare).size).toBe(context.spare.length);
        nSplits += tree.left.filter((child) => child >= 0).length;
      }),
      { numRuns: 400 },
    );
    expect(nSplits).toBeGreaterThan(800);
  });
});
