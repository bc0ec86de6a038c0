import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Matrix } from '../../../src/core/matrix.js';
import { createRng } from '../../../src/core/rng.js';
import type { FitOptions } from '../../../src/learners/estimator.js';
import { gradientBoosting } from '../../../src/learners/gbm/gradient-boosting.js';
import type { GradientBoostingModel } from '../../../src/learners/gbm/model.js';
import { gradientBoostingParams, type GradientBoostingParams } from '../../../src/learners/gbm/params.js';
import { followModel } from './reference/follow.js';
import { matrixOf, problemsOf, type Supported } from './reference/problems.js';

/** What is compared: parameters and data in, a model out. */
type Fit = (
  X: Matrix,
  y: readonly number[],
  params: Partial<GradientBoostingParams>,
  options: Pick<FitOptions, 'sampleWeight'> & { readonly group?: readonly number[] },
) => Promise<GradientBoostingModel>;

const product: Fit = (X, y, params, options) =>
  gradientBoosting(params).fit(X, y, { ...options, rng: createRng(1) });

/** What `product` can do today. */
const supported: Supported = {
  objectives: [
    'binary',
    'multiclass',
    'squared-error',
    'absolute-error',
    'huber',
    'quantile',
    'poisson',
    'tweedie',
    'lambdarank',
  ],
  growths: ['leaf-wise', 'depth-wise', 'symmetric'],
  l1: true,
  interactions: true,
  categories: true,
  classWeight: true,
};

/** How exactly it does so. */
const precision = {
  /** Margins, and targets less the base score, in float32. */
  inFloat32: true,
  /** Gradients and hessians are rounded by at most so many parts of the largest one. */
  roundoff: 2 ** -20,
};

describe('gradient boosting beside its reference', () => {
  it('splits where the reference does, up to ties, on a thousand small problems', async () => {
    let splits = 0;
    await fc.assert(
      fc.asyncProperty(problemsOf(supported), async (problem) => {
        const X = matrixOf(problem);
        const { y, params, sampleWeight, group } = problem;
        const isRanking = params.objective === 'lambdarank';
        const options = { sampleWeight, ...(isRanking && { group }) };
        const model = await product(X, y, params, options);
        splits += model.trees.feature.filter((feature) => feature >= 0).length;
        const departure = followModel(model, X, y, gradientBoostingParams(params), {
          ...options,
          ...precision,
        });
        expect(departure).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
    // There was something to compare.
    expect(splits).toBeGreaterThan(3000);
  });

  it('takes the first of features that say the same', async () => {
    const rng = createRng(4);
    const a = Float32Array.from({ length: 300 }, () => rng.integer(30));
    const X = Matrix.fromColumns([a, a, a], ['a', 'b', 'c']);
    const y = Array.from(a, (x) => Math.sin(x) + 0.3 * rng.normal());
    for (const growth of supported.growths) {
      const params = { objective: 'squared-error', nEstimators: 3, growth, maxDepth: 3 } as const;
      const { trees } = await product(X, y, params, {});
      expect(trees.feature).toContain(0);
      expect(Math.max(...trees.feature)).toBe(0);
    }
  });
});
