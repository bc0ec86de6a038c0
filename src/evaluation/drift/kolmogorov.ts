/** The two-sample statistic and what chance makes of it. */
export interface KolmogorovSmirnovTest {
  /** Largest distance of the two distribution functions, in [0, 1]. */
  readonly statistic: number;
  /** Asymptotic; conservative, because only the edges of the bins are looked at. */
  readonly pValue: number;
}

/**
 * Two-sample Kolmogorov-Smirnov test (Smirnov 1939) of counts over the same ascending bins. The distance is exact at
 * the edges; between them it can be larger by at most the share of one bin.
 * @param reference counts `[nBins]`, at least one row
 * @param current counts `[nBins]`, at least one row
 */
export function binnedKolmogorovSmirnov(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
): KolmogorovSmirnovTest {
  let n = 0;
  let m = 0;
  for (let b = 0; b < reference.length; b++) {
    n += reference[b];
    m += current[b];
  }
  let below = 0;
  let currentBelow = 0;
  let statistic = 0;
  for (let b = 0; b < reference.length; b++) {
    below += reference[b];
    currentBelow += current[b];
    statistic = Math.max(statistic, Math.abs(below / n - currentBelow / m));
  }
  return { statistic, pValue: kolmogorovSurvival(statistic * Math.sqrt((n * m) / (n + m))) };
}

/** The probability that the limit of √n times the Kolmogorov-Smirnov distance exceeds `x` (Kolmogorov 1933). */
export function kolmogorovSurvival(x: number): number {
  if (!(x > 0)) return 1;
  if (x < 1) {
    // The same function in its other series, which converges where the alternating one does not.
    let sum = 0;
    for (let k = 1; k <= 15; k += 2) sum += Math.exp((-k * k * Math.PI * Math.PI) / (8 * x * x));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum;
  }
  let sum = 0;
  for (let k = 1; k <= 20; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, sum);
}
