import { smallestMean, weightedMean, type Objective, type RowNumbers } from './objective.js';

/**
 * Softmax cross-entropy of class indices, one margin a class; hessians carry the factor K / (K - 1) of Friedman (2001,
 * algorithm 6), as in LightGBM.
 */
export function multiclass(nClasses: number): Objective {
  const factor = nClasses / (nClasses - 1);

  function largestMargin(margins: readonly RowNumbers[], i: number): number {
    let largest = 0;
    for (let k = 1; k < nClasses; k++) if (margins[k][i] > margins[largest][i]) largest = k;
    return largest;
  }

  /** Sum of the exponentials of all margins but the largest, each less the largest. */
  function sumOfOthers(margins: readonly RowNumbers[], i: number, largest: number): number {
    let sum = 0;
    for (let k = 0; k < nClasses; k++)
      if (k !== largest) sum += Math.exp(margins[k][i] - margins[largest][i]);
    return sum;
  }

  return {
    name: 'multiclass',
    nMargins: nClasses,
    targets: { kind: { classes: nClasses } },
    hasConstantHessian: false,
    baseScore: (y, weight) =>
      Float64Array.from({ length: nClasses }, (_, k) =>
        Math.log(
          Math.max(
            weightedMean(y, weight, (label) => Number(label === k)),
            smallestMean,
          ),
        ),
      ),
    derivatives(y, weight, margins, gradient, hessian) {
      for (let i = 0; i < y.length; i++) {
        const largest = largestMargin(margins, i);
        const others = sumOfOthers(margins, i, largest);
        for (let k = 0; k < nClasses; k++) {
          const chance = (k === largest ? 1 : Math.exp(margins[k][i] - margins[largest][i])) / (1 + others);
          // One less the largest chance would lose the digits of a small rest.
          const rest = k === largest ? others / (1 + others) : 1 - chance;
          gradient[k][i] = weight[i] * (y[i] === k ? -rest : chance);
          hessian[k][i] = factor * weight[i] * chance * rest;
        }
      }
    },
    loss: (y, weight, margins) =>
      weightedMean(y, weight, (label, i) => {
        const largest = largestMargin(margins, i);
        return margins[largest][i] - margins[label][i] + Math.log1p(sumOfOthers(margins, i, largest));
      }),
  };
}
