/** The weighted quantile of `values` over `rows`, by sorting: see `weightedQuantile`. */
export function plainQuantile(
  rows: readonly number[],
  values: ArrayLike<number>,
  weight: ArrayLike<number>,
  level: number,
): number {
  const sorted = rows.filter((row) => weight[row] > 0).sort((a, b) => values[a] - values[b]);
  const total = sorted.reduce((sum, row) => sum + weight[row], 0);
  let below = 0;
  for (const [place, row] of sorted.entries()) {
    below += weight[row];
    const isStep = Math.abs(below - level * total) <= 1e-12 * total;
    if (isStep && place + 1 < sorted.length) return (values[row] + values[sorted[place + 1]]) / 2;
    if (isStep || below > level * total) return values[row];
  }
  return 0;
}
