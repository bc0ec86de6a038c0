import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { tasks } from '../../dist/champion/tasks.js';
import { inlinePool } from '../../dist/core/inline-pool.js';
import { silent } from '../../dist/core/progress.js';
import { createRng } from '../../dist/core/rng.js';
import { openModelRegistry } from '../../dist/registry/model-registry.js';
import { openRunStore } from '../../dist/registry/run-store.js';
import { localModelStore } from '../../dist/release/model-store.js';
import { duckdbLakehouse } from '../../dist/sources/duckdb.js';
import { embeddedTarget } from '../../dist/sources/embedded-target.js';
import { writeTrustAccounts } from '../../dist/sources/sample/trust-accounts.js';
import { writeSampleLakehouse } from '../../dist/sources/sample/write-sample.js';
import { campaignConfig } from '../../dist/success/campaign/config.js';
import { trainCampaigns } from '../../dist/success/campaign/pipeline.js';
import { forecastConfig } from '../../dist/success/forecast/config.js';
import { trainForecast } from '../../dist/success/forecast/pipeline.js';
import { trustConfig } from '../../dist/trust/config.js';
import { trainTrust } from '../../dist/trust/pipeline.js';

// Champions for the Java suite, made by the real trainings on little data with few trees:
// node infra/flink/sample-champions.js FOLDER writes FOLDER/{trust-1,trust-2,campaign,forecast}/model.onnx and so on.

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: node infra/flink/sample-champions.js FOLDER');
const accountsFile = fileURLToPath(new URL('../../data/trust-accounts.parquet', import.meta.url));

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

/** Every 20th real account as a lakehouse. */
async function accountsLakehouse(target) {
  const some = `${target}-accounts.parquet`;
  await mkdir(dirname(some), { recursive: true });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT * EXCLUDE (r) FROM (SELECT *, row_number() OVER () AS r FROM '${accountsFile}') WHERE r % 20 = 0 ORDER BY r) TO '${some}'`,
  );
  connection.closeSync();
  instance.closeSync();
  await writeTrustAccounts(some, target, undefined);
}

async function withSource(lakehouse, work) {
  const source = await duckdbLakehouse(lakehouse);
  try {
    return await work(source);
  } finally {
    await source.close();
  }
}

/** A store of its own for every training: none has a champion to beat. */
function emptyStore(name) {
  const runs = openRunStore(join(folder, 'stores', name));
  return localModelStore(runs, openModelRegistry(runs));
}

async function keep(name, { files }) {
  await mkdir(join(folder, name), { recursive: true });
  for (const file of ['model.onnx', 'model.json', 'contract.jsonl']) {
    await writeFile(join(folder, name, file), files[file]);
  }
  process.stdout.write(`${name}: champion and contract written\n`);
}

await rm(folder, { recursive: true, force: true });
const accounts = join(folder, 'accounts');
await accountsLakehouse(accounts);
for (const seed of [1, 2]) {
  const name = `trust-${seed}`;
  const training = await withSource(accounts, (source) =>
    trainTrust(trustConfig.parse({ folds: 2, seed }), source, emptyStore(name), context(seed)),
  );
  await keep(name, training.release);
}

const sample = join(folder, 'sample');
await writeSampleLakehouse(sample, { seed: 3, accountsFile, nKols: 150, nTexts: 20 });
const campaigns = await withSource(sample, (source) =>
  trainCampaigns(campaignConfig.parse({ folds: 2 }), source, emptyStore('campaign'), context(7)),
);
await keep('campaign', campaigns.release);

const forecast = await withSource(sample, (source) =>
  trainForecast(
    forecastConfig.parse({ metrics: ['views'], maxRows: 5_000 }),
    source,
    emptyStore('forecast'),
    {
      rng: createRng(7),
      threads: 1,
      progress: silent,
      target: embeddedTarget(sample),
    },
  ),
);
await keep('forecast', forecast.metrics[0].release);
