import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DuckDBConnection } from '@duckdb/node-api';
import { createRng } from '../../src/core/rng.js';
import { Table, type Column } from '../../src/core/table.js';
import { computeFeatures } from '../../src/features/columns.js';
import { requiredColumns } from '../../src/features/required-columns.js';
import { selectFeatures } from '../../src/features/sql.js';
import { validateFeatures } from '../../src/features/validate.js';
import { trustColumns } from '../../src/trust/columns.js';
import { monotoneTrustSigns, trustFeatures, trustFeaturesFor } from '../../src/trust/features.js';
import { adversarialNumbers, adversarialTexts } from '../features/adversarial-rows.js';
import { columnsOf, loadInDuckDB } from '../features/in-duckdb.js';

/** What real account tables hold at least. */
const bareColumns = [
  'followers_count',
  'following_count',
  'post_count',
  'favorites_count',
  'verified',
  'default_profile',
  'default_profile_image',
  'geo_enabled',
  'account_age_days',
];
const inputs = trustColumns.filter(({ role }) => role === 'input');

function accounts(nRows: number): Table {
  const rng = createRng(5);
  const draw = <T>(values: readonly T[]): T => values[rng.integer(values.length)];
  const number = (): number => {
    const kind = rng.uniform();
    if (kind < 0.2) return draw(adversarialNumbers);
    return kind < 0.4 ? rng.integer(3) : Math.floor(Math.exp(16 * rng.uniform()));
  };
  return Table.fromColumns(
    Object.fromEntries(
      inputs.map(({ name, type }): [string, Column] => {
        if (type === 'string') {
          return [name, { type, values: Array.from({ length: nRows }, () => draw(adversarialTexts)) }];
        }
        const value = type === 'boolean' ? () => draw([0, 1, NaN]) : number;
        return [name, { type, values: Float64Array.from({ length: nRows }, value) }];
      }),
    ),
  );
}

describe('trustFeatures', () => {
  it('are valid, described, and owned by trust', () => {
    expect(() => validateFeatures(trustFeatures)).not.toThrow();
    for (const feature of trustFeatures) {
      expect(feature.owner).toBe('trust');
      expect(feature.lookBackDays).toBe(0);
      expect(feature.description.length, feature.name).toBeGreaterThan(10);
    }
    expect(new Set(trustFeatures.map(({ description }) => description)).size).toBe(trustFeatures.length);
  });

  it('read inputs only, each in its type: no id, no time, no label', () => {
    for (const { name, kind } of requiredColumns(trustFeatures)) {
      const type = inputs.find((column) => column.name === name)?.type;
      expect(type, name).toBeDefined();
      expect(type === 'string', name).toBe(kind === 'string');
    }
  });

  it('leave at least thirty where an account has nine raw columns, and all where it has every one', () => {
    const bare = trustFeaturesFor(new Set(bareColumns));
    expect(bare.length).toBeGreaterThanOrEqual(30);
    expect(requiredColumns(bare).map(({ name }) => name)).toEqual(expect.arrayContaining(bareColumns));
    expect(trustFeaturesFor(new Set(inputs.map(({ name }) => name)))).toEqual(trustFeatures);
    expect(trustFeaturesFor(new Set(['username'])).map(({ name }) => name)).toContain('username_digits');
    expect(trustFeaturesFor(new Set())).toEqual([]);
  });

  it('are all different from each other', () => {
    const X = computeFeatures(trustFeatures, accounts(500));
    const seen = new Map<string, string>();
    X.columns.forEach((values, j) => {
      const key = values.join(' ');
      expect(seen.get(key), X.names[j]).toBeUndefined();
      seen.set(key, X.names[j]);
    });
  });

  it('say of one account what a calculator says', () => {
    const table = Table.fromColumns({
      followers_count: { type: 'number', values: Float64Array.of(99, 0) },
      following_count: { type: 'number', values: Float64Array.of(301, 0) },
      post_count: { type: 'number', values: Float64Array.of(20, 0) },
      favorites_count: { type: 'number', values: Float64Array.of(60, 0) },
      verified: { type: 'boolean', values: Float64Array.of(1, 0) },
      default_profile: { type: 'boolean', values: Float64Array.of(0, 1) },
      default_profile_image: { type: 'boolean', values: Float64Array.of(0, NaN) },
      geo_enabled: { type: 'boolean', values: Float64Array.of(0, 1) },
      has_url: { type: 'boolean', values: Float64Array.of(1, 0) },
      has_bio: { type: 'boolean', values: Float64Array.of(1, NaN) },
      account_age_days: { type: 'number', values: Float64Array.of(800, 0) },
      bio: { type: 'string', values: ['Reviews 😀 #beauty @lan https://a.vn 100%!', null] },
      location: { type: 'string', values: ['Hà Nội', ''] },
      username: { type: 'string', values: ['lan_9_2024', 'aaaa'] },
      display_name: { type: 'string', values: ['Lan ✨ 💄', null] },
    });
    const X = computeFeatures(trustFeatures, table);
    const expected: Record<string, [number, number]> = {
      log_followers: [Math.log(100), 0],
      log_network: [Math.log(401), 0],
      log_followers_per_day: [Math.log(1 + 99 / 800), 0],
      log_activity_per_day: [Math.log(1.1), 0],
      log_followers_to_following: [Math.log(100 / 302), 0],
      log_favorites_to_posts: [Math.log(61 / 21), 0],
      reputation: [99 / 400, NaN],
      following_exceeds_followers: [1, 0],
      has_posts: [1, 0],
      has_bio: [1, NaN],
      has_location: [1, 0],
      profile_completeness: [2, 1],
      profile_completeness_full: [5, 1],
      profile_texts: [3, 0],
      bio_length: [41, 0],
      bio_words: [7, 0],
      bio_hashtags: [1, 0],
      bio_mentions: [1, 0],
      bio_links: [1, 0],
      bio_emoji: [1, 0],
      bio_digits: [3, 0],
      bio_letter_share: [24 / 41, 0],
      username_digit_share: [0.5, 0],
      username_numbers: [2, 0],
      username_digits_per_number: [2.5, 0],
      username_punctuation: [2, 0],
      username_entropy: [
        // l, a, n, 9, 0 and 4 once, _ and 2 twice.
        0.6 * Math.log(10) + 0.4 * Math.log(5),
        0,
      ],
      display_name_emoji: [1, 0],
      log_display_name_to_username: [Math.log(8 / 11), Math.log(1 / 5)],
    };
    for (const [name, values] of Object.entries(expected)) {
      const j = X.names.indexOf(name);
      expect(j, name).toBeGreaterThanOrEqual(0);
      values.forEach((value, row) => {
        if (Number.isNaN(value)) expect(X.columns[j][row], name).toBeNaN();
        else expect(X.columns[j][row], name).toBeCloseTo(value, 6);
      });
    }
  });
});

describe('monotoneTrustSigns', () => {
  it('name features that every account table has', () => {
    const bare = trustFeaturesFor(new Set(bareColumns)).map(({ name }) => name);
    expect(bare).toEqual(expect.arrayContaining(Object.keys(monotoneTrustSigns)));
  });
});

describe('the SQL of the trust features', () => {
  const table = accounts(600);
  let duckdb: DuckDBConnection;
  beforeAll(async () => {
    duckdb = await loadInDuckDB(table);
  });
  afterAll(() => {
    duckdb.closeSync();
  });

  // A log ratio is a difference of logarithms up to 89, each within an ulp of double (1.4e-14) of the truth: where
  // they almost cancel, the readings may differ by that much, far below a float32 step of either.
  it('agrees with the typed columns', async () => {
    const X = computeFeatures(trustFeatures, table);
    const sql = selectFeatures(trustFeatures, 'raw_rows', 'duckdb', ['row_id']);
    const [, ...columns] = await columnsOf(duckdb, `${sql} ORDER BY row_id`);
    columns.forEach((values, j) => {
      values.forEach((value, row) => {
        const ours = X.columns[j][row];
        const tolerance = 1e-13 + 1.2e-7 * Math.abs(ours);
        const agree = (Number.isNaN(value) && Number.isNaN(ours)) || Math.abs(value - ours) <= tolerance;
        if (!agree) expect.fail(`${X.names[j]}, row ${row}: SQL ${value}, columns ${ours}`);
      });
    });
  });
});
