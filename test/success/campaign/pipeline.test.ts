import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FitTask } from '../../../src/champion/base-model.js';
import type { FitContext } from '../../../src/champion/fit.js';
import { tasks } from '../../../src/champion/tasks.js';
import { inlinePool } from '../../../src/core/inline-pool.js';
import { silent } from '../../../src/core/progress.js';
import { createRng } from '../../../src/core/rng.js';
import { Table } from '../../../src/core/table.js';
import { readModelInfo } from '../../../src/onnx/proto.js';
import { openSession } from '../../../src/onnx/session.js';
import { openModelRegistry } from '../../../src/registry/model-registry.js';
import { openRunStore } from '../../../src/registry/run-store.js';
import { readCard } from '../../../src/release/read-card.js';
import { runBatches } from '../../../src/release/run-batches.js';
import { localModelStore } from '../../../src/release/model-store.js';
import { embeddedTarget } from '../../../src/sources/embedded-target.js';
import { duckdbLakehouse } from '../../../src/sources/duckdb.js';
import { writeSampleLakehouse } from '../../../src/sources/sample/write-sample.js';
import { readAll } from '../../../src/sources/table-source.js';
import { campaignConfig } from '../../../src/success/campaign/config.js';
import { trainCampaigns, type CampaignTraining } from '../../../src/success/campaign/pipeline.js';
import { scoreColumns, writeKolScores } from '../../../src/success/campaign/write-scores.js';
import { scratchFolder, sql } from '../../sources/scratch.js';
import { trustOnnx } from './trust-graph.js';

const accountsFile = fileURLToPath(new URL('../../../data/trust-accounts.parquet', import.meta.url));
const scratch = scratchFolder();
const lakehouse = join(scratch, 'lake');
const config = campaignConfig.parse({ folds: 2 });

/** The same learners with few trees. */
const context = (seed: number): FitContext => ({
  pool: inlinePool({
    'fit-base': ({ spec, ...task }: FitTask, { signal }) =>
      tasks['fit-base'](
        {
          ...task,
          spec:
            spec.kind === 'gradient-boosting'
              ? { ...spec, params: { ...spec.params, nEstimators: 40, learningRate: 0.15 } }
              : spec,
        },
        { signal },
      ),
  }),
  rng: createRng(seed),
  progress: silent,
});

beforeAll(async () => {
  await writeSampleLakehouse(lakehouse, { seed: 3, accountsFile, nKols: 400, nTexts: 20 });
});

describe('trainCampaigns', () => {
  let training: CampaignTraining;

  it('trains three targets into one registered graph that knows more than the mean', async () => {
    const source = await duckdbLakehouse(lakehouse);
    const models = openModelRegistry(openRunStore(join(scratch, 'store')));
    const store = localModelStore(openRunStore(join(scratch, 'store')), models);
    try {
      training = await trainCampaigns(config, source, store, context(7));
    } finally {
      await source.close();
    }
    const figure = (target: number, side: 0 | 1, name: string): number =>
      training.targets[target].assessments[side].evaluation.metrics.find((found) => found.name === name)!
        .value;
    for (const side of [0, 1] as const) {
      expect(figure(0, side, 'roc_auc')).toBeGreaterThan(0.65);
      expect(figure(1, side, 'deviance_explained')).toBeGreaterThan(0.5);
      expect(figure(2, side, 'deviance_explained')).toBeGreaterThan(0.5);
    }
    expect(training.release.parity.maxAbsDifference).toBeLessThan(1e-5);
    expect(await models.aliases('kol-success')).toMatchObject({ champion: training.version });
    const { files, card } = training.release;
    const outputs = ['success_probability', 'success_score', 'expected_orders', 'expected_revenue'];
    expect(readModelInfo(files['model.onnx'] as Uint8Array).outputs.map(({ name }) => name)).toEqual(outputs);
    expect(card.outputs.map(({ name }) => name)).toEqual(outputs);
    expect(card.further?.map(({ name }) => name)).toEqual(['orders', 'revenue']);
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining(['champion-orders.kolr', 'champion-revenue.kolr']),
    );
  });

  it('judges the newest campaigns by results that were known before them, and nobody twice', () => {
    const [{ target, assessments }] = training.targets;
    const { groups } = target.data(new Uint32Array(assessments[0].rows));
    const judged = new Set(Array.from(assessments[0].rows, (row) => groups![row]));
    const others = groups!.filter((_, row) => !assessments[0].rows.includes(row));
    expect(others.some((group) => judged.has(group))).toBe(false);
    const { nTrain, rows } = assessments[1];
    // Campaigns that were still running when the judged ones began are on neither side.
    expect(nTrain + rows.length).toBeLessThan(groups!.length);
  });

  it('writes one file of scores per moment, the same again', async () => {
    const onnx = training.release.files['model.onnx'] as Uint8Array;
    const write = async (asOf?: string): Promise<string> => {
      const source = await duckdbLakehouse(lakehouse);
      try {
        const written = await writeKolScores({
          config: { ...config, ...(asOf !== undefined && { asOf }) },
          source,
          success: { name: 'kol-success', version: 1, onnx },
          target: embeddedTarget(lakehouse),
        });
        expect(written).toMatchObject({
          nRows: asOf === undefined ? 400 : written.nRows,
          held: 0,
          unknown: [],
        });
        return written.where;
      } finally {
        await source.close();
      }
    };
    const path = await write();
    const content = (): Promise<unknown[][]> => sql(`SELECT * FROM '${path}' ORDER BY kol_id`);
    const first = await content();
    expect(await write()).toBe(path);
    expect(await content()).toEqual(first);
    await write('2026-01-15');
    expect(readdirSync(join(lakehouse, 'kol_gold', 'kol_scores')).sort()).toHaveLength(2);

    // The raw columns beside them are what was scored: the graph says the same of them.
    const raw = await duckdbLakehouse(lakehouse);
    const rows = await readAll(raw, {
      sql: () =>
        'SELECT f.*, s.success_score FROM kol_gold.kol_features f JOIN kol_gold.kol_scores s USING (kol_id, scored_at) ORDER BY kol_id, scored_at',
    });
    await raw.close();
    const session = await openSession(onnx);
    const again = await runBatches(session, readCard(onnx, 'model.onnx').inputs, rows);
    await session.close();
    expect(rows.nRows).toBeGreaterThan(700);
    expect(Array.from(again.success_score)).toEqual(
      Array.from(Table.numbers(rows, 'success_score'), Math.fround),
    );

    const described = await sql(`DESCRIBE SELECT * FROM '${path}'`);
    expect(described.map(([name]) => name)).toEqual(scoreColumns.map(({ name }) => name));
    const [counts] = await sql(
      `SELECT count(*) FILTER (success_score BETWEEN 0 AND 100), count(trust_score), count(expected_value),
        count(*) FILTER (reason_codes LIKE '%FEW_PAST_CAMPAIGNS%'), count(*) FILTER (reason_codes LIKE '%LOW_TRUST%') FROM '${path}'`,
    );
    expect(counts.map(Number)).toEqual([400, 0, 0, expect.any(Number) as number, 0]);
    expect(Number(counts[3])).toBeGreaterThan(5);
  });

  it('gates the value by a trust champion', async () => {
    const source = await duckdbLakehouse(lakehouse);
    try {
      const written = await writeKolScores({
        config,
        source,
        success: {
          name: 'kol-success',
          version: 1,
          onnx: training.release.files['model.onnx'] as Uint8Array,
        },
        trust: { name: 'kol-trust', version: 4, onnx: trustOnnx() },
        target: embeddedTarget(lakehouse),
      });
      expect(written.unknown).toEqual(['location']);
      const [row] = await sql(
        `SELECT count(*) FILTER (trust_probability < 0.5), count(*) FILTER (trust_probability < 0.5 AND expected_value = 0 AND reason_codes LIKE 'LOW_TRUST%'),
          count(*) FILTER (trust_probability >= 0.5 AND expected_value > 0 AND reason_codes NOT LIKE '%LOW_TRUST%'), any_value(model_name), any_value(model_version)
         FROM '${written.where}'`,
      );
      const held = Number(row[0]);
      expect(held).toBe(written.held);
      expect(held).toBeGreaterThan(10);
      expect(held).toBeLessThan(390);
      expect(row.slice(1)).toEqual([String(held), String(400 - held), 'kol-success+kol-trust', '1+4']);
    } finally {
      await source.close();
    }
  });
});
