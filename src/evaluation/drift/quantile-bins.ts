import { ConfigError, DataError } from '../../core/errors.js';

/**
 * The inner edges of up to `nBins` bins that hold about equally many of the values; fewer where values repeat, none
 * where all are equal. Ascending, without repetition; each edge is the largest value of the bin below it.
 * @param values `[n]`; NaN is left out
 * @throws {DataError} when no value is left
 */
export function quantileEdges(values: ArrayLike<number>, nBins: number): readonly number[] {
  if (!Number.isInteger(nBins) || nBins < 2)
    throw new ConfigError(`nBins=${nBins} must be a whole number from 2`);
  const ascending = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  if (ascending.length === 0) throw new DataError('quantile bins: there are no values');
  const largest = ascending[ascending.length - 1];
  const edges = new Set<number>();
  for (let b = 1; b < nBins; b++) {
    // A value that is there: between two values, infinities would give NaN.
    const edge = ascending[Math.floor((b / nBins) * (ascending.length - 1))];
    if (edge < largest) edges.add(edge);
  }
  return [...edges];
}

/** The bin of a value: the number of edges below it; bin b holds (edge[b - 1], edge[b]]. */
export function binOf(edges: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (edges[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many values lie in each bin `[nEdges + 1]`; NaN is left out. */
export function binCounts(edges: ArrayLike<number>, values: ArrayLike<number>): Float64Array {
  const counts = new Float64Array(edges.length + 1);
  for (let i = 0; i < values.length; i++) {
    if (!Number.isNaN(values[i])) counts[binOf(edges, values[i])]++;
  }
  return counts;
}
