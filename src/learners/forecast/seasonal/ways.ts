import type { SeasonalForecasterParams } from './params.js';
import type { PreparedDesign } from './prepared.js';
import { residualProcess, type ResidualProcess } from './residual-level.js';
import { residualsOf } from './regression.js';

/** A way to forecast: with these prior scales, this much of the slope, and a residual level or none. */
export interface Way {
  /** Which of the prepared candidates. */
  readonly candidate: number;
  /** What is kept of the slope from step to step. */
  readonly damping: number;
  /** What the level is filtered by, null without one. */
  readonly process: ResidualProcess | null;
}

/** Points before the end from which a process is read. */
const processMemory = 200;

/**
 * Processes for all series: residuals of a regression that follows the series show less of its wandering than there
 * is, so steadier levels are tried beside the one that they show.
 */
const steadyProcesses: readonly ResidualProcess[] = [
  { decay: 0.998, share: 0.98 },
  { decay: 0.99, share: 0.7 },
  { decay: 0.97, share: 0.5 },
  { decay: 0.9, share: 0.5 },
];

/**
 * All ways to be weighed, those of a candidate together.
 * @param cleaned `[n]`, the series without gaps and outliers
 * @param regressions coefficients of each candidate
 */
export function waysOf(
  params: SeasonalForecasterParams,
  { design }: PreparedDesign,
  cleaned: Float64Array,
  regressions: readonly Float64Array[],
): Way[] {
  const dampings = dampingsOf(params, design.hasSlope, design.n);
  const from = Math.max(0, design.n - processMemory);
  return regressions.flatMap((coefficients, candidate) => {
    const processes =
      params.residual === 'none'
        ? [null]
        : [null, residualProcess(residualsOf(design, cleaned, coefficients, from)), ...steadyProcesses];
    return processes.flatMap((process) => dampings.map((damping): Way => ({ candidate, damping, process })));
  });
}

function dampingsOf({ damping }: SeasonalForecasterParams, hasSlope: boolean, n: number): number[] {
  if (!hasSlope) return [0];
  return damping === 'auto' ? [0, fadingOver(n / 10), fadingOver(n / 2)] : [damping];
}

/** What is kept of a slope from step to step if it fades over so many. */
function fadingOver(steps: number): number {
  return 1 - 1 / Math.max(2, steps);
}
