import { rowByRow, smallestMean, weightedMean, type Objective } from './objective.js';

/** Chance of class 1, and of class 0, each to full relative precision. */
function chances(margin: number): [positive: number, negative: number] {
  const e = Math.exp(-Math.abs(margin));
  const large = 1 / (1 + e);
  const small = e * large;
  return margin >= 0 ? [large, small] : [small, large];
}

/** Log loss of labels 0 and 1; the margin is the log-odds (Friedman 2001, section 4.5, with margins of twice his). */
export const binary: Objective = {
  name: 'binary',
  nMargins: 1,
  targets: { kind: { classes: 2 } },
  hasConstantHessian: false,
  kernel: { code: 0, parameter: 0, relativeTargets: false },
  baseScore(y, weight) {
    const share = weightedMean(y, weight, (label) => label);
    const held = Math.min(Math.max(share, smallestMean), 1 - smallestMean);
    return Float64Array.of(Math.log(held / (1 - held)));
  },
  ...rowByRow({
    gradient(y, margin) {
      const [positive, negative] = chances(margin);
      return y === 1 ? -negative : positive;
    },
    hessian(_y, margin) {
      const [positive, negative] = chances(margin);
      return positive * negative;
    },
    // ln(1 + e^z) - y z, in the form that cannot overflow.
    loss: (y, z) => Math.max(z, 0) - y * z + Math.log1p(Math.exp(-Math.abs(z))),
  }),
};
