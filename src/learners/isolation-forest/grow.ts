import { floorToFloat32, previousFloat32 } from '../../core/float32.js';
import type { Rng } from '../../core/rng.js';
import type { TreeBuilder } from '../tree/trees.js';
import { averagePathLength } from '../tree/average-path-length.js';

const largestFloat32 = 3.4028234663852886e38;

/**
 * Grows one isolation tree (Liu, Ting & Zhou 2008, algorithm 2) into `builder`: a random feature that still varies,
 * a random threshold between its ends, missing values to a random side, down to single rows or `heightLimit`.
 *
 * @param columns the features, `[nFeatures]` arrays of `[nRows]`
 * @param features the columns this tree may split, reordered
 * @param rows the rows this tree sees
 */
export function growIsolationTree(
  columns: readonly Float32Array[],
  features: Int32Array,
  rows: Uint32Array,
  heightLimit: number,
  rng: Rng,
  builder: TreeBuilder,
): void {
  const size = rows.length;
  // The sample is copied together once: a tree passes over it many times, the table is far larger than the cache.
  const sample = new Map(Array.from(features, (j) => [j, gather(columns[j], rows)]));
  const order = Uint32Array.from({ length: size }, (_, i) => i);
  const side = new Uint32Array(size);

  builder.beginTree();
  grow(builder.addLeaf(0, size), 0, size, 0, features.length);

  /** @param nVarying `features[0 .. nVarying)` are not yet known to be constant in this node */
  function grow(node: number, start: number, end: number, depth: number, nVarying: number): void {
    const split = depth < heightLimit && end - start > 1 ? draw(start, end, nVarying) : undefined;
    if (split === undefined) {
      builder.setValue(node, depth + averagePathLength(end - start));
      return;
    }
    const { feature, threshold, missingLeft } = split;
    const values = sample.get(feature)!;
    let middle = start;
    let nRight = 0;
    for (let i = start; i < end; i++) {
      const row = order[i];
      const x = values[row];
      if (x <= threshold || (x !== x && missingLeft)) order[middle++] = row;
      else side[nRight++] = row;
    }
    order.set(side.subarray(0, nRight), middle);
    const left = builder.addLeaf(0, middle - start);
    const right = builder.addLeaf(0, end - middle);
    builder.setSplit(node, { feature, threshold, missingLeft, left, right });
    grow(left, start, middle, depth + 1, split.nVarying);
    grow(right, middle, end, depth + 1, split.nVarying);
  }

  function draw(
    start: number,
    end: number,
    nVarying: number,
  ): { feature: number; threshold: number; missingLeft: boolean; nVarying: number } | undefined {
    while (nVarying > 0) {
      const pick = rng.integer(nVarying);
      const feature = features[pick];
      const values = sample.get(feature)!;
      let low = Infinity;
      let high = -Infinity;
      for (let i = start; i < end; i++) {
        const x = values[order[i]];
        if (x < low) low = x;
        if (x > high) high = x;
      }
      if (low < high) {
        return {
          feature,
          threshold: thresholdBetween(low, high, rng.uniform()),
          missingLeft: rng.uniform() < 0.5,
          nVarying,
        };
      }
      // Constant here, so constant in every node below: out of the way for this subtree. Nodes further up keep
      // the same set in front, only its order changes.
      nVarying--;
      features[pick] = features[nVarying];
      features[nVarying] = feature;
    }
    return undefined;
  }
}

/** The float32 at `share` of the way from `low` to `high`, in [low, high) so that both sides get rows. */
function thresholdBetween(low: number, high: number, share: number): number {
  const from = Math.max(low, -largestFloat32);
  const to = Math.min(high, largestFloat32);
  const threshold = floorToFloat32(from + share * (to - from));
  return threshold < high ? threshold : previousFloat32(high);
}

function gather(column: Float32Array, rows: Uint32Array): Float32Array {
  const values = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++) values[i] = column[rows[i]];
  return values;
}
