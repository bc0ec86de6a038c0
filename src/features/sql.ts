import { ConfigError } from '../core/errors.js';
import type { ColumnType } from '../core/table.js';
import { dialects, type Dialect } from '../core/sql/dialect.js';
import { textPatterns, type Condition, type Feature, type NumericExpression } from './expression.js';
import { quoteIdentifier, quoteTable } from '../core/sql/identifier.js';
import { magnitudeOf, type Magnitude } from './magnitude.js';
import { requiredColumns } from './required-columns.js';
import { entropyLength } from './text-measures.js';
import { validateFeatures } from './validate.js';

/** Types of raw columns where they matter: only timestamps must be named, all else casts to double as it is. */
export type ColumnTypes = Readonly<Record<string, ColumnType>>;

/** 2^128 - 2^103: smaller doubles round to a finite float32 (ties to even), this one no longer does. */
const float32Limit = '3.4028235677973366e38';

/** Text of SQL, with bounds of what it evaluates to. */
interface Written extends Magnitude {
  readonly sql: string;
}

/** How an expression reads raw columns, already as the double or the text they enter with. */
interface Reader {
  readonly dialect: Dialect;
  readonly number: (name: string) => string;
  readonly text: (name: string) => string;
}

/**
 * The SQL reading of a feature: one expression of type REAL over raw columns, NULL where missing. Texts are taken as
 * already sanitised.
 *
 * @param columnTypes names the columns that are timestamps or dates
 * @throws {ConfigError} as `validateFeatures` and `quoteIdentifier`
 */
export function featureSql(feature: Feature, dialect: Dialect, columnTypes: ColumnTypes = {}): string {
  validateFeatures([feature]);
  const reader: Reader = {
    dialect,
    number: (name) => numberAtTheDoor(name, dialect, columnTypes[name]),
    text: textAtTheDoor,
  };
  return toReal(writeNumber(feature.expression, reader).sql);
}

/**
 * A SELECT of key columns and features from a table, in three layers as features are defined: raw columns at the
 * door, arithmetic in double, the nearest REAL.
 *
 * @param from table as catalog.schema.table, schema.table or table
 * @param keys columns handed through as they are, before the features
 * @throws {ConfigError} as `featureSql`, for a key that repeats or has the name of a feature, and when nothing is
 *   selected
 */
export function selectFeatures(
  features: readonly Feature[],
  from: string,
  dialect: Dialect,
  keys: readonly string[],
  columnTypes: ColumnTypes = {},
): string {
  validateFeatures(features);
  const outputs = [...keys, ...features.map(({ name }) => name)];
  const repeated = outputs.find((name, i) => outputs.indexOf(name) !== i);
  if (repeated !== undefined) throw new ConfigError(`SELECT of features: column ${repeated} appears twice`);
  if (outputs.length === 0) throw new ConfigError('SELECT of features: needs a key or a feature');

  // The prefixes keep keys, raw columns and features apart where they share a name.
  const key = (name: string): string => quoteIdentifier(`key ${name}`);
  const raw = (name: string): string => quoteIdentifier(`raw ${name}`);
  const value = (name: string): string => quoteIdentifier(`value ${name}`);
  const reader: Reader = { dialect, number: raw, text: raw };
  const door = [
    ...keys.map((name) => `${quoteIdentifier(name)} AS ${key(name)}`),
    ...requiredColumns(features).map(({ name, kind }) =>
      kind === 'string'
        ? `${textAtTheDoor(name)} AS ${raw(name)}`
        : `${numberAtTheDoor(name, dialect, columnTypes[name])} AS ${raw(name)}`,
    ),
  ];
  const arithmetic = [
    ...keys.map(key),
    ...features.map(({ name, expression }) => `${writeNumber(expression, reader).sql} AS ${value(name)}`),
  ];
  const result = [
    ...keys.map((name) => `${key(name)} AS ${quoteIdentifier(name)}`),
    ...features.map(({ name }) => `${toReal(value(name))} AS ${quoteIdentifier(name)}`),
  ];
  const inner = `SELECT\n    ${door.join(',\n    ')}\n  FROM ${quoteTable(from)}`;
  const middle = `SELECT\n    ${arithmetic.join(',\n    ')}\n  FROM (\n  ${inner}\n  ) AS door`;
  return `SELECT\n  ${result.join(',\n  ')}\nFROM (\n  ${middle}\n) AS arithmetic`;
}

function numberAtTheDoor(name: string, dialect: Dialect, type: ColumnType | undefined): string {
  const column = quoteIdentifier(name);
  const number =
    type === 'timestamp'
      ? `(CAST(${dialects[dialect].epochMilliseconds(column)} AS DOUBLE) / 86400000e0)`
      : `CAST(${column} AS DOUBLE)`;
  return `CAST(${toReal(number)} AS DOUBLE)`;
}

function textAtTheDoor(name: string): string {
  return `coalesce(${quoteIdentifier(name)}, '')`;
}

/** The nearest REAL, NULL where it is not finite. A comparison with NaN is false in Trino, and in DuckDB NaN is above all. */
function toReal(double: string): string {
  return `CASE WHEN abs(${double}) < ${float32Limit} THEN CAST(${double} AS REAL) END`;
}

function writeNumber(node: NumericExpression, reader: Reader): Written {
  const dialect = dialects[reader.dialect];
  switch (node.op) {
    case 'column':
      return { sql: reader.number(node.name), ...magnitudeOf(node, []) };
    case 'constant':
      return { sql: numberLiteral(node.value), ...magnitudeOf(node, []) };
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide': {
      const left = writeNumber(node.left, reader);
      const right = writeNumber(node.right, reader);
      const sql = arithmetic[node.op](left.sql, right.sql);
      const finite = Math.max(left.largest, right.largest) < Infinity;
      return { sql: finite ? sql : dialect.orNull(sql), ...magnitudeOf(node, [left, right]) };
    }
    case 'minimum':
    case 'maximum': {
      const left = writeNumber(node.left, reader);
      const right = writeNumber(node.right, reader);
      const pick = node.op === 'minimum' ? 'least' : 'greatest';
      // DuckDB's least and greatest pass over NULL.
      const sql =
        `CASE WHEN ${left.sql} IS NOT NULL AND ${right.sql} IS NOT NULL ` +
        `THEN ${pick}(${left.sql}, ${right.sql}) END`;
      return { sql, ...magnitudeOf(node, [left, right]) };
    }
    case 'log': {
      const of = writeNumber(node.of, reader);
      // DuckDB's ln raises an error where Trino's gives NaN.
      return { sql: `ln(nullif(greatest(${of.sql}, 0e0), 0e0))`, ...magnitudeOf(node, [of]) };
    }
    case 'floor': {
      const of = writeNumber(node.of, reader);
      return { sql: dialect.floor(of.sql), ...magnitudeOf(node, [of]) };
    }
    case 'where': {
      const then = writeNumber(node.then, reader);
      const otherwise = writeNumber(node.else, reader);
      const condition = writeCondition(node.if, reader);
      const sql = `CASE WHEN ${condition} THEN ${then.sql} ELSE ${otherwise.sql} END`;
      return { sql, ...magnitudeOf(node, [then, otherwise]) };
    }
    case 'indicator': {
      const sql = `CASE WHEN ${writeCondition(node.if, reader)} THEN 1e0 ELSE 0e0 END`;
      return { sql, ...magnitudeOf(node, []) };
    }
    case 'length':
      return { sql: `CAST(length(${reader.text(node.text)}) AS DOUBLE)`, ...magnitudeOf(node, []) };
    case 'count': {
      const matches = dialect.matches(reader.text(node.text), dialect.text(textPatterns[node.pattern]));
      return { sql: `CAST(${matches} AS DOUBLE)`, ...magnitudeOf(node, []) };
    }
    case 'entropy': {
      const start = `substr(${reader.text(node.text)}, 1, ${entropyLength})`;
      return { sql: `(${dialect.entropy(start)})`, ...magnitudeOf(node, []) };
    }
    case 'category': {
      const cases = node.values.map((value, i) => `WHEN ${dialect.text(value)} THEN ${numberLiteral(i)}`);
      const sql = `CASE ${reader.text(node.text)} ${cases.join(' ')} ELSE ${numberLiteral(-1)} END`;
      return { sql, ...magnitudeOf(node, []) };
    }
  }
}

const arithmetic = {
  add: (left: string, right: string) => `(${left} + ${right})`,
  subtract: (left: string, right: string) => `(${left} - ${right})`,
  multiply: (left: string, right: string) => `(${left} * ${right})`,
  divide: (left: string, right: string) => `(${left} / nullif(${right}, 0e0))`,
} as const;

/** Never NULL: a comparison with NULL is false, so that NOT turns it into true. */
function writeCondition(node: Condition, reader: Reader): string {
  switch (node.op) {
    case 'missing':
      return `(${writeNumber(node.of, reader).sql} IS NULL)`;
    case 'empty':
      return `(${reader.text(node.text)} = '')`;
    case 'less':
    case 'lessOrEqual':
    case 'equal': {
      const left = writeNumber(node.left, reader).sql;
      const right = writeNumber(node.right, reader).sql;
      return `coalesce(${left} ${comparison[node.op]} ${right}, false)`;
    }
    case 'and':
    case 'or':
      return `(${writeCondition(node.left, reader)} ${node.op.toUpperCase()} ${writeCondition(node.right, reader)})`;
    case 'not':
      return `(NOT ${writeCondition(node.of, reader)})`;
  }
}

const comparison = { less: '<', lessOrEqual: '<=', equal: '=' } as const;

/** A DOUBLE: a literal without exponent would be a decimal. */
function numberLiteral(value: number): string {
  const digits = `${Math.abs(value)}`;
  const literal = digits.includes('e') ? digits : `${digits}e0`;
  return value < 0 ? `(-${literal})` : literal;
}
