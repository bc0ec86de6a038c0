import { floorToFloat32, previousFloat32 } from '../../core/float32.js';
import type { Rng } from '../../core/rng.js';
import type { TreeBuilder } from '../tree/trees.js';
import { averagePathLength } from './average-path-length.js';

const largestFloat32 = 3.4028234663852886e38;

/**
 * Adds one isolation tree (Liu, Ting & Zhou 2008, algorithm 2) to `builder`: a random feature among those that
 * vary in the node, a random threshold between its smallest and its largest value there. A feature varies where
 * it has two different present values; missing values take a random side of every split.
 *
 * @param columns the rows of this tree, `[nFeatures]` arrays of `[sampleSize]`
 */
export function growIsolationTree(columns: readonly Float32Array[], builder: TreeBuilder, rng: Rng): void {
  const sampleSize = columns[0].length;
  const heightLimit = Math.ceil(Math.log2(sampleSize));
  const rows = Uint32Array.from({ length: sampleSize }, (_, i) => i);
  const scratch = new Uint32Array(sampleSize);
  const features = Uint32Array.from(columns.keys());

  function grow(node: number, start: number, end: number, depth: number): void {
    const split = end - start > 1 && depth < heightLimit ? drawSplit(start, end) : undefined;
    if (split === undefined) {
      builder.setValue(node, depth + averagePathLength(end - start));
      return;
    }
    const { feature, threshold, missingLeft } = split;
    const middle = partition(columns[feature], start, end, threshold, missingLeft);
    const left = builder.addLeaf(0);
    const right = builder.addLeaf(0);
    builder.setSplit(node, { feature, threshold, missingLeft, left, right });
    grow(left, start, middle, depth + 1);
    grow(right, middle, end, depth + 1);
  }

  function drawSplit(
    start: number,
    end: number,
  ): { feature: number; threshold: number; missingLeft: boolean } | undefined {
    // Drawing until one varies is a uniform draw among those that vary, without looking at all of them.
    for (let left = features.length; left > 0; left--) {
      const k = rng.integer(left);
      const feature = features[k];
      features[k] = features[left - 1];
      features[left - 1] = feature;
      const column = columns[feature];
      let low = Infinity;
      let high = -Infinity;
      for (let i = start; i < end; i++) {
        const x = column[rows[i]];
        if (x < low) low = x;
        if (x > high) high = x;
      }
      if (low < high) {
        return { feature, threshold: drawThreshold(low, high, rng), missingLeft: rng.uniform() < 0.5 };
      }
    }
    return undefined;
  }

  function partition(
    column: Float32Array,
    start: number,
    end: number,
    threshold: number,
    missingLeft: boolean,
  ): number {
    let left = start;
    let right = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i];
      const x = column[row];
      if (x <= threshold || (x !== x && missingLeft)) rows[left++] = row;
      else scratch[right++] = row;
    }
    rows.set(scratch.subarray(0, right), left);
    return left;
  }

  builder.beginTree();
  grow(builder.addLeaf(0), 0, sampleSize, 0);
}

/** A float32 threshold on [low, high), for float32 values low < high, infinities included. */
export function drawThreshold(low: number, high: number, rng: Rng): number {
  const from = Math.max(low, -largestFloat32);
  const to = Math.min(high, largestFloat32);
  const threshold = floorToFloat32(from + rng.uniform() * (to - from));
  return threshold < high ? threshold : previousFloat32(high);
}
