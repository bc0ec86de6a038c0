import { gradientBoosting } from '../../src/learners/gbm/gradient-boosting.js';
import type { GradientBoostingParams } from '../../src/learners/gbm/params.js';
import { boostingMargins } from '../../src/learners/gbm/predict.js';
import { anomalyScores, isolationForest } from '../../src/learners/isolation-forest/isolation-forest.js';
import { estimatorContract } from './estimator-contract.js';

const drawsRows =
  'every tree draws rows by position, and features by position until one varies: other draws, another forest of the same distribution';

estimatorContract({
  name: 'isolation forest',
  make: (params) => isolationForest({ nEstimators: 20, ...params }),
  predict: anomalyScores,
  task: 'unsupervised',
  outOfRange: { maxSamples: 0 },
  skip: [
    {
      reason: drawsRows,
      checks: ['row permutation', 'feature permutation', 'weight 0 is an absent row'],
    },
    {
      reason:
        'a weight is a chance of being drawn at most once into a tree, a duplicated row can be drawn twice',
      checks: ['weight 2 is a duplicated row'],
    },
    { reason: 'targets are ignored', checks: ['bad labels refused by row'] },
  ],
});

// One row may be a leaf and hessians do not bound it, so that weighted and duplicated rows may be cut alike.
const fine = { nEstimators: 12, maxLeafNodes: 8, minSamplesLeaf: 1, l2Regularization: 1 } as const;

const boosting: Record<string, Partial<GradientBoostingParams>> = {
  'leaf-wise': { growth: 'leaf-wise' },
  'depth-wise': { growth: 'depth-wise', maxDepth: 4 },
  symmetric: { growth: 'symmetric', maxDepth: 3 },
  'squared error': { objective: 'squared-error' },
  'absolute error': { objective: 'absolute-error' },
  huber: { objective: 'huber' },
  'random splits': { splitter: 'random' },
};

for (const [variant, params] of Object.entries(boosting)) {
  estimatorContract({
    name: `gradient boosting, ${variant}`,
    make: (given) => gradientBoosting({ ...fine, ...params, ...given }),
    predict: (model, X) => boostingMargins(model, X)[0],
    task: params.objective === undefined ? 'binary' : 'regression',
    outOfRange: { learningRate: 0 },
    ...(params.splitter === 'random' && {
      skip: [{ reason: 'bounds are drawn feature by feature', checks: ['feature permutation'] }],
    }),
    ...(params.objective === 'absolute-error' && {
      skip: [
        {
          reason: 'gradients are signs, so that cuts of different features tie: the first feature wins',
          checks: ['feature permutation'],
        },
      ],
    }),
  });
}
