import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type SparkCluster } from '../../infra/spark/cluster.js';
import { processTree } from '../../infra/services/processes.js';
import type { BoosterRequest } from '../../src/champion/booster-engine.js';
import { fitDesign, trainingData, type RowOrigin } from '../../src/champion/design.js';
import { createRng } from '../../src/core/rng.js';
import { Table } from '../../src/core/table.js';
import { splitsOf, stratifiedFolds } from '../../src/ensemble/folds.js';
import { column, count, entropy, length, log1p, ratio, type Feature } from '../../src/features/expression.js';
import { parquetWriter } from '../../src/sources/parquet-writer.js';
import { sparkBoosters } from '../../src/spark/engine.js';
import type { SparkSettings } from '../../src/spark/settings.js';

const python = process.env['SPARK_PYTHON'] ?? '';
const jars = process.env['SPARK_JARS'] ?? '';
const folder = mkdtempSync(join(tmpdir(), 'kol-spark-test-'));
const warehouse = join(folder, 'warehouse');

const define = (name: string, expression: Feature['expression']): Feature => ({
  name,
  expression,
  description: '',
  owner: 'test',
  lookBackDays: 0,
});
const features = [
  define('log_posts', log1p(column('posts'))),
  define('share', ratio(column('posts'), column('followers'))),
  define('bio_length', length('bio')),
  define('bio_words', count('bio', 'words')),
  define('bio_emoji', count('bio', 'emoji')),
  define('bio_entropy', entropy('bio')),
];
const bios = [
  null,
  '',
  'Nguyễn Thị ÁNH',
  'Nguyễn'.normalize('NFD'),
  '😍 #sale "x" \\p',
  "it's @shop",
  'İ ẞ ΑΣ',
];

function accounts(nRows: number): Table {
  const rng = createRng(7);
  const draw = (): Float64Array =>
    Float64Array.from({ length: nRows }, (_, i) => (i % 17 === 3 ? NaN : Math.floor(1000 * rng.uniform())));
  return Table.fromColumns({
    kol_id: { type: 'string', values: Array.from({ length: nRows }, (_, i) => `kol-${i}`) },
    as_of: { type: 'timestamp', values: Float64Array.from({ length: nRows }, (_, i) => 1.7e12 + i * 1001) },
    bio: { type: 'string', values: Array.from({ length: nRows }, (_, i) => bios[i % bios.length]) },
    posts: { type: 'number', values: draw() },
    followers: { type: 'number', values: draw() },
  });
}

const table = accounts(1500);

function request(origin?: RowOrigin, rounds = 12): BoosterRequest {
  const posts = Table.numbers(table, 'posts');
  const y = posts.map((value, i) => (value > 500 !== (i % 5 === 0) ? 1 : 0));
  const keys = Table.strings(table, 'kol_id').map(String);
  const weight = new Float64Array(table.nRows).fill(1);
  const data = { ...trainingData(table, features, { keys, y, weight }), ...(origin && { origin }) };
  const rows = Uint32Array.from(y.keys());
  const splits = [...splitsOf(stratifiedFolds(keys, y, 2, 5)), { train: rows, test: new Uint32Array() }];
  return {
    label: 'test',
    data,
    features,
    boosters: [
      { name: 'leaves', kind: 'gradient-boosting', params: { nEstimators: rounds, subsample: 0.8 } },
      { name: 'depths', kind: 'gradient-boosting', params: { nEstimators: rounds, growth: 'depth-wise' } },
    ],
    fits: splits.map((split, k) => ({
      label: `fit ${k}`,
      split,
      design: fitDesign(
        data,
        { categorical: [], text: [], encoderOutputs: 1, bases: [{}] },
        split.train,
        split.test,
        1,
      ),
      seeds: { leaves: 11 + k, depths: 22 + k },
    })),
  };
}

describe('boosters on a standalone cluster', () => {
  let cluster: SparkCluster;
  let settings: SparkSettings;
  const notes: string[] = [];
  const progress = {
    stage: () => ({ advance: () => undefined, done: () => undefined }),
    note: (line: string) => void notes.push(line),
  };
  const embedded: RowOrigin = { table: 'kol_gold.accounts', snapshot: 'x', keys: ['kol_id', 'as_of'] };

  beforeAll(async () => {
    cluster = await startCluster({ python, folder: join(folder, 'cluster') });
    Object.assign(process.env, cluster.environment);
    settings = {
      master: cluster.master,
      submit: join(cluster.environment['SPARK_HOME'], 'bin', 'spark-submit'),
      executors: 2,
      cores: 1,
      memory: 2048,
      conf: ['spark.driver.memory=512m'],
      patience: 300,
      tables: { folder },
    };
    const place = join(folder, 'kol_gold', 'accounts');
    mkdirSync(place, { recursive: true });
    const types = { number: 'number', timestamp: 'timestamp', string: 'string', boolean: 'boolean' } as const;
    const writer = await parquetWriter(
      join(place, 'part-0.parquet'),
      Object.entries(table.columns).map(([name, { type }]) => ({ name, type: types[type] })),
    );
    await writer.write(table);
    await writer.close();
  });
  afterAll(async () => {
    await cluster?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('have the margins here that they have there, to the bit, and are the same the second time', async () => {
    const engine = sparkBoosters(settings, progress);
    const first = await engine.fit(request(embedded));
    expect(notes.at(-1)).toBe('Spark: 2 boosters in 3 fits; 3000 of 3000 margins equal to the bit here');
    expect(first.map((models) => [...models.keys()])).toEqual(Array(3).fill(['leaves', 'depths']));
    // The features are sent this time: a second way to the same matrix.
    expect(await engine.fit(request())).toEqual(first);
  });

  it('say what the cluster lacks', async () => {
    const engine = sparkBoosters({ ...settings, executors: 3, patience: 20 }, progress);
    await expect(engine.fit(request())).rejects.toMatchObject({
      code: 'service',
      message: expect.stringMatching(/gave 2 of 3 executors within 20 s.*--spark-executors/) as string,
    });
  });

  it('are fitted once more where an executor is killed, and given up the second time', async () => {
    const long = request(embedded, 2000);
    const engine = sparkBoosters(settings, progress);
    const killed = killPython(cluster, 2);
    await expect(engine.fit(long)).rejects.toMatchObject({
      code: 'service',
      message: expect.stringMatching(/lost executors twice|could not fit/) as string,
    });
    expect(await killed).toBe(2);
    expect(readdirSync(tmpdir()).filter((name) => /^kol-(fit|spark)-(?!test)/.test(name))).toEqual([]);
  });

  it('end with the signal, and so does the application', async () => {
    const stop = new AbortController();
    const fitting = sparkBoosters(settings, progress).fit(request(embedded, 5000), stop.signal);
    setTimeout(() => stop.abort(), 30_000);
    await expect(fitting).rejects.toMatchObject({ code: 'interrupted' });
    await sleep(5000);
    const state = (await (await fetch(`${cluster.web}/json/`)).json()) as { activeapps: unknown[] };
    expect(state.activeapps).toEqual([]);
  });

  it.runIf(jars !== '')('read the pinned snapshot, and name one that has expired', async () => {
    const catalog = [
      'spark.sql.catalog.lake=org.apache.iceberg.spark.SparkCatalog',
      'spark.sql.catalog.lake.type=hadoop',
      `spark.sql.catalog.lake.warehouse=${warehouse}`,
      'spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions',
      `spark.jars=${readdirSync(jars)
        .filter((name) => name.endsWith('.jar'))
        .map((name) => join(jars, name))
        .join(',')}`,
    ];
    const write = (...flags: string[]): string[] => {
      const args = ['--master', 'local[1]', ...catalog.flatMap((entry) => ['--conf', entry])];
      const program = join(import.meta.dirname, 'write_iceberg.py');
      const source = join(folder, 'kol_gold', 'accounts');
      const said = execFileSync(
        settings.submit,
        [...args, program, source, 'lake.kol_gold.accounts', ...flags],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
      );
      return /^ids (.*)$/m.exec(said)![1].split(' ');
    };
    const engine = sparkBoosters(
      { ...settings, conf: [...settings.conf, ...catalog], tables: { catalog: 'lake' } },
      progress,
    );
    const [older, newer] = write();
    await engine.fit(request({ ...embedded, snapshot: older }));
    expect(notes.at(-1)).toContain('3000 of 3000 margins');
    await expect(engine.fit(request({ ...embedded, snapshot: newer }))).rejects.toThrow(/margins differ/);
    const [expired] = write('--expire');
    await expect(engine.fit(request({ ...embedded, snapshot: expired }))).rejects.toMatchObject({
      code: 'data',
      message: expect.stringMatching(/lake\.kol_gold\.accounts, snapshot \d+.*has expired/s) as string,
    });
  });
});

/** Kills the executor of each attempt once its Python runs a fit; resolves to how often. */
async function killPython({ workers }: SparkCluster, times: number): Promise<number> {
  const seen = new Set<number>();
  const until = Date.now() + 400_000;
  while (seen.size < times && Date.now() < until) {
    const executors = workers.flatMap((pid) => processTree(pid).filter((each) => each.pid !== pid));
    const fitting = readdirSync(tmpdir()).some((name) => name.startsWith('kol-fit-'));
    const executor = executors.find(({ pid }) => !seen.has(pid) && isExecutor(pid));
    if (fitting && executor) {
      process.kill(executor.pid, 'SIGKILL');
      seen.add(executor.pid);
      await sleep(3000);
    }
    await sleep(200);
  }
  return seen.size;
}

function isExecutor(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('CoarseGrainedExecutorBackend');
  } catch {
    return false;
  }
}
