import { describe, expect, it } from 'vitest';
import { DataError } from '../../src/core/errors.js';
import { Table } from '../../src/core/table.js';

const table = Table.fromColumns({
  kol_id: { type: 'string', values: ['a', null, 'c'] },
  followers: { type: 'number', values: Float64Array.of(1, NaN, 3) },
  seen_at: { type: 'timestamp', values: Float64Array.of(0, 1e12, 2e12) },
});

describe('Table', () => {
  it('is frozen and counts its rows', () => {
    expect(table.nRows).toBe(3);
    expect(Table.fromColumns({}).nRows).toBe(0);
    expect(Object.isFrozen(table) && Object.isFrozen(table.columns)).toBe(true);
  });

  it('names the ragged column', () => {
    const columns = {
      a: { type: 'number', values: new Float64Array(2) },
      b: { type: 'string', values: ['x'] },
    } as const;
    expect(() => Table.fromColumns(columns)).toThrow('table: column b has 1 rows, expected 2');
  });

  it('gathers rows of every type', () => {
    const rows = Table.rows(table, Uint32Array.of(2, 1, 1));
    expect(Table.strings(rows, 'kol_id')).toEqual(['c', null, null]);
    expect(Table.numbers(rows, 'followers')).toEqual(Float64Array.of(3, NaN, NaN));
    expect(rows.columns.seen_at.type).toBe('timestamp');
  });

  it('joins batches of one schema', () => {
    const joined = Table.concat([table, Table.rows(table, [0]), Table.rows(table, [])]);
    expect(joined.nRows).toBe(4);
    expect(Table.strings(joined, 'kol_id')).toEqual(['a', null, 'c', 'a']);
    expect(Table.numbers(joined, 'followers')).toEqual(Float64Array.of(1, NaN, 3, 1));
    expect(joined.columns.seen_at.type).toBe('timestamp');
    expect(Table.concat([]).nRows).toBe(0);
    expect(Table.concat([table])).toBe(table);
  });

  it('refuses batches of another schema, naming batch and column', () => {
    const { kol_id, followers, seen_at } = table.columns;
    const lacking = Table.fromColumns({ kol_id, followers });
    expect(() => Table.concat([table, lacking])).toThrow('column seen_at is missing');
    expect(() => Table.concat([lacking, table])).toThrow(
      'batch 1 has a column seen_at that the first batch lacks',
    );
    const number = { type: 'number', values: seen_at.values as Float64Array } as const;
    const other = Table.fromColumns({ kol_id, followers, seen_at: number });
    expect(() => Table.concat([table, table, other])).toThrow(
      'batch 2 holds column seen_at as number, the first batch as timestamp',
    );
    const text = Table.fromColumns({
      kol_id,
      followers: { type: 'string', values: ['1', '2', '3'] },
      seen_at,
    });
    expect(() => Table.concat([table, text])).toThrow('batch 1 holds column followers as string');
  });

  it('refuses a column that is absent or of the wrong kind', () => {
    expect(() => Table.column(table, 'follower')).toThrow(
      'column follower is missing; the table has kol_id, followers, seen_at',
    );
    expect(() => Table.column(Table.fromColumns({}), 'a')).toThrow('the table has no columns');
    expect(() => Table.column(table, 'toString')).toThrow(DataError);
    expect(() => Table.numbers(table, 'kol_id')).toThrow('column kol_id holds text, expected numbers');
    expect(() => Table.strings(table, 'seen_at')).toThrow('column seen_at holds timestamps, expected text');
  });

  it('keeps a column with a hostile name', () => {
    const columns = Object.fromEntries([
      ['__proto__', { type: 'number', values: Float64Array.of(4, 5) }],
    ] as const);
    const hostile = Table.fromColumns(columns);
    expect(Table.numbers(Table.rows(hostile, [1]), '__proto__')).toEqual(Float64Array.of(5));
    expect(Table.numbers(Table.concat([hostile, hostile]), '__proto__')).toEqual(Float64Array.of(4, 5, 4, 5));
  });
});
