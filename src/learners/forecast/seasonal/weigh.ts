import { solveFactor } from './factor.js';
import type { PreparedDesign } from './prepared.js';
import { residualsOf } from './regression.js';
import { residualLevel, type ResidualLevel } from './residual-level.js';
import type { Way } from './ways.js';

/** A way and its share in the forecast. */
export interface WeightedWay {
  readonly way: Way;
  /** Above 0; all sum to 1. */
  readonly weight: number;
}

const noLevel: ResidualLevel = { level: 0, decay: 0 };

/** Points before the end from which a residual level is filtered. */
export const levelMemory = 60;
/** The error that is twice as large has a share that is 2^6 times smaller. */
const sharpness = 6;
/** Smaller shares, beside the largest, are left out. */
const leastShare = 0.01;

/**
 * Forecasts the held-out tails in every way and gives each the weight `(the least error / its error)^6`, errors being
 * mean absolute ones. Where no tail can be held out all weigh the same.
 *
 * @param ways those of a candidate together
 * @param z `[n]`, the series that is forecast, NaN where missing
 * @param sums for each origin, the transposed rows before it times the series without gaps and outliers
 * @param limit what a residual may differ from the level and still count in full
 */
export function weighWays(
  prepared: PreparedDesign,
  ways: readonly Way[],
  z: Float64Array,
  sums: readonly Float64Array[],
  limit: number,
): WeightedWay[] {
  if (prepared.origins.length === 0 || ways.length === 1) {
    return ways.map((way) => ({ way, weight: 1 / ways.length }));
  }
  const losses = tailLosses(prepared, ways, z, sums, limit);
  const least = losses.reduce((a, b) => Math.min(a, b));
  const shares = losses.map((loss) => (loss > least ? (least / loss) ** sharpness : 1));
  const kept = ways.flatMap((way, k) => (shares[k] > leastShare ? { way, weight: shares[k] } : []));
  const total = kept.reduce((sum, { weight }) => sum + weight, 0);
  return kept.map(({ way, weight }) => ({ way, weight: weight / total }));
}

/** Sum of absolute errors over all tails, for each way. */
function tailLosses(
  { design, candidates, origins, horizon }: PreparedDesign,
  ways: readonly Way[],
  z: Float64Array,
  sums: readonly Float64Array[],
  limit: number,
): Float64Array {
  const losses = new Float64Array(ways.length);
  const coefficients = new Float64Array(design.nColumns);
  origins.forEach((origin, o) => {
    const from = Math.max(0, origin - levelMemory);
    let recent: Float64Array = coefficients;
    let ahead: Float64Array = coefficients;
    let slope = 0;
    let level = noLevel;
    ways.forEach(({ candidate, damping, process }, w) => {
      const isNew = candidate !== ways[w - 1]?.candidate;
      if (isNew) {
        solveFactor(candidates[candidate].factors[o], sums[o], coefficients);
        const errors = residualsOf(design, z, coefficients, from, origin + horizon);
        recent = errors.subarray(0, origin - from);
        ahead = errors.subarray(origin - from);
        slope = design.hasSlope ? coefficients[1] / (design.n - 1) : 0;
      }
      if (isNew || process !== ways[w - 1].process) {
        level = process === null ? noLevel : residualLevel(recent, process, limit);
      }
      losses[w] += tailLoss(ahead, slope, damping, level);
    });
  });
  return losses;
}

/** @param errors of the forecast with all of the slope and without a level */
function tailLoss(
  errors: Float64Array,
  slope: number,
  damping: number,
  { level, decay }: ResidualLevel,
): number {
  let loss = 0;
  let kept = 1;
  let lost = 0;
  let left = level;
  for (let j = 0; j < errors.length; j++) {
    kept *= damping;
    lost += slope * (1 - kept);
    left *= decay;
    const error = errors[j] + lost - left;
    // A missing value judges nobody.
    if (!Number.isNaN(error)) loss += Math.abs(error);
  }
  return loss;
}
