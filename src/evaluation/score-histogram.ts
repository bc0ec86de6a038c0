import { checkBins, checkProbabilities } from './check-input.js';

export interface HistogramBin {
  readonly from: number;
  readonly to: number;
  readonly negatives: number;
  readonly positives: number;
}

/**
 * Rows of each class by probability in bins of equal width over [0, 1]; a bin holds its lower edge, the last one
 * both.
 * @param y labels `[nRows]`, 0 or 1
 * @param p probabilities `[nRows]` of class 1
 * @throws {DataError} for a NaN or a probability outside [0, 1], naming the row
 * @throws {ConfigError} for a number of bins that is not a whole number from 1
 */
export function scoreHistogram(
  y: ArrayLike<number>,
  p: ArrayLike<number>,
  nBins = 25,
): readonly HistogramBin[] {
  checkBins(nBins);
  checkProbabilities('score histogram', y, p);
  const counts = [new Float64Array(nBins), new Float64Array(nBins)];
  for (let i = 0; i < y.length; i++) counts[y[i]][Math.min(nBins - 1, Math.floor(p[i] * nBins))]++;
  return Array.from({ length: nBins }, (_, b) => ({
    from: b / nBins,
    to: (b + 1) / nBins,
    negatives: counts[0][b],
    positives: counts[1][b],
  }));
}
