import { rowByRow, smallestMean, weightedMean, type Objective } from './objective.js';

/**
 * Tweedie likelihood of amounts with many zeros, variance ~ mean^power (Yang, Qian & Zou 2018, "Insurance premium
 * prediction via gradient tree-boosted Tweedie compound Poisson models", eq. 8); the margin is the logarithm of the
 * mean.
 *
 * @param power (1, 2)
 */
export function tweedie(power: number): Objective {
  // Products with 0 are left out: the exponential beside it may be infinite.
  const times = (y: number, exponent: number): number => (y === 0 ? 0 : y * Math.exp(exponent));
  return {
    name: 'tweedie',
    nMargins: 1,
    targets: { kind: 'regression', nonNegative: true },
    hasConstantHessian: false,
    kernel: { code: 6, parameter: power, relativeTargets: false },
    baseScore: (y, weight) =>
      Float64Array.of(
        Math.log(
          Math.max(
            weightedMean(y, weight, (amount) => amount),
            smallestMean,
          ),
        ),
      ),
    ...rowByRow({
      gradient: (y, margin) => Math.exp((2 - power) * margin) - times(y, (1 - power) * margin),
      hessian: (y, margin) =>
        (2 - power) * Math.exp((2 - power) * margin) + (power - 1) * times(y, (1 - power) * margin),
      loss: (y, margin) =>
        Math.exp((2 - power) * margin) / (2 - power) + times(y, (1 - power) * margin) / (power - 1),
    }),
  };
}
