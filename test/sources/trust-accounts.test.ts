import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sql } from './scratch.js';

const file = 'data/trust-accounts.parquet';

describe('data/trust-accounts.parquet', () => {
  it('holds counts, flags, age and label of every account, and nothing that names one', async () => {
    expect(
      (await sql(`DESCRIBE SELECT * FROM '${file}'`)).map((row) => `${String(row[0])} ${String(row[1])}`),
    ).toEqual([
      'followers_count BIGINT',
      'following_count BIGINT',
      'post_count BIGINT',
      'favorites_count BIGINT',
      'verified BOOLEAN',
      'default_profile BOOLEAN',
      'default_profile_image BOOLEAN',
      'geo_enabled BOOLEAN',
      'account_age_days BIGINT',
      'label BIGINT',
    ]);
    // Sums of the source table, taken with another reader.
    expect(
      await sql(
        `SELECT count(*), sum(label), sum(followers_count), sum(account_age_days), sum(verified::INT) FROM '${file}'`,
      ),
    ).toEqual([['33694', '11183', '12475802331', '101838622', '6785']]);
  });

  it('keeps nothing of an order: neighbours are no more alike than strangers', async () => {
    const [[age, label]] = await sql(
      `SELECT corr(account_age_days, next_age), corr(label, next_label) FROM (SELECT account_age_days, label,
        lead(account_age_days) OVER (ORDER BY file_row_number) AS next_age,
        lead(label) OVER (ORDER BY file_row_number) AS next_label FROM read_parquet('${file}', file_row_number = true))`,
    );
    // Three standard errors of a correlation of 33,694 independent pairs.
    expect(Math.abs(Number(age))).toBeLessThan(3 / Math.sqrt(33_694));
    expect(Math.abs(Number(label))).toBeLessThan(3 / Math.sqrt(33_694));
  });

  it('says where it comes from', () => {
    expect(readFileSync('data/trust-accounts.SOURCE.md', 'utf8')).toMatch(/## Licence\n\nNot stated/);
  });
});
