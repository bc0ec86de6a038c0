import fc from 'fast-check';
import { Matrix } from '../../../../src/core/matrix.js';
import type { GradientBoostingParams, ObjectiveName } from '../../../../src/learners/gbm/params.js';

/** Data and parameters of one small fit. */
export interface Problem {
  readonly columns: readonly number[][];
  readonly y: readonly number[];
  readonly sampleWeight: readonly number[];
  readonly group: readonly number[];
  readonly params: Partial<GradientBoostingParams>;
}

/** Names of the three columns. */
const names = ['a', 'b', 'c'];

/** Few distinct values: ties, empty bins, missing values, infinities, and codes of which some are frequent. */
const cell = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -3, max: 3 }).map((x) => x / 2) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, NaN, NaN, Infinity, -Infinity, -0) },
);
const code = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 6 }) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, NaN, 40, 1000) },
);

function targetOf(objective: ObjectiveName): fc.Arbitrary<number> {
  switch (objective) {
    case 'binary':
      return fc.integer({ min: 0, max: 1 });
    case 'multiclass':
    case 'lambdarank':
      return fc.integer({ min: 0, max: 2 });
    case 'poisson':
      return fc.integer({ min: 0, max: 9 });
    case 'tweedie':
      return fc.constantFrom(0, 0, 0.3, 1.7, 12);
    case 'squared-error':
    case 'absolute-error':
    case 'huber':
    case 'quantile':
    case 'custom':
      return fc.integer({ min: -20, max: 20 }).map((y) => y / 4);
  }
}

/** What the generated problems may ask for. */
export interface Supported {
  readonly objectives: readonly ObjectiveName[];
  readonly growths: readonly GradientBoostingParams['growth'][];
  /** l1Regularization */
  readonly l1: boolean;
  readonly interactions: boolean;
  readonly categories: boolean;
  readonly classWeight: boolean;
}

/** Small problems full of ties, of what is supported. */
export function problemsOf(supported: Supported): fc.Arbitrary<Problem> {
  const problems = fc
    .record({
      objective: fc.constantFrom(...supported.objectives),
      growth: fc.constantFrom(...supported.growths),
      hasCategories: fc.boolean(),
      nRows: fc.constantFrom(1, 3, 8, 13, 21, 34, 34, 55, 55, 80, 120),
    })
    .chain(({ objective, growth, hasCategories, nRows }) => {
      const isCategorical = supported.categories && hasCategories && growth !== 'symmetric';
      const ofRows = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
        fc.array(arbitrary, { minLength: nRows, maxLength: nRows });
      const isClassified = objective === 'binary' || objective === 'multiclass';
      return fc.record({
        columns: fc.tuple(ofRows(cell), ofRows(cell), ofRows(isCategorical ? code : cell)),
        y: ofRows(targetOf(objective)),
        sampleWeight: fc.oneof(
          fc.constant(Array.from({ length: nRows }, () => 1)),
          ofRows(fc.constantFrom(0.5, 1, 2)),
        ),
        group: fc.constant(Array.from({ length: nRows }, (_, i) => Math.floor(i / 7))),
        params: fc.record({
          objective: fc.constant(objective),
          nClasses: fc.constant(3),
          nEstimators: fc.integer({ min: 1, max: 3 }),
          learningRate: fc.constantFrom(0.125, 0.5, 1),
          growth: fc.constant(growth),
          maxLeafNodes: fc.integer({ min: 2, max: 12 }),
          maxDepth: growth === 'symmetric' ? fc.integer({ min: 1, max: 3 }) : fc.constantFrom(0, 0, 1, 3, 6),
          minSamplesLeaf: fc.constantFrom(1, 1, 2, 5),
          minChildWeight: fc.constantFrom(1e-3, 1e-3, 1),
          l1Regularization: supported.l1 ? fc.constantFrom(0, 0, 0.4) : fc.constant(0),
          l2Regularization: fc.constantFrom(0, 0.5, 3),
          minGainToSplit: fc.constantFrom(0, 0, 0, 0.3),
          maxBins: fc.constantFrom(2, 4, 255),
          huberDelta: fc.constantFrom(0.5, 2),
          quantile: fc.constantFrom(0.25, 0.9),
          classWeight:
            supported.classWeight && isClassified
              ? fc.constantFrom(null, 'balanced' as const, objective === 'binary' ? [1, 3] : [1, 3, 0.5])
              : fc.constant(null),
          monotoneConstraints: fc.constantFrom<Record<string, 1 | -1>>({}, {}, { a: 1 }, { a: -1, b: 1 }),
          interactionConstraints: supported.interactions
            ? fc.constantFrom<string[][]>([], [], [['a', 'b']], [['a'], ['b', 'c']])
            : fc.constant([]),
          categoricalFeatures: fc.constant(isCategorical ? ['c'] : []),
          categorySmoothing: fc.constantFrom(1, 10),
          categoryL2: fc.constantFrom(0, 10),
          maxCategoriesOneHot: fc.constantFrom(1, 4),
          maxCategoriesPerSplit: fc.constantFrom(1, 32),
          minSamplesPerCategory: fc.integer({ min: 1, max: 4 }),
        }),
      });
    });
  // Bias would make most problems nearly constant.
  return fc.noBias(problems);
}

/** The columns as a matrix. */
export function matrixOf({ columns }: Problem): Matrix {
  return Matrix.fromColumns(columns, names);
}
