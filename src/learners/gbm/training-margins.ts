import { baseMarginAt, objectiveAt, objectiveParameterAt } from '../kernels/control.js';
import type { Objective } from './objectives/objective.js';
import type { TrainingMemory } from './training-memory.js';
import type { TrainingRows } from './training-rows.js';

/** The numbers of the training rows in the memory of a fit, as the host reads and writes them. */
export interface TrainingRowNumbers {
  /** `[nRows]` row numbers in the order the next tree will read them. */
  readonly index: Uint32Array;
  /** `[nMargins][nRows]`; empty where the kernels pack derivatives at once. */
  readonly gradient: readonly Float32Array[];
  readonly hessian: readonly Float32Array[];
  /** Starts from these margins instead of the base score. */
  startFrom(margins: readonly Float64Array[]): void;
  /** Writes targets, weights and margins. */
  write(): void;
  /** Fills `gradient` and `hessian` by the objective's own formulas. */
  deriveHere(queries: Int32Array | undefined): void;
}

/** Margins lie in memory less their base, targets too where residuals matter: float32 holds both to the last digit. */
export function trainingRowNumbers(
  { plan, float32, float64, int32, uint32 }: TrainingMemory,
  objective: Objective,
  data: TrainingRows,
  baseScore: Float64Array,
): TrainingRowNumbers {
  const { nRows, nMargins } = plan;
  const perMargin = (address: number): Float32Array[] =>
    address === 0
      ? []
      : Array.from({ length: nMargins }, (_, k) =>
          float32.subarray((address >> 2) + k * nRows, (address >> 2) + (k + 1) * nRows),
        );
  const margins = perMargin(plan.margin);
  const gradient = perMargin(plan.gradient);
  const hessian = perMargin(plan.hessian);
  let start: readonly Float64Array[] | undefined;
  return {
    index: uint32.subarray(plan.index >> 2, (plan.index >> 2) + nRows),
    gradient,
    hessian,
    startFrom(given) {
      start = given;
    },
    write() {
      const { kernel } = objective;
      const shift = kernel?.relativeTargets === true ? baseScore[0] : 0;
      const target = float32.subarray(plan.target >> 2, (plan.target >> 2) + nRows);
      for (let i = 0; i < nRows; i++) target[i] = data.y[i] - shift;
      if (data.weight !== undefined) float32.set(data.weight, plan.weight >> 2);
      margins.forEach((margin, k) => {
        const given = start?.[k];
        if (given === undefined) margin.fill(0);
        else for (let i = 0; i < nRows; i++) margin[i] = given[i] - baseScore[k];
      });
      float64.set(baseScore, plan.base >> 3);
      float32[baseMarginAt >> 2] = baseScore[0];
      int32[objectiveAt >> 2] = kernel?.code ?? 0;
      float64[objectiveParameterAt >> 3] = kernel?.parameter ?? 0;
    },
    deriveHere(queries) {
      const full = margins.map((margin, k) => Float64Array.from(margin, (m) => m + baseScore[k]));
      const weight = data.weight ?? new Uint8Array(nRows).fill(1);
      objective.derivatives(data.y, weight, full, gradient, hessian, queries);
    },
  };
}
