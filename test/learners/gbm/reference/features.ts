import type { Matrix } from '../../../../src/core/matrix.js';
import { createRng } from '../../../../src/core/rng.js';
import { fitBins, mapToBins } from './binning.js';

/** A feature as the reference sees it: a bin per row. */
export interface ReferenceFeature {
  readonly index: number;
  readonly name: string;
  /** `[nRows]` */
  readonly bins: ArrayLike<number>;
  /** Bins of values, those of the unknown left out; bin numbers 0 to nBins - 1. */
  readonly nBins: number;
  /** The bin of missing values. */
  readonly missing: number;
  /** Of a number: upper bounds of all its bins but the last. */
  readonly bounds?: Float32Array;
  /** Of a category: its codes, one a bin. */
  readonly codes?: readonly number[];
}

/** Codes that have a bin of their own. */
const mostCodes = 254;

/** Every column's bins: `fitBins` for numbers, one bin a code for categories. */
export function referenceFeatures(
  X: Matrix,
  maxBins: number,
  categorical: readonly string[],
): ReferenceFeature[] {
  const mapper = fitBins(X, maxBins, createRng(1));
  const binned = mapToBins(mapper, X);
  return X.names.map((name, index) => {
    if (!categorical.includes(name)) {
      const bounds = mapper.bounds[index];
      const nBins = bounds.length + 1;
      return { index, name, bins: binned[index], nBins, missing: nBins, bounds };
    }
    const column = X.columns[index];
    const counts = new Map<number, number>();
    for (const x of column) if (x === x) counts.set(x, (counts.get(x) ?? 0) + 1);
    const codes = [...counts.keys()]
      .sort((a, b) => counts.get(b)! - counts.get(a)! || a - b)
      .slice(0, mostCodes)
      .sort((a, b) => a - b);
    const missing = codes.length + 1;
    const unknown = codes.length;
    const bins = Array.from(column, (x) => {
      if (x !== x) return missing;
      const bin = codes.indexOf(x);
      return bin < 0 ? unknown : bin;
    });
    return { index, name, bins, nBins: codes.length, missing, codes };
  });
}
