import type { SparseMatrix } from '../../core/sparse-matrix.js';

/** TF-IDF rows as the optimiser sees them, and the way back to the terms. */
export interface TrainingRows {
  readonly rows: SparseMatrix;
  /** `[nTerms]` column of every term in `rows`. */
  readonly position: Int32Array;
  /** `[nTerms]` what the values of every term were multiplied by. */
  readonly factor: Float64Array;
}

/**
 * Rows with the terms of each vectoriser scaled to a mean squared length of 1: in the norm that they share, the many
 * n-grams of characters would otherwise leave the few words next to nothing, and the penalty would fall on the words
 * hardest. Common terms come first, so that most of what a pass over the rows reads stays in the cache.
 *
 * @param X TF-IDF rows, the terms of all vectorisers side by side
 * @param widths terms of each vectoriser
 */
export function trainingRows(X: SparseMatrix, widths: readonly number[]): TrainingRows {
  const block = Uint32Array.from(widths.flatMap((width, v) => new Array<number>(width).fill(v)));
  const squares = new Float64Array(widths.length);
  const frequency = new Int32Array(X.nColumns);
  for (let s = 0; s < X.column.length; s++) {
    squares[block[X.column[s]]] += X.value[s] * X.value[s];
    frequency[X.column[s]]++;
  }
  const factor = Float64Array.from(block, (v) => (squares[v] === 0 ? 1 : Math.sqrt(X.nRows / squares[v])));
  const order = Int32Array.from({ length: X.nColumns }, (_, term) => term);
  order.sort((a, b) => frequency[b] - frequency[a]);
  const position = new Int32Array(X.nColumns);
  order.forEach((term, at) => (position[term] = at));
  const rows = {
    ...X,
    column: X.column.map((term) => position[term]),
    value: X.value.map((value, s) => value * factor[X.column[s]]),
  };
  return { rows, position, factor };
}
