import type { NumericExpression } from './expression.js';

/** Bounds of the absolute value an expression can take: at most `largest`, and at least `smallest` unless 0. */
export interface Magnitude {
  readonly largest: number;
  readonly smallest: number;
}

const largestFloat32 = 3.4028234663852886e38;
const smallestFloat32 = 1.401298464324817e-45;
const smallestDouble = 5e-324;
/** |ln x| of the smallest double, rounded up. */
const largestLog = 746;
/** |ln(1 - 2^-53)|, rounded down: the double next to 1. */
const smallestLog = 1.1e-16;

/**
 * How large and how small a node's value can be, from the bounds of its numeric parts in written order. Rounding to
 * nearest is monotone, so the bounds hold for double arithmetic too; `largest` is Infinity where it may overflow.
 */
export function magnitudeOf(node: NumericExpression, parts: readonly Magnitude[]): Magnitude {
  const [a, b] = parts;
  switch (node.op) {
    case 'column':
      return { largest: largestFloat32, smallest: smallestFloat32 };
    case 'constant':
      return { largest: Math.abs(node.value), smallest: Math.abs(node.value) || Infinity };
    case 'add':
    case 'subtract':
      return { largest: a.largest + b.largest, smallest: smallestDouble };
    case 'multiply':
      return {
        largest: a.largest * b.largest,
        smallest: Math.max(a.smallest * b.smallest, smallestDouble),
      };
    case 'divide':
      return {
        largest: a.largest / b.smallest,
        smallest: Math.max(a.smallest / b.largest, smallestDouble),
      };
    case 'minimum':
    case 'maximum':
    case 'where':
      return {
        largest: Math.max(a.largest, b.largest),
        smallest: Math.min(a.smallest, b.smallest),
      };
    case 'log':
      return { largest: a.largest < Infinity ? largestLog : Infinity, smallest: smallestLog };
    case 'floor':
      return { largest: a.largest + 1, smallest: 1 };
    case 'indicator':
    case 'length':
    case 'count':
      return { largest: 2 ** 31, smallest: 1 };
    case 'entropy':
      return { largest: 5, smallest: smallestLog };
    case 'category':
      return { largest: node.values.length, smallest: 1 };
  }
}
