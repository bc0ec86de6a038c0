/** Share of a weight below which an exchange is not looked for further. */
const precision = 1e-3;
const golden = (Math.sqrt(5) - 1) / 2;

/**
 * Weights of at least 0 that add up to 1 and make a convex loss small, by exchanging weight between two voices at a time
 * (golden-section search on each line). Such a mixture never leaves the range of its voices, so it cannot extrapolate
 * what they have in common: what least squares does where the future differs from the past.
 * @param nVoices at least 1
 * @param lossOf convex in the weights `[nVoices]`
 * @returns `[nVoices]`
 */
export function convexWeights(nVoices: number, lossOf: (weights: readonly number[]) => number): number[] {
  let weights = Array.from({ length: nVoices }, () => 1 / nVoices);
  let current = lossOf(weights);
  for (let sweep = 0; sweep < 20; sweep++) {
    const before = current;
    for (let a = 0; a < nVoices; a++) {
      for (let b = a + 1; b < nVoices; b++) {
        const shared = weights[a] + weights[b];
        const split = (share: number): number[] =>
          weights.map((weight, v) => (v === a ? share * shared : v === b ? (1 - share) * shared : weight));
        const best = split(lowest((share) => lossOf(split(share))));
        const loss = lossOf(best);
        if (loss < current) [weights, current] = [best, loss];
      }
    }
    if (!(before - current > 1e-6 * Math.abs(before))) break;
  }
  return weights;
}

/** Where a convex function on [0, 1] is lowest, both ends included. */
function lowest(f: (x: number) => number): number {
  let [low, high] = [0, 1];
  let [left, right] = [1 - golden, golden];
  let [atLeft, atRight] = [f(left), f(right)];
  while (high - low > precision) {
    if (atLeft <= atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - golden * (high - low);
      atLeft = f(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + golden * (high - low);
      atRight = f(right);
    }
  }
  const inner = (low + high) / 2;
  return [0, 1].reduce((best, end) => (f(end) <= f(best) ? end : best), inner);
}
