import { defaultPolicy } from '../../src/evaluation/gate/policy.js';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../src/core/errors.js';
import { quoteTable } from '../../src/core/sql/identifier.js';
import { Table, type Column } from '../../src/core/table.js';
import { trustConfig } from '../../src/trust/config.js';
import { creationMonths } from '../../src/trust/creation-month.js';
import { trustLabels } from '../../src/trust/labels.js';
import { trustQuery } from '../../src/trust/query.js';
import { trustRows } from '../../src/trust/rows.js';

const n = 120;
const observed = Date.UTC(2020, 7, 19);
const day = 86_400_000;
const number = (of: (i: number) => number): Column => ({
  type: 'number',
  values: Float64Array.from({ length: n }, (_, i) => of(i)),
});
const flag = (of: (i: number) => number): Column => ({ ...number(of), type: 'boolean' }) as Column;
const time = (of: (i: number) => number): Column => ({ ...number(of), type: 'timestamp' }) as Column;
const text = (of: (i: number) => string | null): Column => ({
  type: 'string',
  values: Array.from({ length: n }, (_, i) => of(i)),
});

const columns: Record<string, Column> = {
  kol_id: text((i) => `k${i}`),
  as_of: time(() => observed),
  followers_count: number((i) => i),
  following_count: number((i) => 2 * i),
  post_count: number((i) => 3 * i),
  favorites_count: number((i) => i),
  verified: flag((i) => i % 2),
  default_profile: flag(() => 0),
  default_profile_image: flag(() => 1),
  account_age_days: number((i) => 10 * i),
  bio: text(() => null),
  username: text((i) => `user${i}`),
  label: number((i) => i % 2),
};
const rows = (changed: Record<string, Column> = {}) =>
  trustRows(Table.fromColumns({ ...columns, ...changed }));

function message(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    return String(error);
  }
  return 'nothing was thrown';
}

describe('trustRows', () => {
  it('takes the table apart: keys, labels, inputs that features read, texts that hold something', () => {
    const { data, features, inputs, texts, months } = rows();
    expect(data.keys[3]).toBe('k3@2020-08-19T00:00:00.000Z');
    expect(data.y).toEqual(columns.label.values);
    expect(data.groups).toBeUndefined();
    expect(texts).toEqual(['username']);
    const names = inputs.map(({ name }) => name);
    expect(names).toContain('followers_count');
    for (const forbidden of ['label', 'kol_id', 'as_of', 'bio']) expect(names).not.toContain(forbidden);
    expect(data.X.names).toEqual(features.map(({ name }) => name));
    expect(months[0]).toBe(12 * 2020 + 7);
  });

  it('takes rows of one account at several moments for a group', () => {
    const { data } = rows({
      kol_id: text((i) => `k${i % 60}`),
      as_of: time((i) => observed + (i < 60 ? 0 : day)),
    });
    expect(new Set(data.keys).size).toBe(n);
    expect(data.groups?.[3]).toBe('k3');
    expect(data.groups?.[63]).toBe('k3');
  });

  it('refuses missing and empty required columns, ids that are absent or repeated', () => {
    const without = Object.fromEntries(
      Object.entries(columns).filter(([name]) => name !== 'followers_count'),
    );
    expect(message(() => trustRows(Table.fromColumns(without)))).toContain(
      'kol_gold.ml_trust_training: required column followers_count is missing',
    );
    expect(message(() => rows({ followers_count: number(() => NaN) }))).toContain(
      'required column followers_count is empty',
    );
    expect(message(() => rows({ kol_id: text((i) => (i === 4 ? '' : `k${i}`)) }))).toContain(
      'row 5 has no kol_id',
    );
    expect(message(() => rows({ kol_id: text((i) => (i === 4 ? 'k3' : `k${i}`)) }))).toContain(
      'kol_id k3 appears twice for one as_of@2020-08-19',
    );
  });
});

describe('trustLabels', () => {
  it.each([2, -1, 0.5, NaN])('refuses the label %s, naming the row', (label) => {
    expect(message(() => rows({ label: number((i) => (i === 7 ? label : i % 2)) }))).toContain(
      `label of k7@2020-08-19T00:00:00.000Z is ${label}, expected 0 (trustworthy) or 1`,
    );
  });

  it('needs fifty rows of each class', () => {
    const few = Table.fromColumns({ label: number((i) => (i < 49 ? 1 : 0)) });
    const keys = Array.from({ length: n }, (_, i) => `k${i}`);
    expect(message(() => trustLabels(few, keys))).toContain('has 49 rows of label 1 among 120');
    const enough = Table.fromColumns({ label: number((i) => (i < 50 ? 1 : 0)) });
    expect(trustLabels(enough, keys)).toHaveLength(n);
  });
});

describe('creationMonths', () => {
  it('counts calendar months in UTC, across years and leap days', () => {
    const asOf = Date.UTC(2020, 2, 1);
    const ages = [0, 1, 29, 30, 60, 61];
    const months = creationMonths(
      Float64Array.from(ages, () => asOf),
      Float64Array.from(ages),
    );
    // 1 March, 29 February, 1 February, 31 January, 1 January 2020, 31 December 2019
    expect([...months]).toEqual([24242, 24241, 24241, 24240, 24240, 24239]);
  });

  it('knows no month where age or moment are unknown', () => {
    const months = creationMonths(Float64Array.of(NaN, observed), Float64Array.of(1, NaN));
    expect([...months]).toEqual([NaN, NaN]);
  });
});

describe('trustQuery and trustConfig', () => {
  const duckdb = { dialect: 'duckdb', table: quoteTable } as const;

  it('bounds the rows by the moment, in UTC', () => {
    expect(trustQuery({}).sql(duckdb)).toBe(
      'SELECT * FROM "kol_gold"."ml_trust_training" ORDER BY kol_id, as_of',
    );
    const bounded = (asOf: string): string => trustQuery(trustConfig.parse({ asOf })).sql(duckdb);
    expect(bounded('2020-08-19')).toContain("WHERE as_of <= TIMESTAMP '2020-08-19 00:00:00.000' ORDER");
    expect(bounded('2020-08-19T05:30:00+07:00')).toContain("TIMESTAMP '2020-08-18 22:30:00.000'");
  });

  it('fills in defaults and refuses what is out of range or unknown', () => {
    const gate = defaultPolicy;
    expect(trustConfig.parse({})).toEqual({ seed: 7, folds: 5, holdOut: 0.2, model: 'kol-trust', gate });
    for (const wrong of [
      { seed: -1 },
      { seed: 1.5 },
      { folds: 1 },
      { holdOut: 0.9 },
      { asOf: "2020'; DROP TABLE x" },
      { asOf: '2020-02-31' },
      { model: '../kol' },
      { trees: 5 },
    ]) {
      expect(trustConfig.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
    }
  });
});
