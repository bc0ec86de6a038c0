import { rowByRow, weightedMean, type Objective } from './objective.js';

/** Squared error; derivatives are those of half of it, so that the Newton step is the mean residual. */
export const squaredError: Objective = {
  name: 'squared-error',
  nMargins: 1,
  targets: { kind: 'regression' },
  hasConstantHessian: true,
  kernel: { code: 1, parameter: 0, relativeTargets: true },
  baseScore: (y, weight) => Float64Array.of(weightedMean(y, weight, (target) => target)),
  ...rowByRow({
    gradient: (y, margin) => margin - y,
    hessian: () => 1,
    loss: (y, margin) => (margin - y) ** 2,
  }),
};
