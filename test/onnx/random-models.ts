import { previousFloat32 } from '../../src/core/float32.js';
import type { Rng } from '../../src/core/rng.js';
import type { GradientBoostingModel } from '../../src/learners/gbm/model.js';
import type { IsolationForestModel } from '../../src/learners/isolation-forest/model.js';
import { treeBuilder, type Trees } from '../../src/learners/tree/trees.js';

export interface RandomTreesOptions {
  readonly nTrees: number;
  readonly nLeaves: number;
  /** A split value for a feature. */
  readonly threshold: (feature: number) => number;
  readonly leaf: (depth: number) => number;
  /** A category set for a split of a feature, in place of a threshold. */
  readonly words?: (feature: number) => Uint32Array | undefined;
}

/** Trees grown by splitting a random leaf until there are `nLeaves`. */
export function randomTrees(nFeatures: number, options: RandomTreesOptions, rng: Rng): Trees {
  const builder = treeBuilder();
  for (let t = 0; t < options.nTrees; t++) {
    builder.beginTree();
    const leaves = [{ node: builder.addLeaf(options.leaf(0)), depth: 0 }];
    while (leaves.length < options.nLeaves) {
      const [{ node, depth }] = leaves.splice(rng.integer(leaves.length), 1);
      const left = builder.addLeaf(options.leaf(depth + 1));
      const right = builder.addLeaf(options.leaf(depth + 1));
      const feature = rng.integer(nFeatures);
      const words = options.words?.(feature);
      builder.setSplit(node, {
        feature,
        threshold: options.threshold(feature),
        missingLeft: rng.integer(2) === 1,
        left,
        right,
        ...(words !== undefined && { words }),
      });
      leaves.push({ node: left, depth: depth + 1 }, { node: right, depth: depth + 1 });
    }
  }
  return builder.finish();
}

/** Sets of codes as trees have them: none, all, one, runs, and any; up to four words. */
function randomSet(rng: Rng): Uint32Array {
  const words = new Uint32Array(1 + rng.integer(4));
  const kind = rng.integer(6);
  if (kind === 0) return words;
  if (kind === 1) return words.fill(2 ** 32 - 1);
  const nCodes = 32 * words.length;
  const one = rng.integer(nCodes);
  const share = [0, 0, 0, 0.1, 0.5, 0.9][kind];
  for (let code = 0; code < nCodes; code++) {
    if (code === one || rng.uniform() < share) words[code >>> 5] |= 1 << (code & 31);
  }
  return words;
}

/** A boosted ensemble whose thresholds are awkward float32 values: ties, neighbours, zero, huge and tiny. */
export function randomBoosting(
  featureNames: readonly string[],
  rng: Rng,
  options: {
    nTrees?: number;
    nLeaves?: number;
    nMargins?: number;
    scale?: number;
    /** Features, from the first on, that hold codes. */
    nCategorical?: number;
  } = {},
): GradientBoostingModel {
  const { nTrees = 20, nLeaves = 8, nMargins = 1, scale = 0.3, nCategorical = 0 } = options;
  const trees = randomTrees(
    featureNames.length,
    {
      nTrees,
      nLeaves,
      threshold: () => {
        const kind = rng.integer(8);
        const value = Math.fround(rng.normal() * (kind === 0 ? 1e30 : kind === 1 ? 1e-30 : 2));
        return kind === 2 ? 0 : kind === 3 ? 1 : kind === 4 ? previousFloat32(1) : value;
      },
      leaf: () => rng.normal() * scale,
      words: (feature) => (feature < nCategorical ? randomSet(rng) : undefined),
    },
    rng,
  );
  return {
    kind: 'gradient-boosting',
    format: 1,
    objective: nMargins > 1 ? 'multiclass' : 'binary',
    featureNames,
    nMargins,
    baseScore: Float64Array.from({ length: nMargins }, () => rng.normal()),
    trees,
    gains: new Float64Array(featureNames.length),
  };
}

/** An isolation forest with the usual path lengths at its leaves. */
export function randomIsolationForest(
  featureNames: readonly string[],
  rng: Rng,
  options: { nTrees?: number; nLeaves?: number } = {},
): IsolationForestModel {
  const { nTrees = 10, nLeaves = 16 } = options;
  return {
    kind: 'isolation-forest',
    format: 1,
    featureNames,
    sampleSize: 256,
    trees: randomTrees(
      featureNames.length,
      {
        nTrees,
        nLeaves,
        threshold: () => Math.fround(rng.normal()),
        leaf: (depth) => depth + rng.uniform() * 3,
      },
      rng,
    ),
  };
}
