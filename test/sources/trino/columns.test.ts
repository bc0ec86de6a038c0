import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Table } from '../../../src/core/table.js';
import { batchDigest } from '../../../src/sources/trino/batch-digest.js';
import { createBatchBuilder } from '../../../src/sources/trino/page-batches.js';
import { columnReaders } from '../../../src/sources/trino/trino-columns.js';

type Rows = readonly (readonly unknown[])[];

function build(columns: readonly { name: string; type: string }[], pages: readonly Rows[]): Table[] {
  const builder = createBatchBuilder(columnReaders(columns));
  const batches = pages.flatMap((rows) => [...builder.add(rows)]);
  const rest = builder.rest();
  return rest === undefined ? batches : [...batches, rest];
}

const one = (type: string, ...values: unknown[]) =>
  build([{ name: 'x', type }], [values.map((value) => [value])])[0].columns.x;

describe('columns of Trino', () => {
  it.each([
    ['tinyint', [1, null, -3], [1, NaN, -3]],
    ['bigint', [9007199254740991, -9007199254740991, null], [9007199254740991, -9007199254740991, NaN]],
    ['double', [1.5, 'NaN', 'Infinity', '-Infinity', 1e300], [1.5, NaN, Infinity, -Infinity, 1e300]],
    ['real', [0.1, null, 'NaN', '-Infinity'], [Math.fround(0.1), NaN, NaN, -Infinity]],
    ['decimal(10, 2)', ['-12.50', null], [-12.5, NaN]],
    ['decimal(38, 0)', ['99999999999999999999999999999999999999'], [1e38]],
    ['boolean', [true, false, null], [1, 0, NaN]],
    ['date', ['1970-01-02', null], [86_400_000, NaN]],
    ['timestamp(6)', ['1969-12-31 23:59:59.999999'], [-1]],
    ['timestamp(3) with time zone', ['1970-01-01 01:00:00.000 +01:00'], [0]],
  ])('read %s', (type, values, expected) => {
    expect([...one(type, ...values).values]).toEqual(expected);
  });

  it.each(['varchar', 'varchar(3)', 'char(3)', 'uuid', 'json', 'unknown'])('read %s as text', (type) => {
    expect(one(type, 'a', null)).toEqual({ type: 'string', values: ['a', null] });
  });

  it.each([
    'array(varchar)',
    'map(varchar, double)',
    'row(a integer)',
    'varbinary',
    'time(3)',
    'INTERVAL DAY TO SECOND',
  ])('refuse %s by name', (type) => {
    expect(() => columnReaders([{ name: 'hashtags', type }])).toThrow(
      `query: column hashtags has type ${type}, expected a number, boolean, date, timestamp or text; cast it in the query, or leave the column out`,
    );
  });

  it.each([2 ** 53, -(2 ** 53), Number('9223372036854775807')])('refuse the wide integer %d', (value) => {
    expect(() => one('bigint', value)).toThrow(/column x holds about .* read it as text \(CAST AS VARCHAR\)/);
  });

  it('refuse a name that appears twice', () => {
    const x = { name: 'x', type: 'double' };
    expect(() => columnReaders([x, x])).toThrow('query: column x appears twice');
  });

  it('name what does not fit its type', () => {
    expect(() => one('double', 'many')).toThrow('query: column x holds "many", which is no double');
    expect(() => one('varchar', 3)).toThrow('query: column x holds 3, which is no varchar');
    expect(() => one('timestamp(3) with time zone', '2024-11-03 01:30:00.000 America/New_York')).toThrow(
      "write x AT TIME ZONE 'UTC' in the query",
    );
  });

  it('come in the same batches, whatever the pages', () => {
    const nRows = 40_000;
    const all = Array.from({ length: nRows }, (_, i) => [i, i % 7 === 0 ? null : `t${i}`]);
    const columns = [
      { name: 'n', type: 'integer' },
      { name: 't', type: 'varchar' },
    ];
    const whole = build(columns, [all]);
    expect(whole.map(({ nRows }) => nRows)).toEqual([16_384, 16_384, 7232]);
    expect([...Table.numbers(Table.concat(whole), 'n')]).toEqual(all.map(([n]) => n));
    expect(Table.strings(Table.concat(whole), 't')).toEqual(all.map(([, t]) => t));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: nRows }), { maxLength: 6 }), (cuts) => {
        const borders = [0, ...cuts.sort((a, b) => a - b), nRows];
        const pages = borders.slice(1).map((end, k) => all.slice(borders[k], end));
        expect(build(columns, pages).map(batchDigest)).toEqual(whole.map(batchDigest));
      }),
      { numRuns: 20 },
    );
  });

  it('are known where there is no row', () => {
    expect(build([{ name: 'n', type: 'bigint' }], [[]])).toEqual([
      { nRows: 0, columns: { n: { type: 'number', values: new Float64Array(0) } } },
    ]);
  });
});

describe('batchDigest', () => {
  const table = (numbers: number[], texts: (string | null)[]) =>
    Table.fromColumns({
      n: { type: 'number', values: Float64Array.from(numbers) },
      t: { type: 'string', values: texts },
    });
  const base = table([1, NaN], ['ab', 'c']);

  it('tells batches apart that differ in one thing', () => {
    const others = [
      table([NaN, 1], ['ab', 'c']),
      table([1, NaN], ['a', 'bc']),
      table([1, NaN], ['ab', null]),
      table([1, 0], ['ab', 'c']),
      table([1, NaN], ['c', 'ab']),
      Table.fromColumns({ m: base.columns.n, t: base.columns.t }),
    ];
    const digests = [base, ...others].map(batchDigest);
    expect(new Set(digests).size).toBe(digests.length);
    expect(batchDigest(table([1, NaN], ['ab', 'c']))).toBe(batchDigest(base));
    expect(batchDigest(table([0], ['']))).not.toBe(batchDigest(table([0], [null])));
  });
});
