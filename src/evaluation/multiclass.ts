import { checkClassProbabilities } from './check-input.js';
import { meanKernel, type MetricKernel, valueOf } from './metric.js';
import { prepareRocAuc } from './roc-auc.js';

/** One column of probabilities `[nRows]` per class. */
export type ClassProbabilities = readonly ArrayLike<number>[];

/** The most probable class of every row `[nRows]`; the first of equals. */
export function mostProbable(P: ClassProbabilities): Int32Array {
  const best = new Int32Array(P[0].length);
  for (let k = 1; k < P.length; k++) {
    for (let i = 0; i < best.length; i++) if (P[k][i] > P[best[i]][i]) best[i] = k;
  }
  return best;
}

/**
 * Share of rows whose most probable class is right. In [0, 1], higher is better.
 * @param y class indices `[nRows]`
 * @param P one column of probabilities `[nRows]` per class
 * @param sampleWeight `[nRows]`; 1 each when left out
 * @throws {DataError} for a NaN, naming the row
 */
export function accuracy(
  y: ArrayLike<number>,
  P: ClassProbabilities,
  sampleWeight?: ArrayLike<number>,
): number {
  return valueOf('accuracy', 'a positive weight', prepareAccuracy(y, P), y.length, sampleWeight);
}

/** `accuracy` with the classes chosen. */
export function prepareAccuracy(y: ArrayLike<number>, P: ClassProbabilities): MetricKernel {
  checkClassProbabilities('accuracy', y, P);
  const chosen = mostProbable(P);
  return meanKernel(Float64Array.from(y, (k, i) => (chosen[i] === k ? 1 : 0)));
}

/**
 * Mean over classes of F1, each class counting the same; classes neither present nor predicted are left out, as in
 * scikit-learn. In [0, 1], higher is better.
 * @param y class indices `[nRows]`
 * @param P one column of probabilities `[nRows]` per class
 * @param sampleWeight `[nRows]`; 1 each when left out
 * @throws {DataError} for a NaN, naming the row
 */
export function macroF1(
  y: ArrayLike<number>,
  P: ClassProbabilities,
  sampleWeight?: ArrayLike<number>,
): number {
  return valueOf('macro f1', 'a positive weight', prepareMacroF1(y, P), y.length, sampleWeight);
}

/** `macroF1` with the classes chosen. */
export function prepareMacroF1(y: ArrayLike<number>, P: ClassProbabilities): MetricKernel {
  checkClassProbabilities('macro f1', y, P);
  const chosen = mostProbable(P);
  return (weight) => {
    const right = new Float64Array(P.length);
    const seen = new Float64Array(P.length);
    for (let i = 0; i < y.length; i++) {
      if (chosen[i] === y[i]) right[y[i]] += weight[i];
      seen[y[i]] += weight[i];
      seen[chosen[i]] += weight[i];
    }
    let sum = 0;
    let nClasses = 0;
    for (let k = 0; k < P.length; k++) {
      if (seen[k] === 0) continue;
      sum += (2 * right[k]) / seen[k];
      nClasses++;
    }
    return sum / nClasses;
  };
}

/**
 * Mean over classes of the one-versus-rest ROC-AUC, each class counting the same. Equal to scikit-learn's where every
 * class occurs; classes that do not occur are left out. In [0, 1], higher is better.
 * @param y class indices `[nRows]`
 * @param P one column of probabilities `[nRows]` per class
 * @param sampleWeight `[nRows]`; 1 each when left out
 * @throws {DataError} for a NaN, naming the row, and where only one class is present
 */
export function macroRocAuc(
  y: ArrayLike<number>,
  P: ClassProbabilities,
  sampleWeight?: ArrayLike<number>,
): number {
  return valueOf('macro roc auc', 'rows of two classes', prepareMacroRocAuc(y, P), y.length, sampleWeight);
}

/** `macroRocAuc` with the sorts done. */
export function prepareMacroRocAuc(y: ArrayLike<number>, P: ClassProbabilities): MetricKernel {
  checkClassProbabilities('macro roc auc', y, P);
  const kernels = P.map((p, k) =>
    prepareRocAuc(
      Uint8Array.from(y, (label) => (label === k ? 1 : 0)),
      p,
    ),
  );
  return (weight) => {
    let sum = 0;
    let nClasses = 0;
    for (const kernel of kernels) {
      const auc = kernel(weight);
      if (Number.isNaN(auc)) continue;
      sum += auc;
      nClasses++;
    }
    return sum / nClasses;
  };
}
