import { describe, expect, it } from 'vitest';
import { ConfigError, DataError } from '../../src/core/errors.js';
import { Table } from '../../src/core/table.js';
import { computeFeatures } from '../../src/features/columns.js';
import {
  add,
  category,
  column,
  count,
  entropy,
  length,
  log1p,
  modulo,
  multiply,
  ratio,
  subtract,
  type Feature,
  type NumericExpression,
} from '../../src/features/expression.js';
import { planFeatures } from '../../src/features/plan.js';
import { requiredColumns } from '../../src/features/required-columns.js';
import { validateFeatures } from '../../src/features/validate.js';
import { adversarialTable } from './adversarial-rows.js';
import { featureOfRow } from './row-oracle.js';

function feature(name: string, expression: NumericExpression): Feature {
  return { name, expression, description: 'under test', owner: 'test', lookBackDays: 0 };
}

const small = Table.fromColumns({
  posts: { type: 'number', values: Float64Array.of(1, NaN, 3) },
  verified: { type: 'boolean', values: Float64Array.of(0, 1, NaN) },
  at: { type: 'timestamp', values: Float64Array.of(0, 129_600_000, -86_400_000) },
  bio: { type: 'string', values: ['Hi 😀 #Tag 12', null, 'aabb'] },
});

describe('computeFeatures', () => {
  it('reads numbers, booleans, timestamps and texts', () => {
    const X = computeFeatures(
      [
        feature('posts', column('posts')),
        feature('verified', column('verified')),
        feature('day', column('at')),
        feature('characters', length('bio')),
        feature('emoji', count('bio', 'emoji')),
        feature('entropy', entropy('bio')),
      ],
      small,
    );
    expect(X.names).toEqual(['posts', 'verified', 'day', 'characters', 'emoji', 'entropy']);
    expect(X.columns.slice(0, 5).map((values) => [...values])).toEqual([
      [1, NaN, 3],
      [0, 1, NaN],
      [0, 1.5, -1],
      [12, 0, 4],
      [1, 0, 0],
    ]);
    expect(X.columns[5][1]).toBe(0);
    expect(X.columns[5][2]).toBe(Math.fround(Math.LN2));
  });

  it('gives the same numbers however the rows fall into blocks', () => {
    const long = adversarialTable(5000);
    const features = [
      feature('quotient', ratio(column('followers'), column('following'))),
      feature('words', count('bio', 'words')),
      feature('constant', { op: 'constant', value: 2.5 }),
    ];
    const X = computeFeatures(features, long);
    for (const row of [0, 1, 2046, 2047, 2048, 2049, 4095, 4096, 4999]) {
      features.forEach((f, j) => expect(X.columns[j][row]).toBe(featureOfRow(f, long, row) ?? NaN));
    }
    const tail = computeFeatures(features, Table.rows(long, [4999, 2048]));
    tail.columns.forEach((values, j) =>
      expect([...values]).toEqual([X.columns[j][4999], X.columns[j][2048]]),
    );
  });

  it('gives an empty matrix for no rows and no columns for no features', () => {
    const none = computeFeatures([feature('posts', column('posts'))], Table.rows(small, []));
    expect([none.nRows, none.nFeatures]).toEqual([0, 1]);
    expect(computeFeatures([], small).nFeatures).toBe(0);
  });

  it('computes an expression that is shared exponentially often', () => {
    let expression: NumericExpression = column('posts');
    for (let depth = 0; depth < 60; depth++) expression = subtract(add(expression, expression), expression);
    expect([...computeFeatures([feature('deep', expression)], small).columns[0]]).toEqual([1, NaN, 3]);
  });

  it('names column and feature where the table does not fit', () => {
    const compute = (expression: NumericExpression) => () =>
      computeFeatures([feature('f', expression)], small);
    expect(compute(column('likes'))).toThrow(DataError);
    expect(compute(column('likes'))).toThrow(
      'feature f: column likes is missing; the table has posts, verified',
    );
    expect(compute(log1p(column('bio')))).toThrow('feature f: column bio holds text, expected numbers');
    expect(compute(length('at'))).toThrow('feature f: column at holds timestamps, expected text');
    expect(compute(column('toString'))).toThrow('column toString is missing');
  });
});

describe('planFeatures', () => {
  it('makes one step of equal sub-expressions, and keeps unequal ones apart', () => {
    const a = feature('a', ratio(add(column('posts'), 1), 7));
    const b = feature('b', multiply(add(column('posts'), 1), 7));
    const c = feature('c', modulo(add(column('posts'), 1), 7));
    // posts, 1, posts + 1, 7, and the quotient; the product; floor, its product and the difference.
    expect(planFeatures([a]).steps).toHaveLength(5);
    expect(planFeatures([a, b]).steps).toHaveLength(6);
    expect(planFeatures([a, b, c]).steps).toHaveLength(9);
    const texts = [
      length('bio'),
      length('name'),
      entropy('bio'),
      count('bio', 'words'),
      count('bio', 'links'),
    ];
    expect(planFeatures(texts.map((e, i) => feature(`t${i}`, e))).steps).toHaveLength(5);
  });
});

describe('requiredColumns', () => {
  it('lists every raw column once, in the order of use', () => {
    const features = [
      feature('a', ratio(column('posts'), column('age'))),
      feature('b', add(length('bio'), column('posts'))),
      feature('c', category('lang', ['en'])),
    ];
    expect(requiredColumns(features)).toEqual([
      { name: 'posts', kind: 'number' },
      { name: 'age', kind: 'number' },
      { name: 'bio', kind: 'string' },
      { name: 'lang', kind: 'string' },
    ]);
  });

  it('refuses a column that is read in two ways', () => {
    const features = [feature('a', column('bio')), feature('b', length('bio'))];
    expect(() => requiredColumns(features)).toThrow(ConfigError);
    expect(() => requiredColumns(features)).toThrow(
      'column bio is read as a number by feature a and as a string by feature b',
    );
  });
});

describe('validateFeatures', () => {
  const refused: [string, Feature[], string][] = [
    ['repeated name', [feature('a', column('x')), feature('a', column('y'))], 'feature a is defined twice'],
    ['empty name', [feature('', column('x'))], 'name must not be empty'],
    ['infinite constant', [feature('a', add(column('x'), Infinity))], 'constant Infinity must be finite'],
    ['NaN constant', [feature('a', log1p(NaN))], 'constant NaN must be finite'],
    [
      'empty category list',
      [feature('a', category('lang', []))],
      'category list of column lang must not be empty',
    ],
    [
      'repeated category',
      [feature('a', category('lang', ['en', 'en']))],
      'category "en" of column lang appears',
    ],
    ['impossible category', [feature('a', category('lang', ['VI']))], 'write it as texts are read: "vi"'],
    ['nameless column', [feature('a', column(''))], 'column needs the name of a column'],
    ['look-back', [{ ...feature('a', column('x')), lookBackDays: -1 }], 'lookBackDays=-1 must be finite'],
    [
      'unknown pattern',
      [feature('a', { op: 'count', text: 'bio', pattern: 'toString' as 'words' })],
      'pattern toString must be one of digits, numbers',
    ],
  ];
  it.each(refused)('refuses a feature for its %s', (_, features, message) => {
    expect(() => validateFeatures(features)).toThrow(ConfigError);
    expect(() => validateFeatures(features)).toThrow(message);
  });
});
