import { describe, expect, it } from 'vitest';
import {
  add,
  category,
  column,
  count,
  entropy,
  log1p,
  maximum,
  multiply,
  subtract,
  type Feature,
  type NumericExpression,
} from '../../src/features/expression.js';
import { quoteIdentifier, quoteTable } from '../../src/core/sql/identifier.js';
import { featureSql, selectFeatures } from '../../src/features/sql.js';

function feature(name: string, expression: NumericExpression): Feature {
  return { name, expression, description: 'under test', owner: 'test', lookBackDays: 0 };
}

/** The expression in the middle, without the rounding around it. */
function middle(expression: NumericExpression, dialect: 'duckdb' | 'trino'): string {
  const line = selectFeatures([feature('f', expression)], 't', dialect, [], { at: 'timestamp' })
    .split('\n')
    .find((text) => text.includes('AS "value f"'));
  return (line ?? '').trim().replace(' AS "value f"', '');
}

describe('selectFeatures', () => {
  it('reads as the definition: door, double arithmetic, REAL', () => {
    const features = [feature('log_posts', log1p(column('posts'))), feature('words', count('bio', 'words'))];
    expect(selectFeatures(features, 'kol_gold.ml_trust_training', 'trino', ['kol_id'])).toBe(
      `SELECT
  "key kol_id" AS "kol_id",
  CASE WHEN abs("value log_posts") < 3.4028235677973366e38 THEN CAST("value log_posts" AS REAL) END AS "log_posts",
  CASE WHEN abs("value words") < 3.4028235677973366e38 THEN CAST("value words" AS REAL) END AS "words"
FROM (
  SELECT
    "key kol_id",
    ln(nullif(greatest((1e0 + "raw posts"), 0e0), 0e0)) AS "value log_posts",
    CAST(regexp_count("raw bio", '[\\p{L}\\p{N}_][\\p{L}\\p{M}\\p{N}_]*') AS DOUBLE) AS "value words"
  FROM (
  SELECT
    "kol_id" AS "key kol_id",
    CAST(CASE WHEN abs(CAST("posts" AS DOUBLE)) < 3.4028235677973366e38 THEN CAST(CAST("posts" AS DOUBLE) AS REAL) END AS DOUBLE) AS "raw posts",
    coalesce("bio", '') AS "raw bio"
  FROM "kol_gold"."ml_trust_training"
  ) AS door
) AS arithmetic`,
    );
  });

  it('refuses columns that would have the same name, and selecting nothing', () => {
    const features = [feature('kol_id', column('posts'))];
    expect(() => selectFeatures(features, 't', 'duckdb', ['kol_id'])).toThrow('column kol_id appears twice');
    expect(() => selectFeatures([], 't', 'duckdb', [])).toThrow('needs a key or a feature');
  });
});

describe('the dialects', () => {
  it('differ in entropy, patterns, timestamps and NaN only', () => {
    expect(middle(entropy('bio'), 'duckdb')).toBe(
      `(list_aggregate(string_split(substr("raw bio", 1, 64), ''), 'entropy') * ln(2e0))`,
    );
    expect(middle(entropy('bio'), 'trino')).toBe(
      `(element_at(transform(ARRAY[regexp_extract_all(substr("raw bio", 1, 64), '(?s).')], cs -> ` +
        `reduce(cs, 0e0, (s, c) -> s + ln(CAST(cardinality(cs) AS double) / ` +
        `CAST(cardinality(filter(cs, x -> x = c)) AS double)), ` +
        `s -> s / CAST(greatest(cardinality(cs), 1) AS double))), 1))`,
    );
    expect(middle(count('bio', 'digits'), 'duckdb')).toBe(
      `CAST(len(regexp_extract_all("raw bio", '\\p{Nd}')) AS DOUBLE)`,
    );
    expect(featureSql(feature('f', column('at')), 'trino', { at: 'timestamp' })).toContain(
      `(CAST(date_diff('millisecond', TIMESTAMP '1970-01-01 00:00:00', CAST("at" AS timestamp(6))) AS DOUBLE) / 86400000e0)`,
    );
    expect(featureSql(feature('f', column('at')), 'duckdb', { at: 'timestamp' })).toContain(
      `(CAST(floor(epoch_us(CAST("at" AS TIMESTAMP)) / 1000e0) AS DOUBLE) / 86400000e0)`,
    );
    const same = maximum(add(column('a'), -0.5), multiply(column('b'), 1e21));
    expect(middle(same, 'trino')).toBe(middle(same, 'duckdb'));
    expect(middle(same, 'trino')).toContain(`greatest(("raw a" + (-0.5e0)), ("raw b" * 1e+21))`);
  });

  it('guard against NaN only where an operand can be infinite', () => {
    const huge = multiply(multiply(column('a'), 1e300), 1e300);
    expect(middle(subtract(column('a'), column('b')), 'duckdb')).not.toContain('NaN');
    expect(middle(multiply(column('a'), 1e300), 'duckdb')).toBe('("raw a" * 1e+300)');
    expect(middle(subtract(huge, huge), 'duckdb')).toMatch(/^nullif\(.*, CAST\('NaN' AS DOUBLE\)\)$/);
    expect(middle(subtract(huge, huge), 'trino')).toMatch(
      /^element_at\(filter\(ARRAY\[.*is_nan\(v\)\), 1\)$/,
    );
  });
});

describe('names and texts from outside', () => {
  it('cannot leave their quotes', () => {
    expect(quoteIdentifier('a"; DROP TABLE t; --')).toBe('"a""; DROP TABLE t; --"');
    expect(quoteTable('iceberg.kol_gold.t')).toBe('"iceberg"."kol_gold"."t"');
    expect(middle(category('c', ["o'brien"]), 'duckdb')).toContain(`WHEN 'o''brien' THEN 0e0`);
    expect(featureSql(feature('f', column('x" y')), 'duckdb')).toContain('CAST("x"" y" AS DOUBLE)');
  });

  it('are refused where no identifier could be', () => {
    for (const name of ['', 'a\nb', 'a\0b', 'x'.repeat(256), '\uD800']) {
      expect(() => quoteIdentifier(name)).toThrow('SQL identifier');
    }
    expect(() => quoteTable('a.b.c.d')).toThrow('at most three parts');
    expect(() => quoteTable('a..c')).toThrow('SQL identifier ""');
    expect(() => selectFeatures([], 't', 'duckdb', ['a\tb'])).toThrow('SQL identifier');
  });
});
