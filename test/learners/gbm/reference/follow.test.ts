import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GradientBoostingModel } from '../../../../src/learners/gbm/model.js';
import { gradientBoostingParams, type GradientBoostingParams } from '../../../../src/learners/gbm/params.js';
import { followModel } from './follow.js';
import { matrixOf, problemsOf, type Problem, type Supported } from './problems.js';
import { referenceModel } from './reference-model.js';

const everything: Supported = {
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

function fit({ y, params, sampleWeight, group, ...rest }: Problem): GradientBoostingModel {
  const X = matrixOf({ y, params, sampleWeight, group, ...rest });
  return referenceModel(X, y, gradientBoostingParams(params), { sampleWeight, group });
}

/** How `model` departs from what `params` ask for. */
function departure(
  model: GradientBoostingModel,
  problem: Problem,
  params: Partial<GradientBoostingParams> = problem.params,
): string | undefined {
  const { y, sampleWeight, group } = problem;
  const options = { sampleWeight, group, roundoff: 1e-12 };
  return followModel(model, matrixOf(problem), y, gradientBoostingParams(params), options);
}

describe('following a model', () => {
  it("finds nothing wrong with the reference's own, whatever is asked for", () => {
    fc.assert(
      fc.property(problemsOf(everything), (problem) => {
        expect(departure(fit(problem), problem)).toBeUndefined();
      }),
      { numRuns: 600 },
    );
  });

  it('allows for rounded gradients, and for no more', () => {
    let departed = 0;
    fc.assert(
      fc.property(problemsOf(everything), (problem) => {
        const { y, sampleWeight, group } = problem;
        const X = matrixOf(problem);
        const params = gradientBoostingParams(problem.params);
        const options = { sampleWeight, group };
        const model = referenceModel(X, y, params, { ...options, roundingBits: 8 });
        // Rounding to the nearest is off by half a step at most.
        expect(followModel(model, X, y, params, { ...options, roundoff: 2 ** -9 + 1e-12 })).toBeUndefined();
        if (followModel(model, X, y, params, { ...options, roundoff: 2 ** -16 }) !== undefined) departed++;
      }),
      { numRuns: 400 },
    );
    expect(departed).toBeGreaterThan(50);
  });

  it.each<[string, (trees: GradientBoostingModel['trees'], node: number) => boolean]>([
    [
      'a leaf of another value',
      (trees, node) => {
        if (trees.feature[node] >= 0) return false;
        trees.value[node] += 1e-4;
        return true;
      },
    ],
    [
      'missing values on the wrong side of a majority',
      (trees, node) => {
        if (trees.feature[node] < 0 || trees.categories !== undefined) return false;
        trees.missingLeft[node] ^= 1;
        return true;
      },
    ],
    [
      'a threshold between bounds',
      (trees, node) => {
        if (trees.feature[node] < 0 || !Number.isFinite(trees.threshold[node])) return false;
        trees.threshold[node] += 0.01;
        return true;
      },
    ],
    [
      'children changed places',
      (trees, node) => {
        if (trees.feature[node] < 0) return false;
        const left = trees.left[node];
        trees.left[node] = trees.right[node];
        trees.right[node] = left;
        return true;
      },
    ],
  ])('notices %s', (_what, spoil) => {
    let spoilt = 0;
    let noticed = 0;
    fc.assert(
      fc.property(problemsOf({ ...everything, categories: false }), fc.nat(), (problem, start) => {
        const model = fit(problem);
        const { trees } = model;
        const n = trees.feature.length;
        for (let i = 0; i < n; i++) {
          if (!spoil(trees, (start + i) % n)) continue;
          spoilt++;
          if (departure(model, problem) !== undefined) noticed++;
          return;
        }
      }),
    );
    expect(spoilt).toBeGreaterThan(50);
    // Of two sides at the same gain, and of children of the same value, either will do.
    expect(noticed).toBeGreaterThan(0.8 * spoilt);
  });

  it.each<Partial<GradientBoostingParams>>([
    { minSamplesLeaf: 8 },
    { minChildWeight: 6 },
    { l1Regularization: 1 },
    { l2Regularization: 7 },
    { minGainToSplit: 2 },
    { maxDepth: 1 },
    { maxLeafNodes: 2, growth: 'leaf-wise' },
    { maxLeafNodes: 40, maxDepth: 16, minSamplesLeaf: 1 },
    { monotoneConstraints: { a: 1, b: 1 } },
    { interactionConstraints: [['a'], ['b'], ['c']] },
    { learningRate: 0.3 },
    { maxBins: 3 },
    { growth: 'depth-wise' },
    { growth: 'symmetric', maxDepth: 3 },
    { nEstimators: 4 },
  ])('notices a model that was not fitted with %j', (others) => {
    const problems = problemsOf({
      ...everything,
      objectives: ['squared-error', 'binary'],
      growths: ['leaf-wise'],
      categories: false,
    });
    let noticed = 0;
    fc.assert(
      fc.property(problems, (problem) => {
        const changed = { ...problem.params, ...others };
        if (departure(fit(problem), problem, changed) !== undefined) noticed++;
      }),
      { numRuns: 80 },
    );
    expect(noticed).toBeGreaterThan(5);
  });

  it.each<Partial<GradientBoostingParams>>([
    { categorySmoothing: 1000, maxCategoriesOneHot: 1 },
    { categoryL2: 40, maxCategoriesOneHot: 1 },
    { maxCategoriesOneHot: 20 },
    { maxCategoriesPerSplit: 1 },
    { minSamplesPerCategory: 6, maxCategoriesOneHot: 1 },
  ])('notices categories that were not split with %j', (others) => {
    const problems = problemsOf({
      ...everything,
      objectives: ['squared-error'],
      growths: ['leaf-wise', 'depth-wise'],
    });
    let noticed = 0;
    fc.assert(
      fc.property(problems, (problem) => {
        const changed = { ...problem.params, ...others };
        if (departure(fit(problem), problem, changed) !== undefined) noticed++;
      }),
      { numRuns: 150 },
    );
    expect(noticed).toBeGreaterThan(3);
  });
});
