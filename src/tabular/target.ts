import type { Task } from '../champion/model.js';
import { ConfigError, DataError } from '../core/errors.js';
import { Table } from '../core/table.js';

/** What is to be predicted. */
export interface Target {
  readonly task: Task;
  /** Class labels, the positive one last for binary; empty for regression. */
  readonly classes: readonly string[];
  /** `[nRows]` class index or value. */
  readonly y: Float64Array;
}

/** More classes than this are refused: a text of its own in every row is no class. */
const mostClasses = 100;

/**
 * Reads the target column: texts and booleans are classes, a number with two values is binary, any other number is
 * a regression, unless `task` says otherwise.
 *
 * @param where names the file in messages
 * @param positive the binary class whose probability is asked for; the one that sorts last when left out
 * @throws {DataError} naming the row whose target is missing, or when there is nothing to tell apart
 * @throws {ConfigError} when task or positive class do not fit the column
 */
export function readTarget(
  table: Table,
  column: string,
  where: string,
  task: Task | undefined,
  positive: string | undefined,
): Target {
  const values = labelsOf(table, column, where);
  const distinct = sortLabels(new Set(values), Table.column(table, column).type);
  const isText =
    Table.column(table, column).type === 'string' || Table.column(table, column).type === 'boolean';
  const chosen = task ?? (distinct.length === 2 ? 'binary' : isText ? 'multiclass' : 'regression');
  if (distinct.length < 2) {
    throw new DataError(
      `${where}: target ${column} is ${distinct[0] ?? 'empty'} in every row, so there is nothing to tell apart`,
    );
  }
  if (positive !== undefined && chosen !== 'binary') {
    throw new ConfigError(
      `--positive ${positive} names one of two classes, but target ${column} is read as ${chosen}; leave it out or use --task binary`,
    );
  }
  if (chosen === 'regression') {
    if (isText)
      throw new ConfigError(
        `--task regression needs a number, but target ${column} holds values such as ${distinct[0]}`,
      );
    return { task: chosen, classes: [], y: Table.numbers(table, column).slice() };
  }
  if (chosen === 'binary' && distinct.length !== 2) {
    throw new DataError(
      `${where}: target ${column} has ${distinct.length} values (${distinct.slice(0, 5).join(', ')}${distinct.length > 5 ? ', …' : ''}), expected 2; clean the column or use --task multiclass`,
    );
  }
  if (distinct.length > mostClasses) {
    throw new DataError(
      `${where}: target ${column} has ${distinct.length} different values, more than ${mostClasses} classes; is it the right column?`,
    );
  }
  const classes = chosen === 'binary' ? putLast(distinct, positive, column) : distinct;
  const index = new Map(classes.map((label, k) => [label, k]));
  const y = Float64Array.from(values, (label) => index.get(label) ?? NaN);
  return { task: chosen, classes, y };
}

function labelsOf(table: Table, column: string, where: string): string[] {
  const { type, values } = Table.column(table, column);
  const labels: string[] = [];
  for (let i = 0; i < table.nRows; i++) {
    const value = values[i];
    if (value === null || value === '' || (typeof value === 'number' && !Number.isFinite(value))) {
      throw new DataError(
        `${where}: row ${i + 1} has ${typeof value === 'number' && !Number.isNaN(value) ? String(value) : 'no value'} in target ${column}; fill it in or leave the row out`,
      );
    }
    labels.push(type === 'boolean' ? (value === 1 ? 'true' : 'false') : String(value));
  }
  return labels;
}

function sortLabels(labels: ReadonlySet<string>, type: string): string[] {
  const list = [...labels];
  return type === 'number'
    ? list.sort((a, b) => Number(a) - Number(b))
    : list.sort((a, b) => (a < b ? -1 : 1));
}

function putLast(labels: readonly string[], positive: string | undefined, column: string): string[] {
  if (positive === undefined) return [...labels];
  if (!labels.includes(positive)) {
    throw new ConfigError(
      `--positive ${positive} is not a value of target ${column}, which holds ${labels.join(' and ')}`,
    );
  }
  return [...labels.filter((label) => label !== positive), positive];
}
