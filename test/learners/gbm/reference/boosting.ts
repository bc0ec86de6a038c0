import type { Matrix } from '../../../../src/core/matrix.js';
import { objectiveOf } from '../../../../src/learners/gbm/objectives/objective-of.js';
import type { Objective } from '../../../../src/learners/gbm/objectives/objective.js';
import { queryStarts } from '../../../../src/learners/gbm/objectives/queries.js';
import type { GradientBoostingParams } from '../../../../src/learners/gbm/params.js';

export interface ReferenceOptions {
  readonly sampleWeight?: ArrayLike<number>;
  readonly group?: ArrayLike<number>;
  /** Margins and targets in float32, relative to the base score, as kernels hold them. */
  readonly inFloat32?: boolean;
}

/** Margins, and the derivatives of the loss at them, in plain doubles. */
export interface Boosting {
  readonly objective: Objective;
  readonly baseScore: Float64Array;
  /** `[nRows]` with class weights. */
  readonly weight: Float64Array;
  derivatives(): { readonly gradient: Float64Array[]; readonly hessian: Float64Array[] };
  /** `[nRows]` target less margin, of an objective of one margin. */
  residuals(): Float64Array;
  add(k: number, row: number, value: number): void;
}

/** Where a fit starts: at `baseScore`, or at the objective's own. */
export function startBoosting(
  X: Matrix,
  y: ArrayLike<number>,
  params: GradientBoostingParams,
  { sampleWeight, group, inFloat32 = false }: ReferenceOptions,
  givenBase?: Float64Array,
): Boosting {
  const objective = objectiveOf(params);
  const weight = classWeighted(y, params, sampleWeight ?? new Float64Array(X.nRows).fill(1));
  const queries = params.objective === 'lambdarank' ? queryStarts(group, X.nRows) : undefined;
  const baseScore = givenBase ?? objective.baseScore(y, weight, queries);
  const isRelative = inFloat32 && objective.kernel?.relativeTargets === true;
  const round = inFloat32 ? Math.fround : (value: number): number => value;
  // Relative to the base score, from which float32 would take digits.
  const margins = Array.from(baseScore, () => new Float64Array(X.nRows));
  const targets = isRelative
    ? Float64Array.from(y, (target) => Math.fround(target - baseScore[0]))
    : Float64Array.from(y);
  const full = (): Float64Array[] => margins.map((m, k) => (isRelative ? m : m.map((r) => baseScore[k] + r)));
  return {
    objective,
    baseScore,
    weight,
    derivatives() {
      const empty = (): Float64Array[] => margins.map(() => new Float64Array(X.nRows));
      const [gradient, hessian] = [empty(), empty()];
      objective.derivatives(targets, weight, full(), gradient, hessian, queries);
      return { gradient, hessian };
    },
    residuals() {
      const [margin] = full();
      return targets.map((target, i) => target - margin[i]);
    },
    add(k, row, value) {
      margins[k][row] = round(margins[k][row] + round(value));
    },
  };
}

function classWeighted(
  y: ArrayLike<number>,
  { classWeight, objective, nClasses }: GradientBoostingParams,
  sampleWeight: ArrayLike<number>,
): Float64Array {
  const weight = Float64Array.from(sampleWeight);
  if (classWeight === null) return weight;
  const classes = objective === 'multiclass' ? nClasses : 2;
  const totals = new Float64Array(classes);
  weight.forEach((w, i) => (totals[y[i]] += w));
  const total = totals.reduce((sum, w) => sum + w, 0);
  // Classes without weight have no share.
  const present = totals.filter((w) => w > 0).length;
  return weight.map((w, i) =>
    classWeight === 'balanced'
      ? totals[y[i]] === 0
        ? 0
        : (w * total) / (present * totals[y[i]])
      : w * classWeight[y[i]],
  );
}
