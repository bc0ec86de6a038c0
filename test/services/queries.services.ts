import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tableDigest } from '../../src/core/table-digest.js';
import type { Table } from '../../src/core/table.js';
import { silent } from '../../src/core/progress.js';
import { selectFeatures } from '../../src/features/sql.js';
import { duckdbLakehouse } from '../../src/sources/duckdb.js';
import { objectStore } from '../../src/sources/object-store.js';
import { writeSampleLakehouse } from '../../src/sources/sample/write-sample.js';
import { readAll, tablesOf, type Query, type TableSource } from '../../src/sources/table-source.js';
import { loadLakehouse } from '../../src/sources/trino/load-lakehouse.js';
import { sentimentTable } from '../../src/sentiment/columns.js';
import { commentsQuery } from '../../src/sentiment/comments/query.js';
import { textsQuery } from '../../src/sentiment/query.js';
import { accountsQuery } from '../../src/success/campaign/accounts-sql.js';
import { finishedCampaignsQuery, nextCampaignsQuery } from '../../src/success/campaign/query.js';
import { newestDay } from '../../src/success/campaign/write-scores.js';
import { dailyMetricsQuery } from '../../src/success/forecast/query.js';
import { trustFeatures } from '../../src/trust/features.js';
import { trustQuery } from '../../src/trust/query.js';
import { scratchFolder } from '../sources/scratch.js';
import { alteredLakehouse } from '../success/campaign/altered-lakehouse.js';
import { writeSomeCommentScores } from '../success/campaign/comment-scores.js';
import { hardRows } from '../success/campaign/hard-rows.js';
import { execute, settings, source } from './trino-session.js';

const scratch = scratchFolder();
const lake = join(scratch, 'lake');
const [early, late] = ['2026-03-01T00:00:00Z', '2026-09-15T12:30:00Z'];
let embedded: TableSource;
let platform: TableSource;

/** Every statement that a pipeline reads by, and the features as SQL writes them. */
const queries: Readonly<Record<string, Query>> = {
  'labelled accounts': trustQuery({}),
  'labelled accounts by a moment': trustQuery({ asOf: '2020-08-19' }),
  'finished campaigns': finishedCampaignsQuery(undefined, 0),
  'finished campaigns by a moment, judged three days ahead': finishedCampaignsQuery(early, 3),
  'campaigns to come': nextCampaignsQuery(late, 14),
  'campaigns to come, early': nextCampaignsQuery(early, 30),
  'finished campaigns with comments': finishedCampaignsQuery(undefined, 0, true),
  'campaigns to come with comments': nextCampaignsQuery(late, 14, true),
  'comments to score': commentsQuery(early),
  'labelled texts': textsQuery(sentimentTable),
  'KOLs as accounts': accountsQuery(late),
  'KOLs as accounts, early': accountsQuery(early),
  'daily metrics': dailyMetricsQuery({}),
  'daily metrics by a moment': dailyMetricsQuery({ asOf: early }),
  'the newest day': newestDay,
  'trust features': {
    sql: ({ dialect }) =>
      `${selectFeatures(trustFeatures, 'kol_gold.ml_trust_training', dialect, ['kol_id'])} ORDER BY kol_id`,
  },
};

beforeAll(async () => {
  const accountsFile = fileURLToPath(new URL('../../data/trust-accounts.parquet', import.meta.url));
  const plain = join(scratch, 'plain');
  await writeSampleLakehouse(plain, { seed: 9, accountsFile, nKols: 400, nTexts: 400 });
  await alteredLakehouse(plain, lake, hardRows);
  await writeSomeCommentScores(lake);
  for (const schema of ['kol_silver', 'kol_gold']) await execute(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  await loadLakehouse(lake, {
    trino: settings,
    store: objectStore({
      endpoint: process.env['AWS_ENDPOINT_URL_S3'] ?? 'http://127.0.0.1:9000',
      accessKeyId: process.env['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: process.env['AWS_SECRET_ACCESS_KEY'] ?? '',
      region: 'us-east-1',
    }),
    progress: silent,
  });
  [embedded, platform] = [await duckdbLakehouse(lake), await source()];
});
afterAll(() => embedded.close());

/** The first cells that differ, in words. */
function differences(ours: Table, theirs: Table): string[] {
  const found = Object.keys(ours.columns).sort();
  expect(Object.keys(theirs.columns).sort()).toEqual(found);
  return found.flatMap((name) => {
    const [a, b] = [ours.columns[name], theirs.columns[name]];
    if (a.type !== b.type) return [`${name} is ${a.type} and ${b.type}`];
    const row = [...a.values].findIndex((value, i) => !Object.is(value, b.values[i]));
    return row < 0 ? [] : [`${name} of row ${row} is ${a.values[row]} and ${b.values[row]}`];
  });
}

describe('every query gives the same on both engines', () => {
  it.each(Object.entries(queries))('%s', async (_, query) => {
    const ours = await readAll(embedded, query);
    const theirs = await readAll(platform, query);
    expect(theirs.nRows).toBe(ours.nRows);
    expect(ours.nRows).toBeGreaterThan(query === newestDay ? 0 : 300);
    expect(differences(ours, theirs)).toEqual([]);
    expect(tableDigest(theirs)).toBe(tableDigest(ours));
  });

  it('over tables that have been loaded whole', async () => {
    const tables = new Set(Object.values(queries).flatMap((query) => tablesOf(query, 'trino')));
    expect([...tables].sort()).toEqual([
      'kol_gold.kol_comment_scores',
      'kol_gold.ml_text_sentiment',
      'kol_gold.ml_trust_training',
      'kol_silver.kol_campaigns',
      'kol_silver.kol_comments',
      'kol_silver.kol_content',
      'kol_silver.kol_daily_metrics',
      'kol_silver.kol_profiles',
    ]);
    const [ours, theirs] = await Promise.all([embedded, platform].map((from) => from.snapshot([...tables])));
    expect(theirs.map(({ table, rows }) => [table, rows])).toEqual(
      ours.map(({ table, rows }) => [table, rows]),
    );
  });
});
