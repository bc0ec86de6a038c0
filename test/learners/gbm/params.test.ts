import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/core/errors.js';
import { gradientBoosting } from '../../../src/learners/gbm/gradient-boosting.js';
import { gradientBoostingParams, type GradientBoostingParams } from '../../../src/learners/gbm/params.js';

type Given = Partial<GradientBoostingParams>;

/** What TypeScript refuses as well, as it may come from JSON. */
const untyped = (given: Record<string, unknown>): Given => given;

describe('parameters of gradient boosting', () => {
  it('are plain data that makes them again, frozen throughout', () => {
    const given: Given = {
      objective: 'multiclass',
      nClasses: 3,
      classWeight: [1, 2, 0],
      monotoneConstraints: { age: 1, posts: -1 },
      interactionConstraints: [['age', 'posts'], ['age']],
      categoricalFeatures: ['country'],
      earlyStoppingMetric: 'error',
    };
    const { params } = gradientBoosting(given);
    expect(params).toMatchObject(given);
    const copy = JSON.parse(JSON.stringify(params)) as Given;
    expect(copy).toEqual(params);
    expect(gradientBoosting(copy).params).toEqual(params);
    const isFrozen = (value: unknown): boolean =>
      typeof value !== 'object' ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every(isFrozen));
    expect(isFrozen(params)).toBe(true);
    const defaults = gradientBoostingParams({});
    expect(gradientBoostingParams(JSON.parse(JSON.stringify(defaults)) as Given)).toEqual(defaults);
  });

  it('are copies: what was given may change afterwards', () => {
    const group = ['a'];
    const factors = [1, 2];
    const params = gradientBoostingParams({ interactionConstraints: [group], classWeight: factors });
    group.push('b');
    factors[0] = 5;
    expect(params.interactionConstraints).toEqual([['a']]);
    expect(params.classWeight).toEqual([1, 2]);
  });

  it.each<[Given, string]>([
    [untyped({ nTrees: 3 }), 'nTrees is not a parameter of gradient boosting'],
    [untyped({ objective: 'hinge' }), 'objective=hinge must be one of binary, multiclass'],
    [untyped({ growth: 'sideways' }), 'growth=sideways must be one of'],
    [untyped({ splitter: null }), 'splitter=null must be one of'],
    [untyped({ sampling: 'mvs' }), 'sampling=mvs must be one of uniform, goss'],
    [untyped({ earlyStoppingMetric: 'auc' }), 'earlyStoppingMetric=auc must be one of loss'],
    [{ nClasses: 1 }, 'nClasses=1 must be a whole number from 2'],
    [{ huberDelta: 0 }, 'huberDelta=0 must be above 0 and finite'],
    [{ huberDelta: Infinity }, 'huberDelta=Infinity must be above 0 and finite'],
    [{ quantile: 0 }, 'quantile=0 must be above 0 and below 1'],
    [{ quantile: 1 }, 'quantile=1 must be above 0 and below 1'],
    [{ tweedieVariancePower: 1 }, 'tweedieVariancePower=1 must be above 1 and below 2'],
    [{ tweedieVariancePower: 2 }, 'tweedieVariancePower=2 must be above 1 and below 2'],
    [{ lambdarankTruncation: 0 }, 'lambdarankTruncation=0 must be'],
    [{ nEstimators: 0 }, 'nEstimators=0'],
    [{ learningRate: 1.5 }, 'learningRate=1.5 must be above 0 and at most 1'],
    [{ maxLeafNodes: 1 }, 'maxLeafNodes=1'],
    [{ maxDepth: -1 }, 'maxDepth=-1'],
    [{ maxDepth: 0, growth: 'symmetric' }, 'maxDepth=0 must be a whole number from 1 to 16'],
    [{ minSamplesLeaf: 0 }, 'minSamplesLeaf=0'],
    [{ minChildWeight: -1 }, 'minChildWeight=-1 must be at least 0'],
    [{ minChildWeight: Infinity }, 'minChildWeight=Infinity must be at least 0 and finite'],
    [{ l1Regularization: -0.1 }, 'l1Regularization=-0.1'],
    [{ l2Regularization: NaN }, 'l2Regularization=NaN'],
    [{ minGainToSplit: -1 }, 'minGainToSplit=-1'],
    [{ maxBins: 256 }, 'maxBins=256'],
    [{ subsample: 0 }, 'subsample=0 must be above 0'],
    [{ gossTopRate: 0 }, 'gossTopRate=0 must be above 0 and below 1'],
    [{ gossOtherRate: 1 }, 'gossOtherRate=1 must be above 0 and below 1'],
    [{ colsampleByTree: 2 }, 'colsampleByTree=2'],
    [{ colsampleByNode: 0 }, 'colsampleByNode=0'],
    [untyped({ classWeight: 'even' }), 'classWeight=even must be null, balanced or a factor per class'],
    [{ classWeight: [1, 2, 3] }, 'classWeight has 3 factors, expected one for each of 2 classes'],
    [{ classWeight: [1, 2], objective: 'multiclass', nClasses: 3 }, 'classWeight has 2 factors'],
    [{ classWeight: [1, -2] }, 'classWeight[1]=-2 must be at least 0 and finite'],
    [{ classWeight: [0, 0] }, 'classWeight must not be 0 for every class'],
    [untyped({ monotoneConstraints: { age: 0 } }), 'monotoneConstraints.age=0 must be 1 or -1'],
    [untyped({ interactionConstraints: 'age' }), 'interactionConstraints must be a list of lists'],
    [untyped({ interactionConstraints: ['age'] }), 'interactionConstraints[0] must be a list'],
    [{ interactionConstraints: [['age'], []] }, 'interactionConstraints[1] must name a feature'],
    [
      { interactionConstraints: [['age', '']] },
      'interactionConstraints[0][1]= must be the name of a feature',
    ],
    [{ interactionConstraints: [['age', 'age']] }, 'interactionConstraints[0] must not name age twice'],
    [untyped({ categoricalFeatures: 'country' }), 'categoricalFeatures must be a list of feature names'],
    [untyped({ categoricalFeatures: [3] }), 'categoricalFeatures[0]=3 must be the name of a feature'],
    [{ categoricalFeatures: ['a', 'a'] }, 'categoricalFeatures must not name a twice'],
    [{ categorySmoothing: -1 }, 'categorySmoothing=-1'],
    [{ categoryL2: -1 }, 'categoryL2=-1'],
    [{ maxCategoriesOneHot: 0 }, 'maxCategoriesOneHot=0'],
    [{ maxCategoriesPerSplit: 0 }, 'maxCategoriesPerSplit=0'],
    [{ minSamplesPerCategory: 0 }, 'minSamplesPerCategory=0'],
    [{ earlyStoppingRounds: -1 }, 'earlyStoppingRounds=-1'],
  ])('refuses %j', (given, message) => {
    expect(() => gradientBoostingParams(given)).toThrow(ConfigError);
    expect(() => gradientBoostingParams(given)).toThrow(message);
  });

  it.each<[Given, RegExp]>([
    [{ splitter: 'random', growth: 'symmetric' }, /splitter=random .* growth=symmetric/],
    [{ sampling: 'goss', subsample: 0.5 }, /sampling=goss .* subsample=0\.5/],
    [
      { sampling: 'goss', gossTopRate: 0.6, gossOtherRate: 0.5 },
      /gossTopRate=0\.6 and gossOtherRate=0\.5 .* at most 1/,
    ],
    [
      { categoricalFeatures: ['a', 'b'], monotoneConstraints: { b: 1 } },
      /categoricalFeatures .* b, which monotoneConstraints/,
    ],
    [
      { categoricalFeatures: ['a'], growth: 'symmetric', maxDepth: 3 },
      /categoricalFeatures=a .* growth=symmetric/,
    ],
    [{ categoricalFeatures: ['a'], splitter: 'random' }, /categoricalFeatures=a .* splitter=random/],
    [{ classWeight: 'balanced', objective: 'lambdarank' }, /classWeight .* objective=lambdarank/],
    [{ classWeight: [1, 2], objective: 'poisson' }, /classWeight .* objective=poisson/],
    [
      { earlyStoppingMetric: 'roc-auc', objective: 'multiclass' },
      /earlyStoppingMetric=roc-auc .* objective=multiclass/,
    ],
    [
      { earlyStoppingMetric: 'average-precision', objective: 'huber' },
      /earlyStoppingMetric=average-precision .* objective=huber/,
    ],
    [
      { earlyStoppingMetric: 'error', objective: 'poisson' },
      /earlyStoppingMetric=error .* objective=poisson/,
    ],
    [{ earlyStoppingMetric: 'rmse' }, /earlyStoppingMetric=rmse .* objective=binary/],
    [
      { earlyStoppingMetric: 'mae', objective: 'lambdarank' },
      /earlyStoppingMetric=mae .* objective=lambdarank/,
    ],
    [{ earlyStoppingMetric: 'ndcg', objective: 'tweedie' }, /earlyStoppingMetric=ndcg .* objective=tweedie/],
  ])('refuses the contradiction %j', (given, message) => {
    expect(() => gradientBoostingParams(given)).toThrow(ConfigError);
    expect(() => gradientBoostingParams(given)).toThrow(message);
  });

  it.each<Given>([
    { objective: 'squared-error', nClasses: 7 },
    { sampling: 'goss', gossTopRate: 0.5, gossOtherRate: 0.5 },
    { gossTopRate: 0.9, gossOtherRate: 0.9 },
    { categoricalFeatures: ['a'], monotoneConstraints: { b: 1 } },
    { objective: 'tweedie', earlyStoppingMetric: 'mae' },
    { objective: 'lambdarank', earlyStoppingMetric: 'ndcg' },
    { objective: 'custom', earlyStoppingMetric: 'roc-auc' },
    { growth: 'symmetric', maxDepth: 16 },
  ])('takes %j', (given) => {
    expect(gradientBoostingParams(given)).toMatchObject(given);
  });
});
