import { weightedQuantile } from '../weighted-quantile.js';
import { rowByRow, type Objective } from './objective.js';

/**
 * Absolute error (least absolute deviation; Friedman 2001, algorithm 3): trees are grown on the signs of the residuals,
 * leaves renewed to their median.
 */
export const absoluteError: Objective = {
  name: 'absolute-error',
  nMargins: 1,
  targets: { kind: 'regression' },
  hasConstantHessian: true,
  renewal: 0.5,
  kernel: { code: 2, parameter: 0, relativeTargets: true },
  baseScore: (y, weight) => Float64Array.of(weightedQuantile(y, weight, 0.5)),
  ...rowByRow({
    gradient: (y, margin) => Math.sign(margin - y),
    hessian: () => 1,
    loss: (y, margin) => Math.abs(margin - y),
  }),
};
