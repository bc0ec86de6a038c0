import { sigmoid } from './apply.js';
import type { CalibratorModel } from './model.js';

/**
 * Isotonic regression of y on the probability by pooling adjacent violators (Ayer et al. 1955), read by linear
 * interpolation between the block centres. Knots are float32 values, so that no two coincide in a float32 graph.
 * @param margins `[nRows]` out-of-fold log-odds
 * @param y `[nRows]` 0 or 1
 */
export function fitIsotonic(margins: ArrayLike<number>, y: ArrayLike<number>): CalibratorModel {
  const p = Float64Array.from(margins, sigmoid);
  const order = Uint32Array.from(p.keys()).sort((i, j) => p[i] - p[j] || i - j);
  // A block: its rows, the sum of its labels, and its first and last probability.
  const blocks: { n: number; sum: number; first: number; last: number }[] = [];
  for (const i of order) {
    const previous = blocks.at(-1);
    if (previous?.last === p[i]) {
      previous.n++;
      previous.sum += y[i];
    } else blocks.push({ n: 1, sum: y[i], first: p[i], last: p[i] });
  }
  const pooled: typeof blocks = [];
  for (const block of blocks) {
    let current = block;
    for (
      let before = pooled.at(-1);
      before && before.sum * current.n >= current.sum * before.n;
      before = pooled.at(-1)
    ) {
      pooled.pop();
      current = {
        n: before.n + current.n,
        sum: before.sum + current.sum,
        first: before.first,
        last: current.last,
      };
    }
    pooled.push(current);
  }
  const x: number[] = [];
  const values: number[] = [];
  for (const block of pooled) {
    for (const at of [block.first, block.last]) {
      const knot = Math.fround(at);
      if (x.length > 0 && knot <= x[x.length - 1]) continue;
      x.push(knot);
      values.push(block.sum / block.n);
    }
  }
  return { kind: 'isotonic', format: 1, x: Float64Array.from(x), y: Float64Array.from(values) };
}
