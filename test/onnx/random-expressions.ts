import {
  textPatterns,
  type Condition,
  type NumericExpression,
  type TextPattern,
} from '../../src/features/expression.js';
import type { Rng } from '../../src/core/rng.js';

export interface Row {
  readonly numbers: Readonly<Record<string, number>>;
  readonly texts: Readonly<Record<string, string>>;
}

export const numberColumns = ['followers', 'posts', 'likes'];
export const textColumns = ['bio', 'name'];
export const categories = ['beauty', 'công nghệ', '', 'food'];

/** Any expression of the vocabulary, nested at most `depth` deep. */
export function randomExpression(rng: Rng, depth: number): NumericExpression {
  const number = (): NumericExpression => randomExpression(rng, depth - 1);
  const text = textColumns[rng.integer(textColumns.length)];
  const leaf = rng.integer(8);
  if (depth === 0 || leaf === 0) {
    if (leaf < 4) return { op: 'column', name: numberColumns[rng.integer(numberColumns.length)] };
    if (leaf === 4) return { op: 'constant', value: [0, 1, -2.5, 1e20, 0.1, 7][rng.integer(6)] };
    if (leaf === 5) return { op: 'length', text };
    if (leaf === 6) {
      const patterns = Object.keys(textPatterns) as TextPattern[];
      return { op: 'count', text, pattern: patterns[rng.integer(patterns.length)] };
    }
    return rng.integer(2) === 0 ? { op: 'entropy', text } : { op: 'category', text, values: categories };
  }
  const kind = rng.integer(10);
  if (kind < 6) {
    const op = (['add', 'subtract', 'multiply', 'divide', 'minimum', 'maximum'] as const)[kind];
    return { op, left: number(), right: number() };
  }
  if (kind === 6) return { op: 'log', of: number() };
  if (kind === 7) return { op: 'floor', of: number() };
  if (kind === 8) return { op: 'indicator', if: randomCondition(rng, depth - 1) };
  return { op: 'where', if: randomCondition(rng, depth - 1), then: number(), else: number() };
}

function randomCondition(rng: Rng, depth: number): Condition {
  const number = (): NumericExpression => randomExpression(rng, Math.max(depth - 1, 0));
  const kind = rng.integer(depth <= 0 ? 5 : 8);
  if (kind === 0) return { op: 'missing', of: number() };
  if (kind === 1) return { op: 'empty', text: textColumns[rng.integer(textColumns.length)] };
  if (kind < 5) {
    return { op: (['less', 'lessOrEqual', 'equal'] as const)[kind - 2], left: number(), right: number() };
  }
  if (kind === 5) return { op: 'not', of: randomCondition(rng, depth - 1) };
  const op = kind === 6 ? 'and' : 'or';
  return { op, left: randomCondition(rng, depth - 1), right: randomCondition(rng, depth - 1) };
}

/** The vocabulary as it is written down, one row at a time: missing is undefined. */
export function valueOf(e: NumericExpression, row: Row): number | undefined {
  const known = (value: number): number | undefined => (Number.isNaN(value) ? undefined : value);
  switch (e.op) {
    case 'column': {
      const value = Math.fround(row.numbers[e.name]);
      return Number.isFinite(value) ? value : undefined;
    }
    case 'constant':
      return e.value;
    case 'length':
      return [...row.texts[e.text]].length;
    case 'count':
      return [...row.texts[e.text].matchAll(new RegExp(textPatterns[e.pattern], 'gu'))].length;
    case 'entropy': {
      const characters = [...row.texts[e.text]].slice(0, 64);
      let sum = 0;
      for (const c of new Set(characters)) {
        const share = characters.filter((other) => other === c).length / characters.length;
        sum += share * Math.log(1 / share);
      }
      return sum;
    }
    case 'category':
      return e.values.indexOf(row.texts[e.text]);
    case 'indicator':
      return holds(e.if, row) ? 1 : 0;
    case 'where':
      return valueOf(holds(e.if, row) ? e.then : e.else, row);
    case 'log': {
      const of = valueOf(e.of, row);
      return of === undefined || of <= 0 ? undefined : Math.log(of);
    }
    case 'floor': {
      const of = valueOf(e.of, row);
      return of === undefined ? undefined : Math.floor(of);
    }
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide':
    case 'minimum':
    case 'maximum': {
      const left = valueOf(e.left, row);
      const right = valueOf(e.right, row);
      return left === undefined || right === undefined ? undefined : known(arithmetic(e.op, left, right));
    }
  }
}

function arithmetic(op: string, left: number, right: number): number {
  if (op === 'add') return left + right;
  if (op === 'subtract') return left - right;
  if (op === 'multiply') return left * right;
  if (op === 'divide') return right === 0 ? NaN : left / right;
  return op === 'minimum' ? Math.min(left, right) : Math.max(left, right);
}

function holds(c: Condition, row: Row): boolean {
  switch (c.op) {
    case 'missing':
      return valueOf(c.of, row) === undefined;
    case 'empty':
      return row.texts[c.text] === '';
    case 'and':
      return holds(c.left, row) && holds(c.right, row);
    case 'or':
      return holds(c.left, row) || holds(c.right, row);
    case 'not':
      return !holds(c.of, row);
    case 'less':
    case 'lessOrEqual':
    case 'equal': {
      const left = valueOf(c.left, row);
      const right = valueOf(c.right, row);
      if (left === undefined || right === undefined) return false;
      if (c.op === 'less') return left < right;
      return c.op === 'equal' ? left === right : left <= right;
    }
  }
}

/** A feature's value: the nearest float32, NaN where missing. */
export function featureOf(e: NumericExpression, row: Row): number {
  const value = Math.fround(valueOf(e, row) ?? NaN);
  return Number.isFinite(value) ? value : NaN;
}
