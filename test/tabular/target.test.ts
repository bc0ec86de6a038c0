import { describe, expect, it } from 'vitest';
import { ConfigError, DataError } from '../../src/core/errors.js';
import { Table, type Column } from '../../src/core/table.js';
import type { Task } from '../../src/champion/model.js';
import { readTarget, type Target } from '../../src/tabular/target.js';

const text = (...values: (string | null)[]): Column => ({ type: 'string', values });
const number = (...values: number[]): Column => ({ type: 'number', values: Float64Array.from(values) });
const flag = (...values: number[]): Column => ({ type: 'boolean', values: Float64Array.from(values) });

function read(column: Column, options: { task?: Task; positive?: string } = {}): Target {
  return readTarget(Table.fromColumns({ churn: column }), 'churn', 'a.csv', options.task, options.positive);
}

describe('readTarget', () => {
  it('reads two values as classes, the last one positive unless another is named', () => {
    expect(read(text('no', 'yes', 'no'))).toEqual({
      task: 'binary',
      classes: ['no', 'yes'],
      y: Float64Array.of(0, 1, 0),
    });
    expect(read(text('no', 'yes', 'no'), { positive: 'no' })).toEqual({
      task: 'binary',
      classes: ['yes', 'no'],
      y: Float64Array.of(1, 0, 1),
    });
    expect(read(number(10, 9, 10)).classes).toEqual(['9', '10']);
    expect(read(flag(1, 0, 1)).classes).toEqual(['false', 'true']);
    expect(read(flag(1, 0, 1), { positive: 'false' }).y).toEqual(Float64Array.of(0, 1, 0));
  });

  it('reads more texts as many classes and other numbers as a regression, unless told otherwise', () => {
    expect(read(text('b', 'c', 'a'))).toEqual({
      task: 'multiclass',
      classes: ['a', 'b', 'c'],
      y: Float64Array.of(1, 2, 0),
    });
    expect(read(number(3, 1, 2))).toEqual({
      task: 'regression',
      classes: [],
      y: Float64Array.of(3, 1, 2),
    });
    expect(read(number(3, 20, 1), { task: 'multiclass' })).toEqual({
      task: 'multiclass',
      classes: ['1', '3', '20'],
      y: Float64Array.of(1, 2, 0),
    });
    expect(read(number(0, 1, 1), { task: 'regression' }).y).toEqual(Float64Array.of(0, 1, 1));
    expect(read(text('a', 'b'), { task: 'multiclass' }).task).toBe('multiclass');
  });

  it.each<
    [string, Column, { task?: Task; positive?: string }, typeof DataError | typeof ConfigError, string]
  >([
    ['a missing text', text('a', null), {}, DataError, 'a.csv: row 2 has no value in target churn'],
    ['an empty text', text('a', 'b', ''), {}, DataError, 'a.csv: row 3 has no value in target churn'],
    ['a NaN', number(NaN, 1), {}, DataError, 'a.csv: row 1 has no value in target churn'],
    ['an infinity', number(1, -Infinity), {}, DataError, 'a.csv: row 2 has -Infinity in target churn'],
    ['one class', text('a', 'a'), {}, DataError, 'target churn is a in every row, so there is nothing'],
    ['one number', number(4, 4), { task: 'regression' }, DataError, 'target churn is 4 in every row'],
    ['no row', text(), {}, DataError, 'target churn is empty in every row'],
    [
      'a third value',
      text('a', 'b', 'c'),
      { task: 'binary' },
      DataError,
      'target churn has 3 values (a, b, c), expected 2; clean the column or use --task multiclass',
    ],
    [
      'six values',
      number(1, 2, 3, 4, 5, 6),
      { task: 'binary' },
      DataError,
      'has 6 values (1, 2, 3, 4, 5, …), expected 2',
    ],
    [
      'too many classes',
      text(...Array.from({ length: 101 }, (_, i) => `c${i}`)),
      {},
      DataError,
      'has 101 different values, more than 100 classes; is it the right column?',
    ],
    [
      'a regression on texts',
      text('a', 'b'),
      { task: 'regression' },
      ConfigError,
      '--task regression needs a number, but target churn holds values such as a',
    ],
    [
      'an unknown positive class',
      text('a', 'b'),
      { positive: 'c' },
      ConfigError,
      '--positive c is not a value of target churn, which holds a and b',
    ],
    [
      'a positive class of a regression',
      number(1, 2, 3),
      { positive: '1' },
      ConfigError,
      '--positive 1 names one of two classes, but target churn is read as regression',
    ],
  ])('refuses %s', (_, column, options, kind, message) => {
    expect(() => read(column, options)).toThrow(kind);
    expect(() => read(column, options)).toThrow(message);
  });

  it('takes a hundred classes, and names a column that is not there', () => {
    expect(read(text(...Array.from({ length: 100 }, (_, i) => `c${i}`))).classes).toHaveLength(100);
    const other = Table.fromColumns({ a: number(1) });
    expect(() => readTarget(other, 'b', 'a.csv', undefined, undefined)).toThrow('column b is missing');
  });
});
