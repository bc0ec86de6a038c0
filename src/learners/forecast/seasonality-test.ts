/** The 95 % quantile of the normal distribution: a two-sided test at 10 %. */
const critical = 1.6448536269514722;

/**
 * Whether a series repeats itself after `period` steps: its autocorrelation there against Bartlett's standard error
 * (Assimakopoulos & Nikolopoulos 2000). Never for cycles below 4 steps or series below two cycles, as in the theta
 * method's reference code.
 */
export function isSeasonal(y: Float64Array, period: number): boolean {
  const n = y.length;
  if (period < 4 || n < 2 * period) return false;
  const mean = y.reduce((sum, value) => sum + value, 0) / n;
  const centred = y.map((value) => value - mean);
  const variance = lagProduct(centred, 0);
  if (!(variance > 0)) return false;
  let squares = 0;
  for (let lag = 1; lag < period; lag++) squares += (lagProduct(centred, lag) / variance) ** 2;
  const correlation = lagProduct(centred, period) / variance;
  return Math.abs(correlation) > critical * Math.sqrt((1 + 2 * squares) / n);
}

function lagProduct(x: Float64Array, lag: number): number {
  let sum = 0;
  for (let i = lag; i < x.length; i++) sum += x[i] * x[i - lag];
  return sum;
}
