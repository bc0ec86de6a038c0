import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scoreBase } from '../champion/base-model.js';
import type { BoosterEngine, BoosterRequest } from '../champion/booster-engine.js';
import { DataError } from '../core/errors.js';
import type { Progress } from '../core/progress.js';
import { importXgboost } from '../learners/gbm/foreign/import-xgboost.js';
import type { GradientBoostingModel } from '../learners/gbm/model.js';
import { parquetWriter } from '../sources/parquet-writer.js';
import type { WriteColumn } from '../sources/table-writer.js';
import { followApplication } from './application.js';
import { checkMaster } from './master.js';
import { planJob, type PlannedJob } from './plan.js';
import type { SparkSettings } from './settings.js';
import { submit } from './submission.js';

/** Share of judged rows that may have another margin here than on Spark before features are held to differ. */
const mostParted = 0.01;

/**
 * Boosters of XGBoost, fitted on a Spark cluster: plan → spark-submit → import. Each request is one application.
 * Its margins of judged rows are compared with what the imported boosters say of the features computed here.
 */
export function sparkBoosters(settings: SparkSettings, progress: Progress): BoosterEngine {
  return {
    async fit(request, signal) {
      await checkMaster(settings.master);
      const job = planJob(request, settings);
      const folder = await mkdtemp(join(tmpdir(), 'kol-spark-'));
      try {
        await writeJob(folder, job);
        const ended = new AbortController();
        const onRetry = (): void => progress.note('Spark lost its driver: submitting once more');
        const following = followApplication(
          folder,
          { label: request.label, nFits: request.fits.length },
          progress,
          ended.signal,
        );
        try {
          await submit(folder, `kol ${request.label}`, settings, onRetry, signal);
        } finally {
          ended.abort();
          await following;
        }
        return await readBoosters(folder, request, progress);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

async function writeJob(folder: string, { plan, rows }: PlannedJob): Promise<void> {
  await writeFile(join(folder, 'plan.json'), JSON.stringify(plan));
  const schema = Object.entries(rows.columns).map(([name, { type }]): WriteColumn => ({
    name,
    // A timestamp is sent as the milliseconds it is known by here.
    type:
      type === 'string'
        ? 'string'
        : type === 'timestamp' || /^(row|part_\d+)$/.test(name)
          ? 'integer'
          : name === 'label' || name === 'weight'
            ? 'number'
            : 'float32',
  }));
  const writer = await parquetWriter(join(folder, 'rows.parquet'), schema);
  try {
    await writer.write(rows);
    await writer.close();
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

async function readBoosters(
  folder: string,
  { boosters, fits }: BoosterRequest,
  progress: Progress,
): Promise<readonly ReadonlyMap<string, GradientBoostingModel>[]> {
  const all: Map<string, GradientBoostingModel>[] = [];
  let [parted, judged] = [0, 0];
  for (const [k, { design, label }] of fits.entries()) {
    const models = new Map<string, GradientBoostingModel>();
    for (const { name } of boosters) {
      const model = importXgboost(await readFile(join(folder, `${k}.${name}.json`), 'utf8'), {
        iterations: 'all',
      });
      const theirs = await readMargins(join(folder, `${k}.${name}.f32`));
      const ours = scoreBase(model, design.score);
      const nRows = design.score.X.nRows;
      if (theirs.length !== nRows * model.nMargins) {
        throw new DataError(
          `Spark judged ${theirs.length / model.nMargins} rows in ${label} with ${name}, expected ${nRows}`,
        );
      }
      for (let i = 0; i < nRows; i++) {
        if (ours.some((margin, m) => margin[i] !== theirs[i * model.nMargins + m])) parted++;
      }
      judged += nRows;
      models.set(name, model);
    }
    all.push(models);
  }
  if (parted > mostParted * judged) {
    throw new DataError(
      `${parted} of ${judged} margins differ between Spark and here, so features are not the same there: check that its tables are those read here, and its versions (docs/spark.md)`,
    );
  }
  progress.note(
    `Spark: ${boosters.length} boosters in ${fits.length} fits; ${judged - parted} of ${judged} margins equal to the bit here`,
  );
  return all;
}

async function readMargins(path: string): Promise<Float32Array> {
  const bytes = await readFile(path);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
}
