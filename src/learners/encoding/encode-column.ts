import { categoryOf } from './frequent-categories.js';
import type { CategoryEncoderModel } from './model.js';

/**
 * The columns a fitted encoder writes.
 * @param values `[nRows]` categories as they come; null and "" are missing
 * @returns `[nOutputs]` arrays of `[nRows]`
 */
export function encodeColumn(
  model: CategoryEncoderModel,
  values: readonly (string | null)[],
): Float32Array[] {
  return encodeCategories(model, values.map(categoryOf));
}

/** `encodeColumn` of categories that are sanitised. */
export function encodeCategories(model: CategoryEncoderModel, categories: readonly string[]): Float32Array[] {
  const nCategories = model.categories.length;
  const index = new Map(model.categories.map((category, c) => [category, c]));
  return model.outputs.map((_, k) =>
    Float32Array.from(categories, (category) => {
      if (category === '') return model.missing[k];
      const c = index.get(category);
      return c === undefined ? model.unknown[k] : model.values[k * nCategories + c];
    }),
  );
}
