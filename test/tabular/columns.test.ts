import { describe, expect, it } from 'vitest';
import { Table, type Column } from '../../src/core/table.js';
import { computeFeatures } from '../../src/features/columns.js';
import { planColumns } from '../../src/tabular/columns.js';

const n = 24;
const rows = Array.from({ length: n }, (_, i) => i);
const text = (of: (i: number) => string | null): Column => ({ type: 'string', values: rows.map(of) });
const numeric = (type: 'number' | 'boolean' | 'timestamp', of: (i: number) => number): Column => ({
  type,
  values: Float64Array.from(rows, of),
});

const table = Table.fromColumns({
  id: numeric('number', (i) => 1000 + i),
  customer_id: text((i) => `c-${i}`),
  Index: numeric('number', (i) => i % 5),
  paid: numeric('number', (i) => i * 1.5),
  active: numeric('boolean', (i) => i % 2),
  city: text((i) => ['Huế', 'Hà Nội', null][i % 3]),
  name: text((i) => `name ${i}`),
  note: text((i) => `word ${i} again`),
  same: text(() => 'x'),
  partly: text((i) => (i < 4 ? 'x' : null)),
  empty: text((i) => (i % 2 ? null : '')),
  none: numeric('number', () => NaN),
  target: numeric('number', (i) => i % 2),
});
const roles = { reserved: ['target'], text: ['note'] };

describe('planColumns', () => {
  const plan = planColumns(table, roles);

  it('reads numbers and flags as features, texts as categories, named texts word by word', () => {
    expect(plan.features.map(({ name }) => name)).toEqual(['Index', 'paid', 'active']);
    expect(plan.categorical).toEqual(['city', 'partly']);
    expect(plan.text).toEqual(['note']);
    expect(plan.inputs).toEqual([
      { name: 'Index', type: 'number' },
      { name: 'paid', type: 'number' },
      { name: 'active', type: 'boolean' },
      { name: 'city', type: 'string' },
      { name: 'note', type: 'string' },
      { name: 'partly', type: 'string' },
    ]);
  });

  it('leaves out what names the row, says nothing, or differs from row to row, and says why', () => {
    expect(Object.fromEntries(plan.leftOut.map(({ name, reason }) => [name, reason]))).toEqual({
      id: 'names the row',
      customer_id: 'names the row',
      name: 'a text of its own in most rows; read it word by word with --text',
      same: 'the same in every row',
      empty: 'empty',
      none: 'empty',
    });
  });

  it('reads weekday and hour of a moment right, on the full hour too', () => {
    const start = Date.UTC(2024, 1, 27);
    const moments = Table.fromColumns({
      at: {
        type: 'timestamp',
        values: Float64Array.from({ length: 2000 }, (_, i) => start + i * 3_600_000 * 7),
      },
    });
    const { features, inputs } = planColumns(moments, { reserved: [], text: [] });
    expect(inputs).toEqual([{ name: 'at', type: 'timestamp' }]);
    const X = computeFeatures(features, moments);
    const column = (name: string): Float32Array => X.columns[X.names.indexOf(name)];
    moments.columns.at.values.forEach((moment, i) => {
      const date = new Date(Number(moment));
      expect(column('at hour')[i], date.toISOString()).toBe(date.getUTCHours());
      expect(column('at weekday')[i], date.toISOString()).toBe(date.getUTCDay() || 7);
    });
    const phase = column('at year phase');
    expect(Math.min(...phase)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...phase)).toBeLessThan(365.25);
  });

  it('refuses a table with nothing to learn from, naming every column', () => {
    expect(() =>
      planColumns(Table.select(table, ['id', 'same', 'target']), { reserved: ['target'], text: [] }),
    ).toThrow('no column is left to learn from: id (names the row), same (the same in every row)');
  });

  it('gives derived features names of their own', () => {
    const clash = Table.fromColumns({
      at: numeric('timestamp', (i) => i * 86_400_000),
      'at weekday': numeric('number', (i) => i % 7),
    });
    const { features } = planColumns(clash, { reserved: [], text: [] });
    expect(new Set(features.map(({ name }) => name)).size).toBe(features.length);
    expect(features.map(({ name }) => name)).toContain('at weekday');
    expect(computeFeatures(features, clash).nFeatures).toBe(5);
  });
});
