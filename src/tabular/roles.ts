import { DataError } from '../core/errors.js';
import { Table } from '../core/table.js';

/**
 * The sample weights of a column, `[nRows]`.
 * @param where names the file in messages
 * @throws {DataError} naming the first row whose weight is missing, negative or infinite, or when all are 0
 */
export function readWeights(table: Table, column: string, where: string): Float64Array {
  const weights = readNumbers(table, column, where, 'weights');
  weights.forEach((weight, i) => {
    if (Number.isFinite(weight) && weight >= 0) return;
    const holds = Number.isNaN(weight) ? 'has no value' : `holds ${weight}`;
    throw new DataError(
      `${where}: row ${i + 1}: weight ${column} ${holds}, expected a number of at least 0; correct it or leave the row out`,
    );
  });
  if (!weights.some((weight) => weight > 0)) {
    throw new DataError(`${where}: weight ${column} is 0 in every row, so there is nothing to learn from`);
  }
  return weights;
}

/**
 * The times by which the newest rows are held out, `[nRows]`, any unit.
 * @param where names the file in messages
 * @throws {DataError} naming the first row without a time, or when all rows have the same one
 */
export function readTimes(table: Table, column: string, where: string): Float64Array {
  const times = readNumbers(table, column, where, 'times');
  const missing = times.findIndex(Number.isNaN);
  if (missing >= 0) {
    throw new DataError(
      `${where}: row ${missing + 1}: time ${column} has no value; fill it in or leave the row out`,
    );
  }
  if (times.every((time) => time === times[0])) {
    throw new DataError(`${where}: time ${column} is the same in every row, so no row is newer than another`);
  }
  return times;
}

function readNumbers(table: Table, column: string, where: string, role: string): Float64Array {
  const { type, values } = Table.column(table, column);
  if (type !== 'string') return values;
  const example = values.find((value) => value !== null) ?? '';
  throw new DataError(
    `${where}: column ${column} holds text such as ${JSON.stringify(example)}, expected ${role}: numbers or ISO times`,
  );
}
