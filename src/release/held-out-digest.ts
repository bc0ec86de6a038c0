import { murmur3 } from '../core/murmur3.js';
import { sha256 } from '../core/record.js';
import { sketchSize } from '../registry/looks-ledger.js';

/**
 * What tells sets of held-out rows apart, in any order: their digest, and the smallest hashes of their keys.
 * @param keys `[nRows]`
 * @param y `[nRows]` labels or targets
 */
export function heldOutDigest(
  keys: readonly string[],
  y: ArrayLike<number>,
): { readonly rows: string; readonly sketch: readonly number[] } {
  const lines = keys.map((key, i) => JSON.stringify([key, y[i]])).sort();
  const hashes = Uint32Array.from(lines, (line) => murmur3(line, 0) >>> 0).sort();
  const distinct = [...new Set(hashes)];
  return { rows: sha256(lines.join('\n')), sketch: distinct.slice(0, sketchSize) };
}
