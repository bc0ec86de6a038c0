import { meanLoss, type Observation } from './observation.js';

/** One of so many goes on at every rung. */
const reduction = 3;

/** After how many folds trials are compared: 1, 3, 9, … below all of them. */
export function rungs(nFolds: number): number[] {
  const found: number[] = [];
  for (let rung = 1; rung < nFolds; rung *= reduction) found.push(rung);
  return found;
}

/**
 * Whether a trial is judged on further folds: asynchronous successive halving (Li et al. 2020, "A System for Massively
 * Parallel Hyperparameter Tuning", algorithm 2), with folds for resources. At a rung, it goes on where it is among the
 * best third of all that came so far; everybody is judged on the same folds, so the comparison is paired.
 * @param losses of the trial on the folds so far
 * @param rivals other trials of the same space
 */
export function goesOn(losses: readonly number[], rivals: readonly Observation[], nFolds: number): boolean {
  const rung = losses.length;
  if (!rungs(nFolds).includes(rung)) return true;
  const own = meanLoss({ losses });
  const reached = rivals.filter((rival) => rival.losses.length >= rung);
  const better = reached.filter((rival) => meanLoss(rival, rung) < own).length;
  return better < Math.max(1, Math.floor((reached.length + 1) / reduction));
}
