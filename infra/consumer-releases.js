import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { tasks } from '../dist/champion/tasks.js';
import { inlinePool } from '../dist/core/inline-pool.js';
import { silent } from '../dist/core/progress.js';
import { createRng } from '../dist/core/rng.js';
import { openModelRegistry } from '../dist/registry/model-registry.js';
import { openRunStore } from '../dist/registry/run-store.js';
import { proveContract } from '../dist/release/contract/verify.js';
import { localModelStore } from '../dist/release/model-store.js';
import { sentimentConfig } from '../dist/sentiment/config.js';
import { trainSentiment } from '../dist/sentiment/pipeline.js';
import { duckdbLakehouse } from '../dist/sources/duckdb.js';
import { embeddedTarget } from '../dist/sources/embedded-target.js';
import { writeSampleLakehouse } from '../dist/sources/sample/write-sample.js';
import { campaignConfig } from '../dist/success/campaign/config.js';
import { trainCampaigns } from '../dist/success/campaign/pipeline.js';
import { forecastConfig } from '../dist/success/forecast/config.js';
import { trainForecast } from '../dist/success/forecast/pipeline.js';
import { trustConfig } from '../dist/trust/config.js';
import { trainTrust } from '../dist/trust/pipeline.js';

// Releases for those who load champions (infra/api, infra/flink), made by the real trainings on little data with few
// trees. Their golden batches are scored by Node here, and by Python and Java in the suites, from the same files.
//   node infra/consumer-releases.js FOLDER
// writes FOLDER/<model>/{model.onnx,model.json,contract.jsonl}, and kol-trust-2, another version of kol-trust. Those that
// are newer than the toolkit that made them are kept.

const repository = fileURLToPath(new URL('..', import.meta.url));
const accountsFile = join(repository, 'data/trust-accounts.parquet');
const files = ['model.onnx', 'model.json', 'contract.jsonl'];

async function newest(path) {
  const { mtimeMs } = await stat(path);
  const inside = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
  const times = inside
    .filter((entry) => entry.isFile())
    .map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).mtimeMs);
  return Math.max(mtimeMs, ...(await Promise.all(times)));
}

async function areNewer(folder) {
  const made = await stat(folder).catch(() => undefined);
  if (made === undefined) return false;
  const makers = ['src', 'data', 'infra/consumer-releases.js'].map((path) => newest(join(repository, path)));
  return made.mtimeMs > Math.max(...(await Promise.all(makers)));
}

const context = (seed) => ({
  pool: inlinePool({
    'fit-base': ({ spec, ...task }, options) =>
      tasks['fit-base'](
        {
          ...task,
          spec:
            spec.kind === 'gradient-boosting'
              ? { ...spec, params: { ...spec.params, nEstimators: 25, learningRate: 0.25 } }
              : spec,
        },
        options,
      ),
  }),
  rng: createRng(seed),
  progress: silent,
});

/** Every 20th real account. */
async function someAccounts(target) {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT * EXCLUDE (r) FROM (SELECT *, row_number() OVER () AS r FROM '${accountsFile}') WHERE r % 20 = 0 ORDER BY r) TO '${target}'`,
  );
  connection.closeSync();
  instance.closeSync();
  return target;
}

async function train(scratch, keep) {
  const lakehouse = join(scratch, 'lakehouse');
  const accounts = await someAccounts(join(scratch, 'accounts.parquet'));
  await writeSampleLakehouse(lakehouse, { seed: 3, accountsFile: accounts, nKols: 150, nTexts: 1_500 });
  // A store of its own for every training: none has a champion to beat.
  const emptyStore = (name) => {
    const runs = openRunStore(join(scratch, 'stores', name));
    return localModelStore(runs, openModelRegistry(runs));
  };
  const source = await duckdbLakehouse(lakehouse);
  try {
    for (const [seed, name] of [
      [1, 'kol-trust'],
      [2, 'kol-trust-2'],
    ]) {
      const config = trustConfig.parse({ folds: 2, seed });
      await keep(name, await trainTrust(config, source, emptyStore(name), context(seed)));
    }
    const sentiment = sentimentConfig.parse({ folds: 2 });
    await keep(
      'kol-sentiment',
      await trainSentiment(sentiment, source, emptyStore('kol-sentiment'), context(5)),
    );
    const campaigns = campaignConfig.parse({ folds: 2 });
    await keep('kol-success', await trainCampaigns(campaigns, source, emptyStore('kol-success'), context(7)));
    const forecasts = await trainForecast(
      forecastConfig.parse({ maxRows: 5_000 }),
      source,
      emptyStore('forecast'),
      { rng: createRng(7), threads: 1, progress: silent, target: embeddedTarget(lakehouse) },
    );
    for (const forecast of forecasts.metrics) await keep(forecast.release.card.name, forecast);
  } finally {
    await source.close();
  }
}

const [argument] = process.argv.slice(2);
if (argument === undefined) throw new Error('usage: node infra/consumer-releases.js FOLDER');
const folder = resolve(argument);
if (!(await areNewer(folder))) {
  const scratch = await mkdtemp(join(tmpdir(), 'kol-releases-'));
  // The folder appears whole or not at all.
  await mkdir(dirname(folder), { recursive: true });
  const partial = await mkdtemp(join(dirname(folder), `.${basename(folder)}-`));
  try {
    await train(scratch, async (name, { release }) => {
      await mkdir(join(partial, name));
      for (const file of files) await writeFile(join(partial, name, file), release.files[file]);
    });
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
    await rm(partial, { recursive: true, force: true });
  }
}
for (const name of (await readdir(folder)).sort()) {
  const [graph, contract] = await Promise.all([
    readFile(join(folder, name, 'model.onnx')),
    readFile(join(folder, name, 'contract.jsonl'), 'utf8'),
  ]);
  const { nRows, nBatches, maxAbsDifference } = await proveContract(graph, contract);
  process.stdout.write(
    `${name}: ${nRows} golden rows in ${nBatches} batches, max difference in Node ${maxAbsDifference.toPrecision(3)}\n`,
  );
}
