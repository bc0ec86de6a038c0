import type { DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeFeatures } from '../../src/features/columns.js';
import { indicator, log, type Feature, type NumericExpression } from '../../src/features/expression.js';
import { featureSql, selectFeatures } from '../../src/features/sql.js';
import { adversarialTable } from './adversarial-rows.js';
import { columnsOf, imitateTrino, loadInDuckDB } from './in-duckdb.js';
import {
  columnTypes,
  everyLogarithm,
  everyOperation,
  feature,
  featuresOf,
  patterns,
  steps,
} from './every-operation.js';
import { exactCondition, exactExpression } from './random-expression.js';
import { featureOfRow } from './row-oracle.js';

const table = adversarialTable();

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
