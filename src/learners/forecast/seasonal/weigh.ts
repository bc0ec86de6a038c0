import { residualLevel, type ResidualLevel, type ResidualProcess } from './residual-level.js';
import { residualsOf } from './regression.js';
import { solveFactor } from './factor.js';
import { addRow, rowProduct } from './weighted-solve.js';
import type { PreparedDesign } from './prepared.js';

/** A way to forecast: with these prior scales, this much of the slope, and the residual level or without it. */
export interface Way {
  /** Which of the prepared candidates. */
  readonly candidate: number;
  readonly damping: number;
  /** What the level is filtered by, null without one. */
  readonly process: ResidualProcess | null;
}

/** A way and its share in the forecast. */
export interface WeightedWay extends Way {
  /** Above 0; all sum to 1. */
  readonly weight: number;
}

const noLevel: ResidualLevel = { level: 0, decay: 0 };

/** Points before the end from which a residual level is filtered. */
export const levelMemory = 90;
export const weighing = { sharpness: 6 };

/**
 * Forecasts the held-out tails in every way and gives each the weight `(its mean absolute error / the least)^-6`.
 *
 * @param z `[n]`, the series that is forecast, NaN where missing
 * @param cleaned `[n]`, the same without gaps and outliers, which is learned from
 * @param processes one for each candidate
 * @param dampings those to try
 * @param levels whether to try with, without the residual level, or both
 */
export function weighWays(
  prepared: PreparedDesign,
  z: Float64Array,
  cleaned: Float64Array,
  processes: readonly (readonly (ResidualProcess | null)[])[],
  dampings: readonly number[],
  limit: number,
): WeightedWay[] {
  const { candidates, origins } = prepared;
  const ways = candidates.flatMap((_, candidate) =>
    dampings.flatMap((damping) => processes[candidate].map((process): Way => ({ candidate, damping, process }))),
  );
  if (origins.length === 0 || ways.length === 1) return ways.map((way) => ({ ...way, weight: 1 / ways.length }));
  const losses = tailLosses(prepared, z, cleaned, processes, dampings, limit);
  const least = losses.reduce((a, b) => Math.min(a, b));
  // Against a perfect way every other one has no share.
  const shares = losses.map((loss) => (loss > least ? (least / loss) ** weighing.sharpness : 1));
  const largest = shares.reduce((a, b) => Math.max(a, b));
  const kept = ways.map((way, k) => ({ ...way, weight: shares[k] })).filter(({ weight }) => weight > 0.01 * largest);
  const total = kept.reduce((sum, { weight }) => sum + weight, 0);
  return kept.map((way) => ({ ...way, weight: way.weight / total }));
}

/** Sum of absolute errors of every way, ways as `weighWays` lists them. */
function tailLosses(
  { design, candidates, origins, horizon }: PreparedDesign,
  z: Float64Array,
  cleaned: Float64Array,
  processes: readonly (readonly (ResidualProcess | null)[])[],
  dampings: readonly number[],
  limit: number,
): Float64Array {
  const losses = new Float64Array(candidates.length * dampings.length * processes[0].length);
  const rhs = new Float64Array(design.nColumns);
  const coefficients = new Float64Array(design.nColumns);
  const base = new Float64Array(horizon);
  let reached = 0;
  origins.forEach((origin, o) => {
    for (; reached < origin; reached++) addRow(design, reached, cleaned[reached], rhs);
    candidates.forEach(({ factors }, c) => {
      solveFactor(factors[o], rhs, coefficients);
      for (let j = 0; j < horizon; j++) base[j] = z[origin + j] - rowProduct(design, origin + j, coefficients);
      const slope = design.hasSlope ? coefficients[1] / (design.n - 1) : 0;
      const recent = residualsOf(design, z, coefficients, Math.max(0, origin - levelMemory), origin);
      processes[c].forEach((process, l) => {
        const { level, decay } = process === null ? noLevel : residualLevel(recent, process, limit);
        dampings.forEach((damping, d) => {
          losses[(c * dampings.length + d) * processes[c].length + l] += tailLoss(base, slope, damping, level, decay);
        });
      });
    });
  });
  return losses;
}

/** @param errors of the undamped forecast without a level */
function tailLoss(errors: Float64Array, slope: number, damping: number, level: number, decay: number): number {
  let loss = 0;
  let kept = 1;
  let lost = 0;
  for (const error of errors) {
    kept *= damping;
    lost += slope * (1 - kept);
    level *= decay;
    if (!Number.isNaN(error)) loss += Math.abs(error + lost - level);
  }
  return loss;
}
