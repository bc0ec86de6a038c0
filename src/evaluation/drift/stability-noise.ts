import { chiSquaredQuantile, chiSquaredSurvival } from './chi-squared.js';

/** What two samples without a difference reach by chance. */
export interface StabilityNoise {
  /** Mean of the population stability index. */
  readonly expected: number;
  /** The index that is exceeded with probability `1 - level`. */
  readonly upper: number;
  /** The Jensen-Shannon distance that is exceeded with probability `1 - level`. */
  readonly distance: number;
}

/**
 * The null distribution of the measures over bins. To second order in the differences of the shares, both are a
 * multiple of the chi-squared statistic of homogeneity: PSI / (1/n + 1/m), and 8 ln 2 · JS² / (1/n + 1/m), are
 * chi-squared with nBins - 1 degrees of freedom (Yurdakul & Naranjo 2020; Lin 1991).
 *
 * @param nBins bins that hold rows; 1 gives zeros
 * @param n rows of the reference
 * @param m rows of the current sample
 */
export function stabilityNoise(nBins: number, n: number, m: number, level = 0.99): StabilityNoise {
  if (nBins < 2) return { expected: 0, upper: 0, distance: 0 };
  const scale = 1 / n + 1 / m;
  const quantile = chiSquaredQuantile(1 - level, nBins - 1);
  return {
    expected: (nBins - 1) * scale,
    upper: quantile * scale,
    distance: Math.min(1, Math.sqrt((quantile * scale) / (8 * Math.LN2))),
  };
}

/**
 * The probability that two samples of one distribution differ at least as much: the chi-squared test of homogeneity
 * (Pearson 1900) over the bins that hold rows. 1 where all rows lie in one bin.
 * @param reference counts `[nBins]`
 * @param current counts `[nBins]`
 * @param correction taken off each difference of counts: 0.5 for two bins (Yates 1934), where few rows would else
 *   surprise too often
 */
export function homogeneityPValue(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  correction = 0,
): number {
  let n = 0;
  let m = 0;
  for (let b = 0; b < reference.length; b++) {
    n += reference[b];
    m += current[b];
  }
  let statistic = 0;
  let filled = 0;
  for (let b = 0; b < reference.length; b++) {
    const both = reference[b] + current[b];
    if (both === 0) continue;
    filled++;
    const expected = (both * m) / (n + m);
    const difference = Math.max(0, Math.abs(current[b] - expected) - correction);
    // Both sides of the table at once: the reference differs by the same amount around both · n / (n + m).
    statistic += (difference * difference) / expected / (n / (n + m));
  }
  return filled < 2 ? 1 : chiSquaredSurvival(statistic, filled - 1);
}
