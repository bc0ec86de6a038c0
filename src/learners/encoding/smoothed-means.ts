/**
 * The mean target of every group, drawn towards the overall mean: lambda * mean + (1 - lambda) * overall with
 * lambda = n * variance overall / (n * variance overall + variance within) (Micci-Barreca 2001, eq. 5 and 6). A group
 * without weight, or without any variance to compare, gets the overall mean.
 *
 * @param target `[nRows]`
 * @param weights `[nRows]` with a positive sum; a weight of 2 counts as two rows
 * @param group `[nRows]` in [0, nGroups), or -1 for a row that counts in the overall mean only
 * @returns the overall mean and `[nGroups]` smoothed means
 */
export function smoothedMeans(
  target: Float64Array,
  weights: Float64Array,
  group: Int32Array,
  nGroups: number,
): { overall: number; means: Float64Array } {
  const count = new Float64Array(nGroups);
  const means = new Float64Array(nGroups);
  let total = 0;
  let overall = 0;
  for (let i = 0; i < target.length; i++) {
    total += weights[i];
    overall += weights[i] * target[i];
    if (group[i] < 0) continue;
    count[group[i]] += weights[i];
    means[group[i]] += weights[i] * target[i];
  }
  overall /= total;
  for (let g = 0; g < nGroups; g++) if (count[g] > 0) means[g] /= count[g];

  const squaresWithin = new Float64Array(nGroups);
  let variance = 0;
  for (let i = 0; i < target.length; i++) {
    variance += (weights[i] * (target[i] - overall) ** 2) / total;
    if (group[i] >= 0) squaresWithin[group[i]] += weights[i] * (target[i] - means[group[i]]) ** 2;
  }
  for (let g = 0; g < nGroups; g++) {
    const lambda = (variance * count[g]) / (variance * count[g] + squaresWithin[g] / count[g]);
    means[g] = lambda === lambda ? lambda * means[g] + (1 - lambda) * overall : overall;
  }
  return { overall, means };
}
