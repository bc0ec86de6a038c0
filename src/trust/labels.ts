import { DataError } from '../core/errors.js';
import { Table } from '../core/table.js';

/** Rows of either class that training needs at least. */
const leastRowsPerClass = 50;

/**
 * The labels of `kol_gold.ml_trust_training`: 1 = untrustworthy, 0 = trustworthy.
 * @param keys `[nRows]` names the rows in messages
 * @throws {DataError} naming the row whose label is neither, or when a class has fewer than 50 rows
 */
export function trustLabels(table: Table, keys: readonly string[]): Float64Array {
  const labels = Table.numbers(table, 'label');
  const counts = [0, 0];
  labels.forEach((label, i) => {
    if (label !== 0 && label !== 1) {
      throw new DataError(
        `kol_gold.ml_trust_training: label of ${keys[i]} is ${label}, expected 0 (trustworthy) or 1 (untrustworthy); mend the row or leave it out`,
      );
    }
    counts[label]++;
  });
  counts.forEach((count, label) => {
    if (count < leastRowsPerClass) {
      throw new DataError(
        `kol_gold.ml_trust_training has ${count} rows of label ${label} among ${labels.length}; training needs at least ${leastRowsPerClass} of each class`,
      );
    }
  });
  return labels;
}
