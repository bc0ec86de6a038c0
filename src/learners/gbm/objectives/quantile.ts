import { weightedQuantile } from '../weighted-quantile.js';
import { rowByRow, type Objective } from './objective.js';

/** Pinball loss (Koenker & Bassett 1978) at `level`; leaves are renewed to that quantile of their residuals. */
export function quantile(level: number): Objective {
  return {
    name: 'quantile',
    nMargins: 1,
    targets: { kind: 'regression' },
    hasConstantHessian: true,
    renewal: level,
    kernel: { code: 4, parameter: level, relativeTargets: true },
    baseScore: (y, weight) => Float64Array.of(weightedQuantile(y, weight, level)),
    ...rowByRow({
      gradient: (y, margin) => (margin >= y ? 1 - level : -level),
      hessian: () => 1,
      loss: (y, margin) => (margin >= y ? (1 - level) * (margin - y) : level * (y - margin)),
    }),
  };
}
