import { sanitizeText } from '../../src/core/sanitize-text.js';
import type { Table } from '../../src/core/table.js';
import {
  textPatterns,
  type Condition,
  type Feature,
  type NumericExpression,
} from '../../src/features/expression.js';

const sanitised = new Map<string, string>();

/**
 * The definition of an expression read literally, one row at a time, null for missing; shares no code with the
 * readings under test.
 */
export function featureOfRow(feature: Feature, table: Table, row: number): number | null {
  return toFloat32(evaluate(feature.expression, table, row));
}

function toFloat32(value: number | null): number | null {
  return value === null || !Number.isFinite(Math.fround(value)) ? null : Math.fround(value);
}

function evaluate(node: NumericExpression, table: Table, row: number): number | null {
  switch (node.op) {
    case 'column': {
      const column = table.columns[node.name];
      if (column.type === 'string') throw new Error(`${node.name} is a text`);
      return toFloat32(column.values[row] / (column.type === 'timestamp' ? 24 * 60 * 60 * 1000 : 1));
    }
    case 'constant':
      return node.value;
    case 'add':
      return both(node, table, row, (a, b) => a + b);
    case 'subtract':
      return both(node, table, row, (a, b) => a - b);
    case 'multiply':
      return both(node, table, row, (a, b) => a * b);
    case 'divide':
      return both(node, table, row, (a, b) => (b === 0 ? NaN : a / b));
    case 'minimum':
      return both(node, table, row, (a, b) => (b < a ? b : a));
    case 'maximum':
      return both(node, table, row, (a, b) => (b > a ? b : a));
    case 'log': {
      const of = evaluate(node.of, table, row);
      return of === null || of <= 0 ? null : Math.log(of);
    }
    case 'floor': {
      const of = evaluate(node.of, table, row);
      return of === null ? null : Math.floor(of);
    }
    case 'where':
      return evaluate(holds(node.if, table, row) ? node.then : node.else, table, row);
    case 'indicator':
      return holds(node.if, table, row) ? 1 : 0;
    case 'length':
      return [...textOf(table, node.text, row)].length;
    case 'count':
      return [...textOf(table, node.text, row).matchAll(new RegExp(textPatterns[node.pattern], 'gu'))].length;
    case 'entropy': {
      const characters = [...textOf(table, node.text, row)].slice(0, 64);
      const times = new Map<string, number>();
      for (const c of characters) times.set(c, (times.get(c) ?? 0) + 1);
      return [...times.values()]
        .map((k) => k / characters.length)
        .reduce((sum, share) => sum - share * Math.log(share), 0);
    }
    case 'category':
      return node.values.indexOf(textOf(table, node.text, row));
  }
}

function holds(node: Condition, table: Table, row: number): boolean {
  switch (node.op) {
    case 'missing':
      return evaluate(node.of, table, row) === null;
    case 'empty':
      return textOf(table, node.text, row).length === 0;
    case 'less':
      return both(node, table, row, (a, b) => Number(a < b)) === 1;
    case 'lessOrEqual':
      return both(node, table, row, (a, b) => Number(a <= b)) === 1;
    case 'equal':
      return both(node, table, row, (a, b) => Number(a === b)) === 1;
    case 'and':
      return holds(node.left, table, row) && holds(node.right, table, row);
    case 'or':
      return holds(node.left, table, row) || holds(node.right, table, row);
    case 'not':
      return !holds(node.of, table, row);
  }
}

function both(
  node: { readonly left: NumericExpression; readonly right: NumericExpression },
  table: Table,
  row: number,
  combine: (left: number, right: number) => number,
): number | null {
  const left = evaluate(node.left, table, row);
  const right = evaluate(node.right, table, row);
  if (left === null || right === null) return null;
  const value = combine(left, right);
  return Number.isNaN(value) ? null : value;
}

function textOf(table: Table, name: string, row: number): string {
  const column = table.columns[name];
  if (column.type !== 'string') throw new Error(`${name} is not a text`);
  const raw = column.values[row];
  if (raw === null) return '';
  const known = sanitised.get(raw);
  if (known !== undefined) return known;
  sanitised.set(raw, sanitizeText(raw));
  return sanitizeText(raw);
}
