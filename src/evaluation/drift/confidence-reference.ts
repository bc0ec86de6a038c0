import { equalMassBins } from '../equal-mass-bins.js';
import type { MetricEstimate } from '../metric.js';
import { tieGroups } from '../tie-groups.js';
import type { ConfidenceReference, HeldOutFigure } from './reference.js';

const nBins = 20;

/**
 * How the probabilities of held-out rows kept their word.
 * @param y labels `[nRows]`, 0 or 1
 * @param p probabilities `[nRows]` of class 1
 * @param figures the held-out figures, of which ROC-AUC, Brier score and accuracy are kept
 */
export function confidenceReference(
  y: ArrayLike<number>,
  p: ArrayLike<number>,
  threshold: number,
  figures: readonly MetricEstimate[],
): ConfidenceReference | null {
  const sums = equalMassBins(tieGroups(p), y, p, new Float64Array(y.length).fill(1), nBins);
  const bins = Array.from(sums.weight, (rows, b): [number, number, number] => [
    sums.predicted[b] / rows,
    rows,
    sums.observed[b],
  ]).filter(([, rows]) => rows > 0);
  const kept = (name: string): HeldOutFigure | undefined => {
    const found = figures.find((figure) => figure.name === name);
    return found && { value: found.value, lower: found.lower, upper: found.upper };
  };
  const [auc, brier, accuracy] = [kept('roc_auc'), kept('brier_score'), kept('accuracy')];
  if (auc === undefined || brier === undefined || accuracy === undefined) return null;
  return { bins, threshold, figures: { roc_auc: auc, brier_score: brier, accuracy } };
}
