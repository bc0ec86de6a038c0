import { categoryOf, frequentCategories } from './frequent-categories.js';
import type { CategoryEncoderModel } from './model.js';

/** Parameters of a one-hot encoding. */
export interface OneHotParams {
  readonly column: string;
  /** The output of a category is named by it. */
  readonly outputOf: (category: string) => string;
  readonly most: number;
  /** Categories in fewer rows have no output of their own. */
  readonly leastRows: number;
}

/**
 * One column per category, 1 in its rows and 0 in all others, for linear models. Missing and unknown categories are 0
 * in all of them.
 * @param values `[nRows]` categories as they come; null and "" are missing
 */
export function oneHot(
  { column, outputOf, most, leastRows }: OneHotParams,
  values: readonly (string | null)[],
): CategoryEncoderModel {
  const categories = frequentCategories(values.map(categoryOf), () => true, { most, leastRows });
  const n = categories.length;
  return Object.freeze({
    kind: 'one-hot',
    format: 1,
    column,
    outputs: categories.map(outputOf),
    categories,
    values: Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0)),
    unknown: new Float64Array(n),
    missing: new Float64Array(n),
  });
}
