import { shuffle, type Rng } from '../../core/rng.js';

/**
 * A random fold for every row, such that each fold has about the same distribution of `y`: rows in the order of
 * their target are dealt to all folds in turn, every turn in a new order. For classes this is stratified folding.
 *
 * @param y `[nRows]`
 * @returns `[nRows]` numbers from 0 to nFolds - 1, sizes differing by one at most
 */
export function crossFitFolds(y: ArrayLike<number>, nFolds: number, rng: Rng): Uint16Array {
  const order = Uint32Array.from({ length: y.length }, (_, i) => i);
  shuffle(order, rng);
  // The sort is stable: rows of one class stay shuffled.
  order.sort((a, b) => y[a] - y[b]);
  const folds = new Uint16Array(y.length);
  const turn = Uint32Array.from({ length: nFolds }, (_, fold) => fold);
  order.forEach((row, position) => {
    if (position % nFolds === 0) shuffle(turn, rng);
    folds[row] = turn[position % nFolds];
  });
  return folds;
}
