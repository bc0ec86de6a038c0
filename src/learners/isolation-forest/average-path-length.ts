const eulerGamma = 0.5772156649015329;

/**
 * c(n): the average path length of an unsuccessful search in a binary search tree of `n` keys, with the harmonic
 * number estimated as H(i) = ln(i) + 0.5772… (Liu, Ting & Zhou 2008, eq. 1).
 *
 * @param n a whole number of at least 0
 * @returns 0 for n <= 1, 1 for n = 2
 */
export function averagePathLength(n: number): number {
  if (n <= 1) return 0;
  if (n === 2) return 1;
  return 2 * (Math.log(n - 1) + eulerGamma) - (2 * (n - 1)) / n;
}
