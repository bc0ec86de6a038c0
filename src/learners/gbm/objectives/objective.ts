import type { TargetKind } from '../../validate.js';
import type { ObjectiveName } from '../params.js';

/** One number per row, in either precision. */
export type RowNumbers = Float64Array | Float32Array;

/** What `y` may be. */
export interface Targets {
  /** For `checkTargets`. */
  readonly kind: TargetKind;
  /** Whether `y` must not be negative. */
  readonly nonNegative?: boolean;
  /** Largest grade, where `y` must be whole numbers from 0 on. */
  readonly maxGrade?: number;
}

/** An objective in the kernels: `derivatives(code, …, parameter)`. */
export interface KernelObjective {
  readonly code: number;
  readonly parameter: number;
  /** Whether the kernel reads targets less the base score instead of targets. */
  readonly relativeTargets: boolean;
}

/**
 * A loss as boosting sees it. `y` and `weight` are `[nRows]`, margins come one array of `[nRows]` per margin; `queries`
 * says where each query's rows begin (`queryStarts`), for `lambdarank` alone.
 */
export interface Objective {
  readonly name: ObjectiveName;
  readonly nMargins: number;
  readonly targets: Targets;
  /** Whether every hessian is its row's weight. */
  readonly hasConstantHessian: boolean;
  /** Level of the weighted quantile of residuals that leaves are renewed to; none take the Newton step. */
  readonly renewal?: number;
  /** Where the kernels know its derivatives, one row at a time. */
  readonly kernel?: KernelObjective;
  /** `[nMargins]` where boosting starts: the constant margins of least loss, or near them. */
  baseScore(y: ArrayLike<number>, weight: ArrayLike<number>, queries?: Int32Array): Float64Array;
  /** Weighted first and second derivatives of the loss by every margin, of all rows. */
  derivatives(
    y: ArrayLike<number>,
    weight: ArrayLike<number>,
    margins: readonly RowNumbers[],
    gradient: readonly RowNumbers[],
    hessian: readonly RowNumbers[],
    queries?: Int32Array,
  ): void;
  /** Weighted mean loss. */
  loss(
    y: ArrayLike<number>,
    weight: ArrayLike<number>,
    margins: readonly RowNumbers[],
    queries?: Int32Array,
  ): number;
}

/** An objective whose rows and margins are on their own, from its scalar formulas. */
export interface RowLoss {
  readonly gradient: (y: number, margin: number) => number;
  readonly hessian: (y: number, margin: number) => number;
  readonly loss: (y: number, margin: number) => number;
}

/** `derivatives` and `loss` of an objective of one margin. */
export function rowByRow({ gradient, hessian, loss }: RowLoss): Pick<Objective, 'derivatives' | 'loss'> {
  return {
    derivatives(y, weight, [margin], [gradients], [hessians]) {
      for (let i = 0; i < y.length; i++) {
        gradients[i] = weight[i] * gradient(y[i], margin[i]);
        hessians[i] = weight[i] * hessian(y[i], margin[i]);
      }
    },
    loss: (y, weight, [margin]) => weightedMean(y, weight, (target, i) => loss(target, margin[i])),
  };
}

/** Weighted mean of `of(values[i], i)`. */
export function weightedMean(
  values: ArrayLike<number>,
  weight: ArrayLike<number>,
  of: (value: number, i: number) => number,
): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    // A row of no weight may have an infinite loss.
    if (weight[i] === 0) continue;
    sum += weight[i] * of(values[i], i);
    total += weight[i];
  }
  return sum / total;
}

/** Keeps logarithms of shares and means finite. */
export const smallestMean = 1e-6;
