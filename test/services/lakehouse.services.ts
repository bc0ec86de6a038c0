import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeSampleLakehouse } from '../../src/sources/sample/write-sample.js';
import { kol, type Outcome } from '../cli/kol.js';
import { scratchFolder, sql } from '../sources/scratch.js';
import { execute, readText } from './trino-session.js';

const scratch = scratchFolder();
const accounts = fileURLToPath(new URL('../../data/trust-accounts.parquet', import.meta.url));
const services = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => /^(TRINO|AWS)_/.test(name)),
) as Record<string, string>;

/** The command line, told of the platform. */
const onPlatform = (...args: string[]): Promise<Outcome> => kol(scratch, args, { environment: services });
const embedded = (...args: string[]): Promise<Outcome> => kol(scratch, [...args, '--lakehouse', 'lake']);
const graph = (folder: string): Promise<Buffer> => readFile(join(scratch, folder, 'model.onnx'));

beforeAll(async () => {
  const some = join(scratch, 'accounts.parquet');
  await sql(
    `COPY (SELECT * EXCLUDE (r) FROM (SELECT *, row_number() OVER () AS r FROM '${accounts}') WHERE r % 20 = 0 ORDER BY r) TO '${some}'`,
  );
  await writeSampleLakehouse(join(scratch, 'lake'), { seed: 5, accountsFile: some, nKols: 250, nTexts: 20 });
  for (const schema of ['kol_silver', 'kol_gold']) await execute(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  const loaded = await onPlatform('load', '--lakehouse', 'lake', '--json');
  expect(loaded.stderr).toContain('kol_silver.kol_daily_metrics: 1 file');
  expect(loaded.code).toBe(0);
  expect(JSON.parse(loaded.stdout)).toHaveLength(10);
});

describe('the platform as lakehouse', () => {
  it(
    'gives the trust champion that the folder gives, byte for byte, and its own lineage',
    { timeout: 400_000 },
    async () => {
      const [ours, theirs] = [
        await embedded('train', 'trust', '--folds', '2', '--out', 'embedded-trust'),
        await onPlatform('train', 'trust', '--folds', '2', '--out', 'platform-trust'),
      ];
      expect([ours.code, theirs.code]).toEqual([0, 0]);
      expect(theirs.stderr).toContain('reading the lakehouse at');
      expect((await graph('embedded-trust')).equals(await graph('platform-trust'))).toBe(true);
      const card = JSON.parse(await readFile(join(scratch, 'platform-trust', 'model.json'), 'utf8')) as {
        lineage: { rows: number; sources: { name: string; id: string }[] };
      };
      const [from] = card.lineage.sources;
      expect(from).toMatchObject({ name: 'kol_gold.ml_trust_training', rows: card.lineage.rows });
      expect(from.id).toBe(
        await readText(
          `SELECT CAST(max_by(snapshot_id, committed_at) AS varchar) FROM kol_gold."ml_trust_training$snapshots"`,
        ),
      );
      expect(card.lineage).toMatchObject({
        query: expect.stringContaining(`FOR VERSION AS OF ${from.id}`) as string,
        queryId: expect.stringMatching(/^\d{8}_/) as string,
        queryHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      });
    },
  );

  it('trains again as a run did, though rows were taken out since', { timeout: 400_000 }, async () => {
    const run = JSON.parse((await onPlatform('runs', '--json')).stdout) as { runId: string }[];
    await execute(`DELETE FROM kol_gold.ml_trust_training WHERE label = 1 AND followers_count > 1000`);
    const train = ['train', 'trust', '--folds', '2', '--out', 'again'];
    const now = await onPlatform(...train);
    expect(now.code).toBe(0);
    expect((await graph('again')).equals(await graph('platform-trust'))).toBe(false);
    const again = await onPlatform(...train, '--snapshot', run.at(-1)!.runId);
    expect(again.code).toBe(0);
    expect((await graph('again')).equals(await graph('platform-trust'))).toBe(true);
    const gone = await onPlatform(...train, '--snapshot', 'kol_gold.ml_trust_training=12345');
    expect(gone.code).toBe(3);
    expect(gone.stderr).toContain('snapshot 12345 of table kol_gold.ml_trust_training is no longer kept');
  });

  it(
    'gives the champions of success that the folder gives, and takes scores and forecasts',
    { timeout: 400_000 },
    async () => {
      await writeFile(
        join(scratch, 'small.yaml'),
        'folds: 2\nforecast: { metrics: [views], backtests: 2, maxRows: 20000 }\n',
      );
      const train = ['train', 'success', '--config', 'small.yaml'];
      const ours = await embedded(...train, '--out', 'embedded');
      const theirs = await onPlatform(...train, '--out', 'platform');
      expect([ours.code, theirs.code]).toEqual([0, 0]);
      for (const name of ['kol-success', 'kol-forecast-views']) {
        const same = (await graph(`embedded/${name}`)).equals(await graph(`platform/${name}`));
        expect(same, name).toBe(true);
      }
      for (const table of ['kol_scores', 'kol_forecasts']) {
        const [[rows]] = await sql(`SELECT count(*) FROM '${scratch}/lake/kol_gold/${table}/*.parquet'`);
        expect(Number(rows)).toBeGreaterThan(200);
        const written = await readText(`SELECT CAST(count(*) AS varchar) FROM kol_gold.${table}`);
        expect(Number(written), table).toBe(Number(rows));
      }
    },
  );
});
