import { DataError } from '../../../core/errors.js';
import { floorToFloat32, previousFloat32 } from '../../../core/float32.js';
import type { TreeBuilder } from '../../tree/trees.js';
import { addForeignTree, type ForeignNode } from './foreign-tree.js';
import { anyNumber, anyThreshold, numbers, wholeNumber, type TextBlock } from './text-block.js';

/** What the trees of a file share. */
export interface LightgbmTreeContext {
  readonly builder: TreeBuilder;
  /** `[nFeatures]` sum of split gains of every feature. */
  readonly gains: Float64Array;
  /** By what leaf values are multiplied: a power of two, which is exact. */
  readonly factor: number;
}

/** What LightGBM takes for 0, a float32: it reads values up to here, of either sign, as 0. */
const zero = Math.fround(1e-35);

const word = { low: 0, high: 2 ** 32 - 1, whole: true };
const count = { low: 0, high: Number.MAX_SAFE_INTEGER, whole: true };

/**
 * Adds one tree of a file.
 * @throws {DataError} naming the field that is malformed, or the node that cannot be imported exactly
 */
export function addLightgbmTree(context: LightgbmTreeContext, block: TextBlock): void {
  const { place, fields } = block;
  if (fields.get('is_linear') !== undefined && wholeNumber(block, 'is_linear', 0, 1) === 1) {
    throw new DataError(`lightgbm: ${place}: is_linear=1 must be 0: linear trees cannot be imported`);
  }
  const nLeaves = wholeNumber(block, 'num_leaves', 1, 2 ** 30);
  const values = numbers(block, 'leaf_value', nLeaves, anyNumber);
  const nSplits = nLeaves - 1;
  const covers = countsOf(block, nLeaves);
  if (nSplits === 0) {
    const stump = { value: values[0] * context.factor, cover: covers?.leaves[0] ?? 0 };
    addForeignTree(context.builder, `lightgbm: ${place}`, 0, () => stump, context.gains);
    return;
  }
  const child = { low: -nLeaves, high: nSplits - 1, whole: true };
  const features = numbers(block, 'split_feature', nSplits, {
    low: 0,
    high: context.gains.length - 1,
    whole: true,
  });
  const thresholds = numbers(block, 'threshold', nSplits, anyThreshold);
  const decisions = numbers(block, 'decision_type', nSplits, { low: 0, high: 11, whole: true });
  const lefts = numbers(block, 'left_child', nSplits, child);
  const rights = numbers(block, 'right_child', nSplits, child);
  const gains = fields.has('split_gain') ? numbers(block, 'split_gain', nSplits, anyNumber) : undefined;
  const sets = readSets(block);

  /** Nodes that split have the numbers that the file gives them, leaf l is -l - 1. */
  function read(id: number): ForeignNode {
    if (id < 0) return { value: values[-id - 1] * context.factor, cover: covers?.leaves[-id - 1] };
    const common = { feature: features[id], left: lefts[id], right: rights[id], gain: gains?.[id] ?? 0 };
    const decision = decisions[id];
    const split =
      (decision & 1) === 1
        ? { ...common, threshold: 0, missingLeft: false, words: sets(id, thresholds[id]) }
        : { ...common, ...numericSplit(`${place}: node ${id}`, thresholds[id], decision) };
    return { value: 0, cover: covers?.splits[id], split };
  }
  addForeignTree(context.builder, `lightgbm: ${place}`, 0, read, context.gains);
}

function numericSplit(
  node: string,
  given: number,
  decision: number,
): { threshold: number; missingLeft: boolean } {
  const threshold = float32Threshold(given);
  const zeroLeft = 0 <= threshold;
  const defaultLeft = (decision & 2) !== 0;
  switch (decision >> 2) {
    case 2:
      return { threshold, missingLeft: defaultLeft };
    case 1:
      if (defaultLeft !== zeroLeft) {
        throw new DataError(
          `lightgbm: ${node} sends 0 and missing values to the side opposite to threshold=${given}, which cannot be imported; train with zero_as_missing=false`,
        );
      }
      return { threshold, missingLeft: zeroLeft };
    default:
      // A missing value is taken for 0.
      return { threshold, missingLeft: zeroLeft };
  }
}

/**
 * The threshold t by which every float32 x goes as LightGBM sends it: `x <= t` for the largest float32 not above the
 * given one, except that it reads tiny values as 0.
 */
function float32Threshold(given: number): number {
  if (given >= -zero && given < 0) return previousFloat32(-zero);
  if (given >= 0 && given < zero) return zero;
  return floorToFloat32(given);
}

/** Rows that reached leaves and splits; undefined where the file does not say. */
function countsOf(
  block: TextBlock,
  nLeaves: number,
): { leaves: Float64Array; splits: Float64Array } | undefined {
  // A tree of a single leaf may leave the lists empty.
  const filled = (key: string): boolean => (block.fields.get(key) ?? '').trim() !== '';
  if (!filled('leaf_count') || (nLeaves > 1 && !filled('internal_count'))) return undefined;
  return {
    leaves: numbers(block, 'leaf_count', nLeaves, count),
    splits: nLeaves > 1 ? numbers(block, 'internal_count', nLeaves - 1, count) : new Float64Array(0),
  };
}

/** The category sets of a tree, each for one split. */
function readSets(block: TextBlock): (node: number, index: number) => Uint32Array {
  const { place } = block;
  const nSets = block.fields.has('num_cat') ? wholeNumber(block, 'num_cat', 0, 2 ** 30) : 0;
  const bounds = nSets === 0 ? Float64Array.of(0) : numbers(block, 'cat_boundaries', nSets + 1, word);
  const words = nSets === 0 ? [] : numbers(block, 'cat_threshold', bounds[nSets], word);
  for (let i = 0; i < nSets; i++) {
    if (bounds[i] < bounds[i + 1]) continue;
    throw new DataError(
      `lightgbm: ${place}: cat_boundaries[${i + 1}]=${bounds[i + 1]} must be above the one before, ${bounds[i]}`,
    );
  }
  const taken = new Set<number>();
  return (node, index) => {
    if (!Number.isInteger(index) || index < 0 || index >= nSets || taken.has(index)) {
      throw new DataError(
        `lightgbm: ${place}: threshold[${node}]=${index} must be the number of a category set, below ${nSets}, that no other node has`,
      );
    }
    taken.add(index);
    return Uint32Array.from(words.slice(bounds[index], bounds[index + 1]));
  };
}
