import { describe, expect, it } from 'vitest';
import { tableDigest } from '../../src/core/table-digest.js';
import { Table } from '../../src/core/table.js';

const numbers = (...values: number[]) => ({ type: 'number', values: Float64Array.from(values) }) as const;
const text = (...values: (string | null)[]) => ({ type: 'string', values }) as const;
const digest = (columns: Parameters<typeof Table.fromColumns>[0]): string =>
  tableDigest(Table.fromColumns(columns));

describe('tableDigest', () => {
  const columns = { a: numbers(1, NaN), b: text('x', null) };

  it('knows equal rows whatever the order of the columns and the bits of NaN', () => {
    const otherNaN = new Float64Array(new BigUint64Array([0x3ff0000000000000n, 0xfff8000000000001n]).buffer);
    expect(digest({ b: columns.b, a: { type: 'number', values: otherNaN } })).toBe(digest(columns));
  });

  it.each([
    ['another number', { ...columns, a: numbers(2, NaN) }],
    ['minus zero', { ...columns, a: numbers(-0, NaN) }],
    ['another order of rows', { a: numbers(NaN, 1), b: text(null, 'x') }],
    ['null as text', { ...columns, b: text('x', 'null') }],
    ['another name', { c: columns.a, b: columns.b }],
    ['another type', { ...columns, a: { type: 'timestamp', values: columns.a.values } as const }],
    ['one more column', { ...columns, c: text('', '') }],
  ])('tells %s apart', (_, other) => {
    expect(digest(other)).not.toBe(digest(columns));
  });
});
