import type { GradientBoostingParams } from './params.js';

/** All of the parameters that the growing of a tree reads, as plain data that crosses to a thread. */
export interface GrowthRules extends Pick<
  GradientBoostingParams,
  | 'growth'
  | 'maxLeafNodes'
  | 'minSamplesLeaf'
  | 'minChildWeight'
  | 'l1Regularization'
  | 'l2Regularization'
  | 'minGainToSplit'
  | 'learningRate'
  | 'colsampleByNode'
  | 'categorySmoothing'
  | 'categoryL2'
  | 'maxCategoriesOneHot'
  | 'maxCategoriesPerSplit'
  | 'minSamplesPerCategory'
> {
  /** Infinity for no bound. */
  readonly maxDepth: number;
  /** Each node tries one random bound per feature. */
  readonly hasRandomBounds: boolean;
  /** `[nFeatures]` 1, -1 or 0. */
  readonly signs: Int8Array;
  /** `[nFeatures]` 1 for category codes. */
  readonly isCategory: Uint8Array;
  /** Groups of features that may meet on a path; none for no constraint. */
  readonly interactions: readonly (readonly number[])[];
  /** Level of the quantile of residuals that leaves are renewed to. */
  readonly renewal?: number;
}

/** The rules for columns of these names. */
export function growthRules(
  params: GradientBoostingParams,
  names: readonly string[],
  renewal: number | undefined,
): GrowthRules {
  const place = new Map(names.map((name, j) => [name, j]));
  return {
    growth: params.growth,
    maxLeafNodes: params.maxLeafNodes,
    minSamplesLeaf: params.minSamplesLeaf,
    minChildWeight: params.minChildWeight,
    l1Regularization: params.l1Regularization,
    l2Regularization: params.l2Regularization,
    minGainToSplit: params.minGainToSplit,
    learningRate: params.learningRate,
    colsampleByNode: params.colsampleByNode,
    categorySmoothing: params.categorySmoothing,
    categoryL2: params.categoryL2,
    maxCategoriesOneHot: params.maxCategoriesOneHot,
    maxCategoriesPerSplit: params.maxCategoriesPerSplit,
    minSamplesPerCategory: params.minSamplesPerCategory,
    maxDepth: params.maxDepth === 0 ? Infinity : params.maxDepth,
    hasRandomBounds: params.splitter === 'random',
    signs: Int8Array.from(names, (name) => params.monotoneConstraints[name] ?? 0),
    isCategory: Uint8Array.from(names, (name) => Number(params.categoricalFeatures.includes(name))),
    interactions: params.interactionConstraints.map((group) =>
      group.flatMap((name) => place.get(name) ?? []),
    ),
    ...(renewal !== undefined && { renewal }),
  };
}
