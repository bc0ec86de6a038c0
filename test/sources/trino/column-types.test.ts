import { describe, expect, it } from 'vitest';
import { icebergType } from '../../../src/sources/trino/column-types.js';

describe('icebergType', () => {
  const type = (sqlType: string): string => icebergType({ name: 'x', sqlType }, 'kol_gold.t');

  it.each([
    ['BIGINT', 'bigint'],
    ['VARCHAR[]', 'array(varchar)'],
    ['DECIMAL(18,3)', 'decimal(18, 3)'],
    ['TIMESTAMP', 'timestamp(6)'],
    ['DATE', 'date'],
  ])('reads %s as %s', (from, to) => {
    expect(type(from)).toBe(to);
  });

  it('names a column whose type Iceberg does not know', () => {
    expect(() => type('UHUGEINT')).toThrow('kol_gold.t: column x has type UHUGEINT');
    expect(() => type('TIME[]')).toThrow('column x has type TIME');
    expect(() => type('constructor')).toThrow('column x has type constructor');
  });
});
