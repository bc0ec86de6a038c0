const eulerGamma = 0.5772156649015329;

/**
 * Average path length of an unsuccessful search in a binary search tree of n rows, c(n) (Liu, Ting & Zhou 2008,
 * eq. 1, with ln i + γ for the harmonic number): what a leaf of n rows that was not split any further adds.
 * @param n rows, a whole number
 * @returns 0 for n <= 1, 1 for n = 2
 */
export function averagePathLength(n: number): number {
  if (n <= 1) return 0;
  if (n === 2) return 1;
  return 2 * (Math.log(n - 1) + eulerGamma) - (2 * (n - 1)) / n;
}
