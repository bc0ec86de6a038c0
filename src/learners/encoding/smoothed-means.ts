/**
 * Group means drawn towards the mean of all rows by empirical Bayes (Micci-Barreca 2001, eq. 5 and 6):
 * lambda * mean of the group + (1 - lambda) * mean of all, lambda = W s² / (W s² + v), with W the weight of the
 * group, v its variance and s² the variance of all rows. A weight of 2 counts as two rows.
 *
 * @param y `[nRows]`
 * @param weight `[nRows]`, not all 0
 * @param group `[nRows]` from 0 to nGroups - 1; -1 for rows that belong to no group
 * @returns the mean of all rows, and `[nGroups]` smoothed means: the mean of all for a group without weight
 */
export function smoothedMeans(
  y: Float64Array,
  weight: Float64Array,
  group: Int32Array,
  nGroups: number,
): { mean: number; means: Float64Array } {
  const groupWeight = new Float64Array(nGroups);
  const groupMean = new Float64Array(nGroups);
  let total = 0;
  let sum = 0;
  for (let i = 0; i < y.length; i++) {
    total += weight[i];
    sum += weight[i] * y[i];
    if (group[i] < 0) continue;
    groupWeight[group[i]] += weight[i];
    groupMean[group[i]] += weight[i] * y[i];
  }
  const mean = sum / total;
  for (let c = 0; c < nGroups; c++) groupMean[c] /= groupWeight[c];

  const groupSquares = new Float64Array(nGroups);
  let squares = 0;
  for (let i = 0; i < y.length; i++) {
    squares += weight[i] * (y[i] - mean) ** 2;
    if (group[i] >= 0) groupSquares[group[i]] += weight[i] * (y[i] - groupMean[group[i]]) ** 2;
  }
  const variance = squares / total;

  const means = groupMean.map((own, c) => {
    const between = variance * groupWeight[c];
    const lambda = between / (between + groupSquares[c] / groupWeight[c]);
    // No weight at all, or no variance anywhere: nothing speaks against the mean of all.
    return Number.isNaN(lambda) ? mean : lambda * own + (1 - lambda) * mean;
  });
  return { mean, means };
}
