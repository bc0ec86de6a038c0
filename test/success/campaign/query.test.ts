import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Table } from '../../../src/core/table.js';
import { duckdbLakehouse } from '../../../src/sources/duckdb.js';
import { writeSampleLakehouse } from '../../../src/sources/sample/write-sample.js';
import { readAll, type Query } from '../../../src/sources/table-source.js';
import { finishedCampaignsQuery, nextCampaignsQuery } from '../../../src/success/campaign/query.js';
import { withTypicalPrice } from '../../../src/success/campaign/typical-price.js';
import { scratchFolder, sql } from '../../sources/scratch.js';
import { alteredLakehouse } from './altered-lakehouse.js';
import { rowsOf, slowHistory, type Lake, type Row } from './slow-history.js';

const accountsFile = fileURLToPath(new URL('../../../data/trust-accounts.parquet', import.meta.url));
const scratch = scratchFolder();
const plain = join(scratch, 'plain');
const silver = ['kol_profiles', 'kol_daily_metrics', 'kol_content', 'kol_campaigns'] as const;

async function read(lakehouse: string, query: Query): Promise<Table> {
  const source = await duckdbLakehouse(lakehouse);
  try {
    const table = await readAll(source, query);
    return 'category_log_price' in table.columns ? withTypicalPrice(table) : table;
  } finally {
    await source.close();
  }
}

/** The sample, some silver tables replaced by a SELECT over `t`, the table as it was. */
const altered = (name: string, changes: Partial<Record<(typeof silver)[number], string>>): Promise<string> =>
  alteredLakehouse(
    plain,
    join(scratch, name),
    Object.fromEntries(Object.entries(changes).map(([table, select]) => [`kol_silver.${table}`, select])),
  );

const byOffer = (table: Table): Map<string, Row> =>
  new Map(rowsOf(table).map((row) => [String(row.offer_id), row]));
const finished = finishedCampaignsQuery(undefined, 0);

beforeAll(async () => {
  await writeSampleLakehouse(plain, { seed: 11, accountsFile, nKols: 50, nTexts: 20 });
});

describe('finishedCampaignsQuery', () => {
  it('gives what a walk through the raw rows finds, corrected and repeated deliveries included', async () => {
    // Every fifth campaign is delivered once more, days later, with more clicks and twice the conversions.
    const corrected = await altered('corrected', {
      kol_campaigns: `SELECT * FROM t UNION ALL SELECT * REPLACE (clicks + 100 AS clicks, 2 * conversions AS conversions,
        processed_at + INTERVAL '40' DAY AS processed_at) FROM t WHERE hash(campaign_id) % 5 = 0 AND clicks IS NOT NULL`,
      kol_content: `SELECT * FROM t UNION ALL SELECT * REPLACE (views + 7 AS views,
        processed_at + INTERVAL '20' DAY AS processed_at) FROM t WHERE hash(content_id) % 4 = 0`,
    });
    const all = (table: string): Promise<Table> =>
      read(corrected, { sql: () => `SELECT * FROM kol_silver.${table}` });
    const [profiles, days, posts, campaigns] = await Promise.all(silver.map(all));
    const lake: Lake = {
      profiles: rowsOf(profiles),
      days: rowsOf(days),
      posts: rowsOf(posts),
      campaigns: rowsOf(campaigns),
    };
    const found = rowsOf(await read(corrected, finished));
    expect(found.length).toBeGreaterThan(100);
    const filled = new Map<string, number>();
    for (const row of found) {
      const { kol_verified, ...expected } = slowHistory(lake, row);
      for (const [name, value] of Object.entries({ ...expected, verified: kol_verified })) {
        const where = `${name} of ${row.offer_id}`;
        if (typeof value !== 'number') expect(row[name], where).toBe(value);
        // Sums of rates are kept in billionths, those of logarithms in millionths.
        else
          expect(Math.abs((row[name] as number) - value), where).toBeLessThan(
            2e-6 * Math.max(1, Math.abs(value)),
          );
        if (value !== null) filled.set(name, (filled.get(name) ?? 0) + 1);
      }
    }
    // The comparison above compared something.
    for (const [name, count] of filled) expect(count, name).toBeGreaterThan(30);
    const twice = found.filter(({ campaign_id }) => String(campaign_id).endsWith('-1'));
    expect(new Set(twice.map(({ offer_id }) => offer_id)).size).toBe(twice.length);
  });

  it('sees nothing that was processed after as_of, and nothing that happened after it', async () => {
    const before = byOffer(await read(plain, finished));
    const times = [...before.values()].map((row) => row.as_of as number).sort((a, b) => a - b);
    const cut = `make_timestamp(${times[Math.floor(times.length / 2)]} * 1000)`;
    const spoil = (columns: readonly string[]): string =>
      `SELECT * REPLACE (${columns.map((name) => `CASE WHEN processed_at > ${cut} THEN 1000000 ELSE ${name} END AS ${name}`).join(', ')}) FROM t`;
    const spoilt = await altered('spoilt', {
      kol_daily_metrics: spoil(['followers_count', 'views', 'likes', 'clicks', 'orders', 'posts']),
      kol_content: spoil(['views', 'likes', 'comments']),
      kol_campaigns: spoil(['clicks', 'conversions']),
      kol_profiles: `SELECT * REPLACE (CASE WHEN processed_at > ${cut} THEN 'myspace' ELSE platform END AS platform) FROM t`,
    });
    const after = byOffer(await read(spoilt, finished));
    const results = ['clicks', 'conversions', 'revenue'];
    let [older, changed] = [0, 0];
    for (const [offer, row] of before) {
      const now = after.get(offer);
      const known = (given: Row | undefined): Row =>
        Object.fromEntries(Object.entries(given ?? {}).filter(([name]) => !results.includes(name)));
      if ((row.as_of as number) <= times[Math.floor(times.length / 2)]) {
        expect(known(now)).toEqual(known(row));
        older++;
      } else if (now?.views_90 !== row.views_90) changed++;
    }
    expect(older).toBeGreaterThan(50);
    expect(changed).toBeGreaterThan(50);
  });

  it('loses a row that is moved past as_of', async () => {
    const before = byOffer(await read(plain, finished));
    const row = [...before.values()].find(
      ({ days_28, past_campaigns }) => days_28 === 27 && Number(past_campaigns) > 1,
    )!;
    const asOf = `make_timestamp(${String(row.as_of)} * 1000)`;
    const own = `kol_id = '${row.kol_id}'`;
    const late = `SELECT * REPLACE (CASE WHEN %s THEN ${asOf} + INTERVAL '1' SECOND ELSE processed_at END AS processed_at) FROM t`;
    const moved = await altered('moved', {
      kol_daily_metrics: late.replace(
        '%s',
        `${own} AND metric_date = CAST(${asOf} - INTERVAL '10' DAY AS DATE)`,
      ),
      kol_campaigns: late.replace(
        '%s',
        `${own} AND ended_at <= ${asOf} AND ended_at = make_timestamp(${String(row.past_ended_at)} * 1000)`,
      ),
    });
    const now = byOffer(await read(moved, finished)).get(String(row.offer_id));
    expect(now?.days_28).toBe(26);
    expect(now?.views_28).toBeLessThan(row.views_28 as number);
    expect(now?.past_campaigns).toBe((row.past_campaigns as number) - 1);
    expect(now?.past_ended_at).toBeLessThan(row.past_ended_at as number);
  });

  it('looks back from days before the start where a lead is asked for', async () => {
    const [now, earlier] = [
      byOffer(await read(plain, finished)),
      byOffer(await read(plain, finishedCampaignsQuery(undefined, 7))),
    ];
    for (const [offer, row] of earlier) {
      expect(row.as_of).toBe((row.started_at as number) - 7 * 86_400_000);
      expect(row.past_campaigns).toBeLessThanOrEqual(now.get(offer)?.past_campaigns as number);
    }
    expect(
      [...earlier.values()].some((row) => row.views_28 !== now.get(String(row.offer_id))?.views_28),
    ).toBe(true);
  });
});

describe('nextCampaignsQuery', () => {
  it('asks about every known KOL at the usual price, from what is known then', async () => {
    const asOf = '2026-01-15T00:00:00.000Z';
    const rows = rowsOf(await read(plain, nextCampaignsQuery(asOf, 14)));
    expect(new Set(rows.map(({ kol_id }) => kol_id)).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(40);
    for (const row of rows) {
      expect(row).toMatchObject({
        clicks: null,
        budget: null,
        own_category: 1,
        product_price: row.category_price,
      });
      expect((row.ended_at as number) - (row.started_at as number)).toBe(14 * 86_400_000);
      expect(row.past_ended_at ?? 0).toBeLessThanOrEqual(Date.parse(asOf));
    }
    const counted = await sql(
      `SELECT count(DISTINCT kol_id) FROM '${plain}/kol_silver/kol_profiles/*.parquet'
        WHERE valid_from <= TIMESTAMP '2026-01-15' AND processed_at <= TIMESTAMP '2026-01-15'`,
    );
    expect(String(rows.length)).toBe(counted[0][0]);
  });
});
