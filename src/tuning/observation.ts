import type { Point } from './space.js';

/** What is known of a point that was tried. */
export interface Observation {
  readonly point: Point;
  /** Loss on each fold that it was judged on, in the order of the folds; fewer than all where it was stopped. */
  readonly losses: readonly number[];
  /** By how much it breaks the constraints, as a share of each; 0 where it keeps them. */
  readonly excess: number;
}

/** Mean loss of the first `nFolds` folds. */
export function meanLoss({ losses }: Pick<Observation, 'losses'>, nFolds = losses.length): number {
  let sum = 0;
  for (let fold = 0; fold < nFolds; fold++) sum += losses[fold];
  return sum / nFolds;
}

/**
 * The better one first: those that keep the constraints before those that break them, by excess; then those that were
 * judged on more folds; then by mean loss (as Optuna ranks what was pruned).
 */
export function byMerit(a: Observation, b: Observation): number {
  return a.excess - b.excess || b.losses.length - a.losses.length || meanLoss(a) - meanLoss(b);
}
