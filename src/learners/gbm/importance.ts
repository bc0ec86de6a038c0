import type { GradientBoostingModel } from './model.js';

/**
 * Gain importance: the share of each feature in the fall of the training loss over all splits.
 * @returns by feature, in the order of the model, shares that add up to 1; all 0 for a model without a split
 */
export function gainImportance({ featureNames, gains }: GradientBoostingModel): Map<string, number> {
  const total = gains.reduce((sum, gain) => sum + gain, 0);
  return new Map(featureNames.map((name, j) => [name, total > 0 ? gains[j] / total : 0]));
}
