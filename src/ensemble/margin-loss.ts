import { tweedieRowDeviance } from '../evaluation/tweedie-deviance.js';

/** What decides how a margin is judged. */
export interface MarginTask {
  readonly task: 'binary' | 'multiclass' | 'regression';
  /** Regression: margins are logarithms of means, judged by the Tweedie deviance of this power. */
  readonly tweediePower?: number;
}

/**
 * The loss of row `i`: log loss of one margin or of one a class, squared error, or deviance. Lower is better.
 * @param target class index or value
 * @param margins `[nMargins]` arrays of `[nRows]`
 */
export function marginLoss(
  { task, tweediePower }: MarginTask,
  target: number,
  margins: readonly ArrayLike<number>[],
  i: number,
): number {
  const margin = margins[0][i];
  switch (task) {
    case 'binary':
      return Math.max(margin, 0) - target * margin + Math.log1p(Math.exp(-Math.abs(margin)));
    case 'regression':
      return tweediePower === undefined
        ? (target - margin) ** 2
        : tweedieRowDeviance(target, Math.exp(margin), tweediePower);
    case 'multiclass': {
      let largest = -Infinity;
      for (const column of margins) largest = Math.max(largest, column[i]);
      let sum = 0;
      for (const column of margins) sum += Math.exp(column[i] - largest);
      return largest + Math.log(sum) - margins[target][i];
    }
  }
}
