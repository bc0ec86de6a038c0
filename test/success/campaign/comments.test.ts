import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { computeFeatures } from '../../../src/features/columns.js';
import { duckdbLakehouse } from '../../../src/sources/duckdb.js';
import { writeSampleLakehouse } from '../../../src/sources/sample/write-sample.js';
import { readAll, type Query } from '../../../src/sources/table-source.js';
import { commentFeatures } from '../../../src/success/campaign/comment-features.js';
import { commentScoresTable } from '../../../src/success/campaign/comments-sql.js';
import { finishedCampaignsQuery } from '../../../src/success/campaign/query.js';
import {
  commentScoreColumns,
  commentScoresTable as written,
} from '../../../src/sentiment/comments/write-scores.js';
import { scratchFolder, sql } from '../../sources/scratch.js';
import { alteredLakehouse } from './altered-lakehouse.js';
import { writeSomeCommentScores } from './comment-scores.js';
import { rowsOf, type Row } from './slow-history.js';

const accountsFile = fileURLToPath(new URL('../../../data/trust-accounts.parquet', import.meta.url));
const scratch = scratchFolder();
const lakehouse = join(scratch, 'lake');
const [hour, day] = [3_600_000, 86_400_000];
const finished = finishedCampaignsQuery(undefined, 0, true);

async function read(folder: string, query: Query): Promise<Row[]> {
  const source = await duckdbLakehouse(folder);
  try {
    return rowsOf(await readAll(source, query));
  } finally {
    await source.close();
  }
}

beforeAll(async () => {
  const some = join(scratch, 'accounts.parquet');
  await sql(`COPY (FROM '${accountsFile}' LIMIT 50) TO '${some}'`);
  await writeSampleLakehouse(lakehouse, { seed: 11, accountsFile: some, nKols: 40, nTexts: 20 });
  await writeSomeCommentScores(lakehouse);
}, 120_000);

const at = (row: Row, name: string): number => row[name] as number;

/** The columns of an offer by their definitions, one raw row at a time. */
function slowComments(versions: readonly Row[], offer: Row): Record<string, number | null> {
  const asOf = at(offer, 'as_of');
  const newest = new Map<unknown, Row>();
  for (const row of versions) {
    if (row.kol_id !== offer.kol_id || at(row, 'processed_at') > asOf) continue;
    if (at(row, 'posted_at') > asOf || at(row, 'posted_at') <= asOf - 90 * day) continue;
    const held = newest.get(row.comment_id);
    if (held === undefined || at(held, 'processed_at') < at(row, 'processed_at'))
      newest.set(row.comment_id, row);
  }
  const all = [...newest.values()];
  const sum = (rows: readonly Row[], value: (row: Row) => number): number | null =>
    rows.length === 0 ? null : rows.reduce((total, row) => total + value(row), 0);
  const found: Record<string, number | null> = {};
  for (const days of [7, 28, 90]) {
    const inside = all.filter((row) => at(row, 'posted_at') > asOf - days * day);
    found[`comments_known_${days}`] = all.length === 0 ? null : inside.length;
    found[`comments_negative_${days}`] = sum(inside, (row) => at(row, 'probability_negative'));
    found[`comments_mood_${days}`] = sum(inside, (row) => at(row, 'sentiment'));
    found[`comments_mood_squares_${days}`] = sum(inside, (row) => at(row, 'sentiment') ** 2);
  }
  const others = (row: Row, alike: (other: Row) => boolean): boolean =>
    all.some((other) => other !== row && alike(other));
  const count = (is: (row: Row) => boolean): number | null =>
    all.length === 0 ? null : all.filter(is).length;
  found.comments_repeated_90 = count((row) => others(row, (other) => other.text_key === row.text_key));
  found.comments_near_90 = count((row) =>
    others(row, (other) => [1, 2, 3, 4].some((k) => other[`near_key_${k}`] === row[`near_key_${k}`])),
  );
  const judged = all.filter((row) => row.spam_probability !== null);
  found.comments_spam_90 = sum(judged, (row) => at(row, 'spam_probability'));
  found.comments_spam_known_90 = all.length === 0 ? null : judged.length;
  const languages = all.map((row) => row.lang ?? '');
  found.comments_language_squares_90 = sum(
    all,
    (row) => languages.filter((lang) => lang === (row.lang ?? '')).length,
  );

  const hours = new Map<number, { n: number; bad: number }>();
  for (const row of all.filter((one) => at(one, 'posted_at') > asOf - 28 * day)) {
    const key = Math.floor(at(row, 'posted_at') / hour);
    const held = hours.get(key) ?? { n: 0, bad: 0 };
    hours.set(key, { n: held.n + 1, bad: held.bad + Number(at(row, 'probability_negative') > 0.5) });
  }
  const isBad = (key: number): boolean => {
    const { n, bad } = hours.get(key) ?? { n: 1, bad: 0 };
    return 2 * bad > n;
  };
  const ends = [...hours.keys()].filter((key) => isBad(key) && isBad(key - 1) && isBad(key - 2));
  found.comments_bad_runs_28 = all.length === 0 ? null : ends.length;
  return found;
}

describe('scored comments before a campaign', () => {
  it('are what a walk through the raw rows finds, corrected versions included', async () => {
    const versions = await read(lakehouse, { sql: () => `SELECT * FROM ${commentScoresTable}` });
    const found = await read(lakehouse, finished);
    expect(found.length).toBeGreaterThan(80);
    const filled = new Map<string, number>();
    for (const row of found) {
      for (const [name, value] of Object.entries(slowComments(versions, row))) {
        const where = `${name} of ${row.offer_id}`;
        const rounded = /spam_90|negative|mood/.test(name)
          ? 0.01 * Math.max(1, at(row, 'comments_known_90'))
          : 1e-9;
        if (value === null) expect(row[name], where).toBe(null);
        else expect(Math.abs(at(row, name) - value), where).toBeLessThanOrEqual(rounded);
        if (value !== null && value !== 0) filled.set(name, (filled.get(name) ?? 0) + 1);
      }
    }
    // The comparison above compared something.
    expect(filled.size).toBe(18);
    for (const [name, count] of filled)
      expect(count, name).toBeGreaterThan(name.includes('bad_runs') ? 3 : 30);
  });

  it.each([
    ['processed_at', "TIMESTAMP '2026-01-15 06:00:00.000001'"],
    ['posted_at', "TIMESTAMP '2026-01-15 06:00:00.000001'"],
  ])('are not seen when their %s lies after the moment', async (clock, moment) => {
    const changed = (select: string, name: string): Promise<string> =>
      alteredLakehouse(lakehouse, join(scratch, `${clock}-${name}`), { [commentScoresTable]: select });
    const moved = await changed(
      `SELECT * REPLACE (CASE WHEN hash(comment_id) % 3 = 0 THEN greatest(${clock}, ${moment}) ELSE ${clock} END AS ${clock}) FROM t`,
      'moved',
    );
    const gone = await changed('SELECT * FROM t WHERE hash(comment_id) % 3 <> 0', 'gone');
    const until = async (folder: string): Promise<Row[]> =>
      (await read(folder, finished)).filter((row) => at(row, 'as_of') <= Date.parse('2026-01-15T06:00:00Z'));
    const [rows, without, before] = [await until(moved), await until(gone), await until(lakehouse)];
    expect(rows).toEqual(without);
    const differ = before.filter((row, i) => JSON.stringify(row) !== JSON.stringify(without[i]));
    expect(differ.length).toBeGreaterThan(20);
  });

  it('become shares, and missing where no comment is known', async () => {
    const source = await duckdbLakehouse(lakehouse);
    const table = await readAll(source, finished);
    await source.close();
    const features = computeFeatures(commentFeatures, table);
    const of = (name: string): Float32Array => features.columns[features.names.indexOf(name)];
    const rows = rowsOf(table);
    const none = rows.findIndex((row) => row.comments_known_90 === null);
    const some = rows.findIndex((row) => at(row, 'comments_known_90') > 10);
    expect(of('negative_share_90')[none]).toBeNaN();
    expect(of('negative_share_90')[some]).toBeCloseTo(
      at(rows[some], 'comments_negative_90') / at(rows[some], 'comments_known_90'),
      5,
    );
    for (const name of [
      'negative_share_7',
      'negative_share_28',
      'repeated_comments',
      'near_repeated_comments',
      'spam_comments',
      'comment_languages',
    ]) {
      const known = of(name).filter((value) => !Number.isNaN(value));
      expect(known.length, name).toBeGreaterThan(30);
      for (const value of known) expect(value >= 0 && value <= 1, name).toBe(true);
    }
    const [negative, all, recent] = ['comments_negative_28', 'comments_known_28', 'negative_share_28'].map(
      (name) => (name in rows[some] ? (at(rows[some], name) ?? 0) : of(name)[some]),
    );
    expect(recent).toBeCloseTo((negative + 5 * of('negative_share_90')[some]) / (all + 5), 5);
  });

  it('stand in the table that scoring writes', async () => {
    expect(written).toBe(commentScoresTable);
    const columns = new Set(commentScoreColumns.map(({ name }) => name));
    const described = await sql(
      `DESCRIBE SELECT * FROM '${lakehouse}/kol_gold/kol_comment_scores/*.parquet'`,
    );
    expect(described.map(([name]) => name).sort()).toEqual([...columns].sort());
  });
});
