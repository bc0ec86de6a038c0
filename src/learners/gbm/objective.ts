import type { GradientBoostingParams } from './params.js';

/** A loss as boosting sees it. Margins come and go as one array per margin, `[nMargins][nRows]`. */
export interface Objective {
  readonly nMargins: number;
  /** `[nMargins]` the constant margins of least loss. */
  baseScore(y: Float64Array, weight: Float64Array): Float64Array;
  /** Weighted first and second derivatives of the loss by margin `k`, of the rows in `rows` alone. */
  derivatives(
    k: number,
    y: Float64Array,
    weight: Float64Array,
    margins: readonly Float64Array[],
    rows: Uint32Array,
    gradient: Float64Array,
    hessian: Float64Array,
  ): void;
  /** Weighted mean loss. */
  loss(y: ArrayLike<number>, weight: ArrayLike<number> | undefined, margins: readonly Float64Array[]): number;
}

/** The objective that the parameters name. */
export function objectiveOf(params: Pick<GradientBoostingParams, 'objective' | 'nClasses'>): Objective {
  switch (params.objective) {
    case 'binary':
      return binary;
    case 'squared-error':
      return squaredError;
    case 'multiclass':
      return multiclass(params.nClasses);
  }
}

function weightedMean(
  values: ArrayLike<number>,
  weight: ArrayLike<number> | undefined,
  of: (value: number, i: number) => number,
): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const w = weight?.[i] ?? 1;
    sum += w * of(values[i], i);
    total += w;
  }
  return sum / total;
}

/** Keeps the log-odds of a pure sample finite. */
const smallestShare = 1e-6;

const binary: Objective = {
  nMargins: 1,
  baseScore(y, weight) {
    const share = weightedMean(y, weight, (label) => label);
    const held = Math.min(Math.max(share, smallestShare), 1 - smallestShare);
    return Float64Array.of(Math.log(held / (1 - held)));
  },
  derivatives(_k, y, weight, margins, rows, gradient, hessian) {
    const margin = margins[0];
    for (let r = 0; r < rows.length; r++) {
      const i = rows[r];
      const p = 1 / (1 + Math.exp(-margin[i]));
      gradient[i] = weight[i] * (p - y[i]);
      hessian[i] = weight[i] * p * (1 - p);
    }
  },
  loss(y, weight, margins) {
    // ln(1 + e^z) - y z, in the form that cannot overflow.
    return weightedMean(y, weight, (label, i) => {
      const z = margins[0][i];
      return Math.max(z, 0) - label * z + Math.log1p(Math.exp(-Math.abs(z)));
    });
  },
};

const squaredError: Objective = {
  nMargins: 1,
  baseScore: (y, weight) => Float64Array.of(weightedMean(y, weight, (target) => target)),
  derivatives(_k, y, weight, margins, rows, gradient, hessian) {
    const margin = margins[0];
    for (let r = 0; r < rows.length; r++) {
      const i = rows[r];
      gradient[i] = weight[i] * (margin[i] - y[i]);
      hessian[i] = weight[i];
    }
  },
  loss: (y, weight, margins) => weightedMean(y, weight, (target, i) => (target - margins[0][i]) ** 2),
};

/** Softmax cross-entropy; hessians carry the factor K / (K - 1) of Friedman (2001), as in LightGBM. */
function multiclass(nClasses: number): Objective {
  const factor = nClasses / (nClasses - 1);

  function logSumExp(margins: readonly Float64Array[], i: number): number {
    let largest = -Infinity;
    for (let k = 0; k < nClasses; k++) largest = Math.max(largest, margins[k][i]);
    let sum = 0;
    for (let k = 0; k < nClasses; k++) sum += Math.exp(margins[k][i] - largest);
    return largest + Math.log(sum);
  }

  return {
    nMargins: nClasses,
    baseScore(y, weight) {
      return Float64Array.from({ length: nClasses }, (_, k) =>
        Math.log(
          Math.max(
            weightedMean(y, weight, (label) => (label === k ? 1 : 0)),
            smallestShare,
          ),
        ),
      );
    },
    derivatives(k, y, weight, margins, rows, gradient, hessian) {
      for (let r = 0; r < rows.length; r++) {
        const i = rows[r];
        const p = Math.exp(margins[k][i] - logSumExp(margins, i));
        gradient[i] = weight[i] * (p - (y[i] === k ? 1 : 0));
        hessian[i] = factor * weight[i] * p * (1 - p);
      }
    },
    loss: (y, weight, margins) =>
      weightedMean(y, weight, (label, i) => logSumExp(margins, i) - margins[label][i]),
  };
}
