import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silent } from '../../src/core/progress.js';
import { tableDigest } from '../../src/core/table-digest.js';
import type { Table } from '../../src/core/table.js';
import { selectFeatures } from '../../src/features/sql.js';
import { duckdbLakehouse } from '../../src/sources/duckdb.js';
import { objectStore } from '../../src/sources/object-store.js';
import { writeSampleLakehouse } from '../../src/sources/sample/write-sample.js';
import { readAll, tablesOf, type Query, type TableSource } from '../../src/sources/table-source.js';
import { loadLakehouse } from '../../src/sources/trino/load-lakehouse.js';
import { accountsQuery } from '../../src/success/campaign/accounts-sql.js';
import { newestDayQuery } from '../../src/success/campaign/newest-day.js';
import { finishedCampaignsQuery, nextCampaignsQuery } from '../../src/success/campaign/query.js';
import { dailyMetricsQuery } from '../../src/success/forecast/query.js';
import { trustFeatures } from '../../src/trust/features.js';
import { trustQuery } from '../../src/trust/query.js';
import { scratchFolder } from '../sources/scratch.js';
import { alteredLakehouse } from '../success/campaign/altered-lakehouse.js';
import { hardRows } from '../success/campaign/hard-rows.js';
import { execute, settings, source } from './trino-session.js';

const accountsFile = fileURLToPath(new URL('../../data/trust-accounts.parquet', import.meta.url));
const scratch = scratchFolder();
const asOf = '2026-01-15T00:00:00.000Z';
let sources: readonly [duckdb: TableSource, trino: TableSource];

/** The suite's own schemas, beside the ones that the platform holds. */
const own = (name: string): string => name.replace(/^kol_/, 'kol_queries_');

/** The query over the suite's own schemas. */
const overOwn = (query: Query): Query => ({
  sql: (engine) => query.sql({ dialect: engine.dialect, table: (name) => engine.table(own(name)) }),
});

beforeAll(async () => {
  const plain = join(scratch, 'plain');
  await writeSampleLakehouse(plain, { seed: 11, accountsFile, nKols: 200, nTexts: 50 });
  const folder = await alteredLakehouse(plain, join(scratch, 'hard'), hardRows);
  for (const schema of ['kol_silver', 'kol_gold']) {
    await rename(join(folder, schema), join(folder, own(schema)));
    await execute(`DROP SCHEMA IF EXISTS ${own(schema)} CASCADE`);
  }
  const store = objectStore({
    endpoint: process.env['AWS_ENDPOINT_URL_S3'] ?? '',
    accessKeyId: process.env['AWS_ACCESS_KEY_ID'] ?? '',
    secretAccessKey: process.env['AWS_SECRET_ACCESS_KEY'] ?? '',
    region: 'us-east-1',
  });
  await loadLakehouse(folder, { trino: settings, store, progress: silent });
  sources = [await duckdbLakehouse(folder), await source()];
}, 300_000);

afterAll(async () => {
  for (const each of sources ?? []) await each.close();
});

/** Where two tables first differ, by column and row; undefined where they do not. */
function difference(ours: Table, theirs: Table): string | undefined {
  const shape = ({ nRows, columns }: Table): string =>
    `${nRows} rows of ${Object.entries(columns)
      .map(([name, { type }]) => `${name} ${type}`)
      .join(', ')}`;
  if (shape(ours) !== shape(theirs)) return `${shape(ours)} against ${shape(theirs)}`;
  const key = Object.values(ours.columns)[0];
  for (const [name, { values }] of Object.entries(ours.columns)) {
    const other = theirs.columns[name].values;
    const at = values.findIndex((value: unknown, i: number) => !Object.is(value, other[i]));
    if (at >= 0)
      return `${name} of row ${at} (${key.values[at]}): ${values[at]} against ${other[at]} of Trino`;
  }
  return undefined;
}

const queries: Readonly<Record<string, Query>> = {
  'all labelled accounts': trustQuery({}),
  'the accounts labelled by a moment': trustQuery({ asOf: '2018-01-01T00:00:00.000Z' }),
  'trust features': {
    sql: ({ dialect }) =>
      `${selectFeatures(trustFeatures, own('kol_gold.ml_trust_training'), dialect, ['kol_id'])} ORDER BY kol_id`,
  },
  'all finished campaigns': finishedCampaignsQuery(undefined, 0),
  'finished campaigns, a week before': finishedCampaignsQuery(undefined, 7),
  'the campaigns finished by a moment': finishedCampaignsQuery(asOf, 0),
  'next campaigns': nextCampaignsQuery(asOf, 14),
  accounts: accountsQuery(asOf),
  'all days': dailyMetricsQuery({}),
  'the days known at a moment': dailyMetricsQuery({ asOf }),
  'the newest day': newestDayQuery,
};

describe('DuckDB and Trino give the same table', () => {
  it.each(Object.entries(queries))('of %s', async (_name, query) => {
    const [ours, theirs] = await Promise.all(
      sources.map(async (from) => {
        const asked = overOwn(query);
        const snapshots = await from.snapshot(tablesOf(asked, from.dialect));
        return readAll(from, asked, { snapshots });
      }),
    );
    expect(ours.nRows).toBeGreaterThan(0);
    expect(difference(ours, theirs)).toBeUndefined();
    expect(tableDigest(theirs)).toBe(tableDigest(ours));
  });
});
