import type { DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ColumnType } from '../../src/core/table.js';
import { computeFeatures } from '../../src/features/columns.js';
import {
  add,
  and,
  category,
  clip,
  column,
  count,
  dayOfWeek,
  empty,
  entropy,
  equal,
  floor,
  ifMissing,
  indicator,
  length,
  less,
  lessOrEqual,
  log,
  log1p,
  maximum,
  minimum,
  missing,
  modulo,
  multiply,
  not,
  or,
  ratio,
  subtract,
  textPatterns,
  where,
  type Feature,
  type NumericExpression,
  type TextPattern,
} from '../../src/features/expression.js';
import { featureSql, selectFeatures } from '../../src/features/sql.js';
import { adversarialTable } from './adversarial-rows.js';
import { columnsOf, imitateTrino, loadInDuckDB } from './in-duckdb.js';
import { exactCondition, exactExpression } from './random-expression.js';
import { featureOfRow } from './row-oracle.js';

const table = adversarialTable();
const columnTypes: Record<string, ColumnType> = { created_at: 'timestamp' };

function feature(expression: NumericExpression, name = 'f'): Feature {
  return { name, expression, description: 'under test', owner: 'test', lookBackDays: 0 };
}

const patterns = Object.keys(textPatterns) as TextPattern[];
const followers = column('followers');
const following = column('following');

/** One feature or more for every operation and helper. */
const everyOperation: Record<string, NumericExpression> = {
  number: followers,
  boolean: column('verified'),
  timestamp: column('created_at'),
  constant: { op: 'constant', value: 0.1 },
  huge_constant: { op: 'constant', value: 1e300 },
  add: add(followers, following),
  subtract: subtract(followers, following),
  multiply: multiply(followers, following),
  divide: ratio(followers, following),
  minimum: minimum(followers, following),
  maximum: maximum(followers, following),
  clip: clip(followers, -2, 50),
  floor: floor(followers),
  modulo: modulo(column('age'), 7),
  weekday: dayOfWeek(column('created_at')),
  where: where(less(followers, following), column('posts'), column('age')),
  where_not: where(not(less(followers, following)), column('posts'), column('age')),
  if_missing: ifMissing(followers, -1),
  missing_quotient: indicator(missing(ratio(followers, following))),
  less: indicator(less(followers, following)),
  less_or_equal: indicator(lessOrEqual(followers, following)),
  equal: indicator(equal(followers, following)),
  and: indicator(and(less(followers, 1), equal(column('verified'), 1))),
  or: indicator(or(missing(followers), empty('bio'))),
  empty: indicator(empty('username')),
  // Overflow in between: infinities that cancel, meet zero, divide, and come back below the limit of float32.
  overflow: multiply(multiply(followers, 1e300), 1e300),
  infinity_less_infinity: indicator(
    missing(
      subtract(multiply(multiply(followers, 1e300), 1e300), multiply(multiply(following, 1e300), 1e300)),
    ),
  ),
  zero_times_infinity: indicator(missing(multiply(following, multiply(multiply(followers, 1e300), 1e300)))),
  one_over_infinity: ratio(1, multiply(multiply(followers, 1e300), 1e300)),
  clipped_infinity: clip(multiply(multiply(followers, 1e300), 1e300), -5, 5),
  length: length('bio'),
  category: category('bio', ['en', 'it\'s "quoted"; -- drop table', 'vi', '']),
  ...Object.fromEntries(patterns.map((pattern) => [`count_${pattern}`, count('bio', pattern)])),
};

const everyLogarithm: Record<string, NumericExpression> = {
  log: log(followers),
  log1p: log1p(followers),
  log_of_quotient: log(ratio(followers, following)),
  log_of_infinity: log(multiply(multiply(followers, 1e300), 1e300)),
  entropy_bio: entropy('bio'),
  entropy_username: entropy('username'),
};

const featuresOf = (named: Record<string, NumericExpression>): Feature[] =>
  Object.entries(named).map(([name, expression]) => feature(expression, name));

/** Distance in float32 steps, Infinity where only one side is missing. */
function steps(a: number, b: number): number {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return 0;
  if (Number.isNaN(a) || Number.isNaN(b)) return Infinity;
  const place = (x: number): number => {
    const bits = new Int32Array(Float32Array.of(x).buffer)[0];
    return bits < 0 ? -(bits & 0x7fffffff) : bits;
  };
  return Math.abs(place(a) - place(b));
}

function expectWithin(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  limit: number,
  what: string,
): void {
  expect(actual.length).toBe(expected.length);
  for (let row = 0; row < expected.length; row++) {
    if (steps(actual[row], expected[row]) > limit) {
      const raw = Object.entries(table.columns).map(([name, { values }]) => `${name}=${String(values[row])}`);
      expect.fail(`${what}, row ${row}: ${actual[row]} instead of ${expected[row]} for ${raw.join(' ')}`);
    }
  }
}

function expectRowByRow(features: readonly Feature[], limit: number): void {
  const X = computeFeatures(features, table);
  features.forEach((f, j) => {
    const oracle = Array.from({ length: table.nRows }, (_, row) => featureOfRow(f, table, row) ?? NaN);
    expectWithin(X.columns[j], oracle, limit, `columns of ${f.name}`);
  });
}

describe('the readings of features', () => {
  let duckdb: DuckDBConnection;
  beforeAll(async () => {
    duckdb = await loadInDuckDB(table);
    await imitateTrino(duckdb);
  });
  afterAll(() => {
    duckdb.closeSync();
  });

  async function expectSqlEqualsColumns(features: readonly Feature[], limit: number): Promise<void> {
    const X = computeFeatures(features, table);
    const expressions = features.map((f) => featureSql(f, 'duckdb', columnTypes));
    const single = await columnsOf(duckdb, `SELECT ${expressions.join(', ')} FROM raw_rows ORDER BY row_id`);
    const select = selectFeatures(features, 'raw_rows', 'duckdb', ['row_id'], columnTypes);
    const [, ...whole] = await columnsOf(duckdb, `${select} ORDER BY row_id`);
    features.forEach((f, j) => {
      expectWithin(single[j], X.columns[j], limit, `SQL of ${f.name}`);
      expectWithin(whole[j], X.columns[j], limit, `SELECT of ${f.name}`);
    });
  }

  it('agree to the bit on every exact operation', async () => {
    const features = featuresOf(everyOperation);
    expectRowByRow(features, 0);
    await expectSqlEqualsColumns(features, 0);
  });

  // Engines compute ln to within an ulp of double, each in its own way; two doubles on both sides of a midpoint
  // between float32 values round apart, by one float32 step and never more.
  it('agree to one float32 step on logarithms and entropy', async () => {
    const features = featuresOf(everyLogarithm);
    expectRowByRow(features, 1);
    await expectSqlEqualsColumns(features, 1);
  });

  const several = (expression: fc.Arbitrary<NumericExpression>): fc.Arbitrary<Feature[]> =>
    fc
      .array(expression, { minLength: 6, maxLength: 6 })
      .map((expressions) => expressions.map((e, i) => feature(e, `f${i}`)));

  it('agree to the bit on random expressions', async () => {
    await fc.assert(
      fc.asyncProperty(several(exactExpression), async (features) => {
        expectRowByRow(features, 0);
        await expectSqlEqualsColumns(features, 0);
      }),
      { numRuns: 16, seed: 1 },
    );
  });

  it('agree to the bit on random conditions', async () => {
    await fc.assert(
      fc.asyncProperty(several(exactCondition.map(indicator)), async (features) => {
        expectRowByRow(features, 0);
        await expectSqlEqualsColumns(features, 0);
      }),
      { numRuns: 6, seed: 2 },
    );
  });

  it('agree to one float32 step on logarithms of random expressions', async () => {
    await fc.assert(
      fc.asyncProperty(several(exactExpression.map((e) => log(e))), async (features) => {
        expectRowByRow(features, 1);
        await expectSqlEqualsColumns(features, 1);
      }),
      { numRuns: 4, seed: 3 },
    );
  });

  it('give one SQL result type, REAL', async () => {
    const features = featuresOf({ ...everyOperation, ...everyLogarithm });
    const types = features.map((f) => `typeof(${featureSql(f, 'duckdb', columnTypes)})`);
    const result = await duckdb.runAndReadAll(`SELECT DISTINCT unnest([${types.join(', ')}]) FROM raw_rows`);
    expect(result.getRowsJS()).toEqual([['FLOAT']]);
  });

  it('agree in the Trino text too, where DuckDB can run it', async () => {
    const lambdas = /->/;
    const features = featuresOf({ ...everyOperation, log: everyLogarithm['log'] }).filter(
      (f) => !lambdas.test(featureSql(f, 'trino', columnTypes)),
    );
    expect(features.length).toBeGreaterThan(Object.keys(everyOperation).length - 6);
    const X = computeFeatures(features, table);
    const sql = features.map((f) => featureSql(f, 'trino', columnTypes));
    const results = await columnsOf(duckdb, `SELECT ${sql.join(', ')} FROM raw_rows ORDER BY row_id`);
    features.forEach((f, j) => {
      expectWithin(results[j], X.columns[j], f.name === 'log' ? 1 : 0, `Trino SQL of ${f.name}`);
    });
  });

  it('cover the cases they are meant to part on', () => {
    const X = computeFeatures(featuresOf(everyOperation), table);
    const of = (name: string): Float32Array => X.columns[X.names.indexOf(name)];
    for (const name of [
      'infinity_less_infinity',
      'zero_times_infinity',
      'missing_quotient',
      'and',
      'equal',
    ]) {
      expect(new Set(of(name)), name).toEqual(new Set([0, 1]));
    }
    expect(of('one_over_infinity').includes(0)).toBe(true);
    expect(of('clipped_infinity').includes(5)).toBe(true);
    expect(new Set(of('weekday')).size).toBeGreaterThan(4);
    for (const pattern of patterns) expect(Math.max(...of(`count_${pattern}`)), pattern).toBeGreaterThan(0);
  });
});
