import { categoryOf, frequentCategories } from './frequent-categories.js';
import type { CategoryEncoderModel } from './model.js';

/**
 * Numbers the most frequent categories from 0 in sorted order, for learners that split categories into sets
 * (`categoricalFeatures` of gradient boosting). All others share the next number; missing ones are NaN.
 * @param values `[nRows]` categories as they come; null and "" are missing
 */
export function categoryCodes(
  { column, output, most }: { readonly column: string; readonly output: string; readonly most: number },
  values: readonly (string | null)[],
): CategoryEncoderModel {
  const categories = frequentCategories(values.map(categoryOf), () => true, { most });
  return Object.freeze({
    kind: 'category-codes',
    format: 1,
    column,
    outputs: [output],
    categories,
    values: Float64Array.from(categories.keys()),
    unknown: Float64Array.of(categories.length),
    missing: Float64Array.of(NaN),
  });
}
