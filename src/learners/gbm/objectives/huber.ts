import { rowByRow, weightedMean, type Objective } from './objective.js';

/** Huber's loss (Huber 1964): half the square of residuals up to `delta`, linear beyond. Starts at the mean (LightGBM). */
export function huber(delta: number): Objective {
  return {
    name: 'huber',
    nMargins: 1,
    targets: { kind: 'regression' },
    hasConstantHessian: true,
    kernel: { code: 3, parameter: delta, relativeTargets: true },
    baseScore: (y, weight) => Float64Array.of(weightedMean(y, weight, (target) => target)),
    ...rowByRow({
      gradient: (y, margin) => Math.min(Math.max(margin - y, -delta), delta),
      hessian: () => 1,
      loss(y, margin) {
        const distance = Math.abs(margin - y);
        return distance <= delta ? distance ** 2 / 2 : delta * (distance - delta / 2);
      },
    }),
  };
}
