import { DataError } from '../../../core/errors.js';
import type { Objective } from './objective.js';

/** A loss of one's own, of one margin that starts at 0. */
export interface CustomObjective {
  /**
   * First and second derivatives of the loss by the margin, unweighted, all rows.
   * @param margin `[nRows]`, not to be kept or changed
   * @param gradient `[nRows]` to be filled
   * @param hessian `[nRows]` to be filled, not negative
   */
  readonly derivatives: (
    y: Float64Array,
    margin: Float64Array,
    gradient: Float64Array,
    hessian: Float64Array,
  ) => void;
  /** Loss of one row, for early stopping. */
  readonly loss?: (y: number, margin: number) => number;
}

/** The objective that the caller's formulas make. */
export function customObjective({ derivatives, loss }: CustomObjective): Objective {
  return {
    name: 'custom',
    nMargins: 1,
    targets: { kind: 'regression' },
    hasConstantHessian: false,
    baseScore: () => Float64Array.of(0),
    derivatives(y, weight, [margin], [gradient], [hessian]) {
      const g = new Float64Array(y.length).fill(NaN);
      const h = new Float64Array(y.length).fill(NaN);
      derivatives(Float64Array.from(y), Float64Array.from(margin), g, h);
      for (let i = 0; i < y.length; i++) {
        if (!Number.isFinite(g[i]))
          throw new DataError(`customObjective: gradient[${i}]=${g[i]} must be finite`);
        if (!(Number.isFinite(h[i]) && h[i] >= 0)) {
          throw new DataError(`customObjective: hessian[${i}]=${h[i]} must be finite and at least 0`);
        }
        gradient[i] = weight[i] * g[i];
        hessian[i] = weight[i] * h[i];
      }
    },
    loss(y, weight, [margin]) {
      if (loss === undefined) throw new DataError('customObjective needs a loss to be watched');
      let sum = 0;
      let total = 0;
      for (let i = 0; i < y.length; i++) {
        sum += weight[i] * loss(y[i], margin[i]);
        total += weight[i];
      }
      return sum / total;
    },
  };
}
