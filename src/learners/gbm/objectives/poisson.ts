import { rowByRow, smallestMean, weightedMean, type Objective } from './objective.js';

/** Makes steps shorter where counts are small (`poisson_max_delta_step` of LightGBM and XGBoost). */
const hessianFactor = Math.exp(0.7);

/**
 * Poisson likelihood of counts; the margin is the logarithm of the mean. The loss leaves out ln(y!), which no margin
 * changes.
 */
export const poisson: Objective = {
  name: 'poisson',
  nMargins: 1,
  targets: { kind: 'regression', nonNegative: true },
  hasConstantHessian: false,
  kernel: { code: 5, parameter: 0, relativeTargets: false },
  baseScore: (y, weight) =>
    Float64Array.of(
      Math.log(
        Math.max(
          weightedMean(y, weight, (count) => count),
          smallestMean,
        ),
      ),
    ),
  ...rowByRow({
    gradient: (y, margin) => Math.exp(margin) - y,
    hessian: (_y, margin) => hessianFactor * Math.exp(margin),
    loss: (y, margin) => Math.exp(margin) - y * margin,
  }),
};
