import type { BoosterSpec } from '../champion/booster-engine.js';
import type { BoosterSettings } from '../champion/booster-settings.js';
import type { Dimension, Point, Space } from './space.js';

/** Trees may not be as large as to hold fewer rows a leaf than this on average. */
const rowsPerLeaf = 20;

/**
 * What is searched over for one booster: the parameters that its way of growing trees reads, in the ranges in which
 * published defaults and winners lie, and whether signs are obeyed where there are any.
 * @param nRows rows that a booster is fitted on
 */
export function boosterSpace({ params }: BoosterSpec, nRows: number): Space {
  const { growth = 'leaf-wise', splitter = 'best', monotoneConstraints = {} } = params;
  const mostLeaves = Math.min(128, Math.max(16, Math.floor(nRows / rowsPerLeaf)));
  const random = splitter === 'random';
  const shape: readonly Dimension[] =
    growth === 'leaf-wise'
      ? [{ name: 'maxLeafNodes', kind: 'integer', low: 6, high: mostLeaves, log: true }]
      : [{ name: 'maxDepth', kind: 'integer', low: 3, high: growth === 'symmetric' ? 9 : 10 }];
  return [
    { name: 'learningRate', kind: 'real', low: random ? 0.04 : 0.02, high: random ? 0.3 : 0.2, log: true },
    ...shape,
    {
      name: 'minSamplesLeaf',
      kind: 'integer',
      low: 1,
      high: Math.max(10, Math.min(150, Math.floor(nRows / 50))),
      log: true,
    },
    { name: 'l2Regularization', kind: 'real', low: 0.1, high: 30, log: true },
    { name: 'subsample', kind: 'real', low: 0.5, high: 1 },
    { name: 'colsampleByTree', kind: 'real', low: 0.25, high: 1 },
    ...(Object.keys(monotoneConstraints).length > 0
      ? [{ name: 'monotone', kind: 'choice', options: [true, false] } as const]
      : []),
  ];
}

/** Where the booster stands now, so that the search begins there. */
export function currentPoint({ params }: BoosterSpec, space: Space): Point {
  return Object.fromEntries(
    space.map(({ name }) => [name, name === 'monotone' ? true : Number(params[name as 'subsample'] ?? 1)]),
  );
}

/** The settings of a point, as a configuration holds them. */
export function settingsAt({ params }: BoosterSpec, point: Point): BoosterSettings {
  const settings = { ...point } as BoosterSettings;
  // Depth alone bounds a tree that grows level by level.
  return params.growth === 'depth-wise' && settings.maxDepth !== undefined
    ? { ...settings, maxLeafNodes: Math.min(256, 2 ** settings.maxDepth) }
    : settings;
}
