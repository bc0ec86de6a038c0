import type { FadingSlope } from './model.js';
import type { SeasonalDesign } from './design.js';
import { residualsOf } from './regression.js';
import { residualLevel, type ResidualLevel } from './residual-level.js';
import { levelMemory, type WeightedWay } from './weigh.js';

/** What a forecast is made of. */
export interface BlendedForecast {
  /** `[nColumns]` */
  readonly coefficients: Float64Array;
  readonly slopes: readonly FadingSlope[];
  readonly levels: readonly ResidualLevel[];
}

/**
 * The weighted mean of all ways: coefficients add up, and so do slopes that fade alike and levels that fade alike.
 * @param regressions coefficients of each candidate
 * @param z `[n]`, NaN where missing
 * @param limit what a residual may differ from the level and still count in full
 */
export function blendWays(
  design: SeasonalDesign,
  weighted: readonly WeightedWay[],
  regressions: readonly Float64Array[],
  z: Float64Array,
  limit: number,
): BlendedForecast {
  const coefficients = new Float64Array(design.nColumns);
  const slopes = new Map<number, number>();
  const levels = new Map<number, number>();
  const recent = new Map<number, Float64Array>();
  for (const { way, weight } of weighted) {
    const own = regressions[way.candidate];
    for (let j = 0; j < own.length; j++) coefficients[j] += weight * own[j];
    if (design.hasSlope && way.damping > 0) add(slopes, way.damping, (weight * own[1]) / (design.n - 1));
    if (way.process === null) continue;
    const known = recent.get(way.candidate);
    const residuals = known ?? residualsOf(design, z, own, Math.max(0, design.n - levelMemory));
    recent.set(way.candidate, residuals);
    const { level, decay } = residualLevel(residuals, way.process, limit);
    if (level !== 0) add(levels, decay, weight * level);
  }
  return {
    coefficients,
    slopes: Array.from(slopes, ([damping, slope]) => ({ slope, damping })),
    levels: Array.from(levels, ([decay, level]) => ({ level, decay })),
  };
}

function add(sums: Map<number, number>, key: number, amount: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}
