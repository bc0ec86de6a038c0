/** Most points a drawn curve keeps. */
export const maxCurvePoints = 200;

/**
 * Chooses points of a curve to keep: the first, the last, and those that first reach each of the equal steps between
 * their positions.
 * @param position `[nPoints]` how far along the curve each point is, ascending
 * @param limit most points kept, from 2
 * @returns indices, ascending; all of them where there are no more than `limit`
 */
export function thinPoints(position: ArrayLike<number>, limit = maxCurvePoints): readonly number[] {
  const n = position.length;
  if (n <= limit) return Array.from({ length: n }, (_, i) => i);
  const first = position[0];
  const step = (position[n - 1] - first) / (limit - 1);
  const kept = [0];
  let next = 1;
  for (let i = 1; i < n - 1; i++) {
    if (position[i] < first + next * step) continue;
    kept.push(i);
    while (next < limit - 1 && first + next * step <= position[i]) next++;
    if (next === limit - 1) break;
  }
  kept.push(n - 1);
  return kept;
}
