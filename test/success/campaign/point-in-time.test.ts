import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { duckdbLakehouse } from '../../../src/sources/duckdb.js';
import { writeSampleLakehouse } from '../../../src/sources/sample/write-sample.js';
import { readAll, tablesOf, type Query } from '../../../src/sources/table-source.js';
import { accountsQuery } from '../../../src/success/campaign/accounts-sql.js';
import { finishedCampaignsQuery, nextCampaignsQuery } from '../../../src/success/campaign/query.js';
import { dailyMetricsQuery } from '../../../src/success/forecast/query.js';
import { scratchFolder, sql } from '../../sources/scratch.js';
import { alteredLakehouse } from './altered-lakehouse.js';
import { hardRows } from './hard-rows.js';
import { rowsOf, type Row } from './slow-history.js';

const accountsFile = fileURLToPath(new URL('../../../data/trust-accounts.parquet', import.meta.url));
const scratch = scratchFolder();
const asOf = '2026-01-15T06:00:00.000Z';
const now = `TIMESTAMP '2026-01-15 06:00:00'`;
const justAfter = `${now} + INTERVAL '1' MICROSECOND`;

/** What is asked at the moment, and for each finished campaign at its own. */
const queries: Readonly<Record<string, Query>> = {
  finished: finishedCampaignsQuery(undefined, 0),
  next: nextCampaignsQuery(asOf, 14),
  accounts: accountsQuery(asOf),
  days: dailyMetricsQuery({ asOf }),
};

/** When the rows of a table happened, and a moment of that kind which is over too late to be known at `asOf`. */
const clocks = {
  'kol_silver.kol_profiles': ['valid_from', justAfter],
  'kol_silver.kol_content': ['posted_at', justAfter],
  'kol_silver.kol_campaigns': ['ended_at', justAfter],
  // The day has begun, but is not over.
  'kol_silver.kol_daily_metrics': ['metric_date', `DATE '2026-01-15'`],
} as const;

type Answers = Readonly<Record<string, ReadonlyMap<string, Row>>>;
const results = ['clicks', 'conversions', 'revenue', 'result_at'];
const terms = ['category', 'product_price', 'budget', 'started_at', 'ended_at'];

/** Rows by what they are about. A finished campaign is one only under the same terms, which are agreed before. */
async function answers(lakehouse: string): Promise<Answers> {
  const source = await duckdbLakehouse(lakehouse);
  try {
    const all: Record<string, Map<string, Row>> = {};
    for (const [name, query] of Object.entries(queries)) {
      const key = name === 'finished' ? ['offer_id', ...terms] : ['kol_id', 'day'];
      const hidden = name === 'finished' ? results : [];
      const rows = rowsOf(await readAll(source, query)).filter(
        (row) => name !== 'finished' || (row.as_of as number) <= Date.parse(asOf),
      );
      all[name] = new Map(
        rows.map((row) => [
          key.map((part) => row[part]).join(),
          Object.fromEntries(Object.entries(row).filter(([column]) => !hidden.includes(column))),
        ]),
      );
    }
    return all;
  } finally {
    await source.close();
  }
}

const hard = join(scratch, 'hard');
let before: Answers;

beforeAll(async () => {
  const some = join(scratch, 'accounts.parquet');
  await sql(`COPY (FROM '${accountsFile}' LIMIT 50) TO '${some}'`);
  const plain = join(scratch, 'plain');
  await writeSampleLakehouse(plain, { seed: 11, accountsFile: some, nKols: 40, nTexts: 20 });
  await alteredLakehouse(plain, hard, hardRows);
  before = await answers(hard);
});

/** Rows of both, by their names. */
function common(a: ReadonlyMap<string, Row>, b: ReadonlyMap<string, Row>): [Row, Row][] {
  return [...a].flatMap(([key, row]): [Row, Row][] => {
    const other = b.get(key);
    return other === undefined ? [] : [[row, other]];
  });
}

describe('a query at a moment', () => {
  const cases = Object.entries(clocks).flatMap(([table, [event, moment]]) => [
    [table, event, moment] as const,
    [table, 'processed_at', justAfter] as const,
  ]);

  it.each(cases)('loses the rows of %s whose %s moves past it', async (table, clock, moment) => {
    // Of a thing with several deliveries, some move.
    const [moved, gone] = await Promise.all(
      [
        `SELECT * REPLACE (CASE WHEN hash(t) % 3 = 0 THEN ${moment} ELSE ${clock} END AS ${clock}) FROM t`,
        'SELECT * FROM t WHERE hash(t) % 3 <> 0',
      ].map(async (select, i) =>
        answers(await alteredLakehouse(hard, join(scratch, `${table}-${clock}-${i}`), { [table]: select })),
      ),
    );
    for (const [name, query] of Object.entries(queries)) {
      if (!tablesOf(query, 'duckdb').includes(table)) continue;
      // Campaigns that lost all their rows are asked about in one of the two only.
      if (name !== 'finished') expect([...moved[name].keys()], name).toEqual([...gone[name].keys()]);
      const pairs = common(moved[name], gone[name]);
      expect(pairs.length, name).toBeGreaterThan(30);
      for (const [row, without] of pairs) expect(row, name).toEqual(without);
      // The rows mattered.
      const changed = common(before[name], gone[name]).filter(
        ([row, without]) => JSON.stringify(row) !== JSON.stringify(without),
      );
      expect(changed.length, name).toBeGreaterThan(5);
    }
  });

  it('answers the same where nothing of what came later is there', async () => {
    const known = Object.fromEntries(
      Object.entries(clocks).map(([table, [event, moment]]) => [
        table,
        `SELECT * FROM t WHERE processed_at <= ${now} AND ${event} < ${moment}`,
      ]),
    );
    const [[late]] = await sql(
      `SELECT count(*) FROM '${hard}/kol_silver/*/*.parquet' WHERE processed_at > ${now}`,
    );
    expect(Number(late)).toBeGreaterThan(5000);
    const then = await answers(await alteredLakehouse(hard, join(scratch, 'known'), known));
    for (const name of Object.keys(queries)) {
      const pairs = common(before[name], then[name]);
      expect(pairs.length, name).toBeGreaterThan(30);
      for (const [row, at] of pairs) expect(row, name).toEqual(at);
      if (name !== 'finished') expect([...then[name].keys()], name).toEqual([...before[name].keys()]);
    }
  });
});
