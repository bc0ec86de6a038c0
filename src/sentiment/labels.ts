import { DataError } from '../core/errors.js';
import { Table } from '../core/table.js';

/** Rows of a class that training needs at least, where the class must be there. */
const leastRowsPerClass = 50;

/**
 * The labels of a table of texts, as class indices.
 * @param where the table, for messages
 * @param ids `[nRows]` names the rows in messages
 * @param classes names of labels 0, 1, …
 * @param optional classes that may be missing
 * @throws {DataError} naming the row whose label is none of them, or a class with fewer than 50 rows
 */
export function textLabels(
  table: Table,
  where: string,
  ids: readonly string[],
  classes: readonly string[],
  optional: readonly string[] = [],
): Float64Array {
  const labels = Table.numbers(table, 'label');
  const counts = classes.map(() => 0);
  labels.forEach((label, i) => {
    if (!Number.isInteger(label) || label < 0 || label >= classes.length) {
      const expected = classes.map((name, k) => `${k} (${name})`).join(', ');
      throw new DataError(
        `${where}: label of ${ids[i]} is ${label}, expected ${expected}; mend the row or leave it out`,
      );
    }
    counts[label]++;
  });
  classes.forEach((name, k) => {
    if (counts[k] >= leastRowsPerClass || (counts[k] === 0 && optional.includes(name))) return;
    throw new DataError(
      `${where} has ${counts[k]} ${name} texts (label ${k}) among ${labels.length}; training needs at least ${leastRowsPerClass}`,
    );
  });
  return labels;
}
