import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { FitTask } from '../../src/champion/base-model.js';
import type { FitContext } from '../../src/champion/fit.js';
import { tasks } from '../../src/champion/tasks.js';
import { inlinePool } from '../../src/core/inline-pool.js';
import { silent } from '../../src/core/progress.js';
import { createRng } from '../../src/core/rng.js';
import { Table } from '../../src/core/table.js';
import { openSession } from '../../src/onnx/session.js';
import { openModelRegistry } from '../../src/registry/model-registry.js';
import { openRunStore } from '../../src/registry/run-store.js';
import { verifyContract } from '../../src/release/contract/verify.js';
import { readHeldOut } from '../../src/release/held-out.js';
import { localModelStore } from '../../src/release/model-store.js';
import { readCard } from '../../src/release/read-card.js';
import { runBatches } from '../../src/release/run-batches.js';
import { duckdbLakehouse } from '../../src/sources/duckdb.js';
import { readAll } from '../../src/sources/table-source.js';
import { writeTrustAccounts } from '../../src/sources/sample/trust-accounts.js';
import { trustConfig } from '../../src/trust/config.js';
import { trainTrust } from '../../src/trust/pipeline.js';
import { scratchFolder, sql } from '../sources/scratch.js';

const allAccounts = fileURLToPath(new URL('../../data/trust-accounts.parquet', import.meta.url));
const scratch = scratchFolder();

/** Every 20th real account as a lakehouse. */
async function smallLakehouse(): Promise<string> {
  const some = join(scratch, 'accounts.parquet');
  await sql(
    `COPY (SELECT * EXCLUDE (r) FROM (SELECT *, row_number() OVER () AS r FROM '${allAccounts}') WHERE r % 20 = 0 ORDER BY r) TO '${some}'`,
  );
  const folder = join(scratch, 'lakehouse');
  await writeTrustAccounts(some, folder, undefined);
  return folder;
}

/** The same learners with few trees; `blind` ones are fitted on shuffled labels. */
function context(seed: number, blind = false): FitContext {
  const pool = inlinePool({
    'fit-base': ({ spec, ...task }: FitTask, { signal }) =>
      tasks['fit-base'](
        {
          ...task,
          y: blind ? task.y.map((_, i) => task.y[(i * 7919) % task.y.length]) : task.y,
          spec:
            spec.kind === 'gradient-boosting'
              ? { ...spec, params: { ...spec.params, nEstimators: 25, learningRate: 0.25 } }
              : spec,
        },
        { signal },
      ),
  });
  return { pool, rng: createRng(seed), progress: silent };
}

describe('trainTrust', () => {
  it('trains, releases, registers and promotes; refuses a worse challenger; refuses a tampered champion', async () => {
    const source = await duckdbLakehouse(await smallLakehouse());
    const runs = openRunStore(join(scratch, 'store'));
    const models = openModelRegistry(runs);
    const store = localModelStore(runs, models);
    const config = trustConfig.parse({ folds: 3 });
    try {
      const first = await trainTrust(config, source, store, context(7));
      const figure = (at: 0 | 1, name: string): number =>
        first.assessments[at].evaluation.metrics.find((found) => found.name === name)?.value ?? NaN;
      expect(figure(0, 'roc_auc')).toBeGreaterThan(0.85);
      expect(figure(1, 'roc_auc')).toBeGreaterThan(0.6);
      expect(first.release.parity.maxAbsDifference).toBeLessThan(1e-5);
      expect(first.gate).toMatchObject({ decision: 'promote', claim: 'first' });
      expect(await models.aliases('kol-trust')).toMatchObject({ champion: first.version, previous: null });

      const run = await runs.readRun(first.runId);
      expect(run.status).toBe('finished');
      const { card, files } = first.release;
      expect(card.lineage.sources[0].name).toBe('kol_gold.ml_trust_training');
      expect(card.lineage.sources[0].id).toMatch(/^[0-9a-f]{64}$/);

      // The stored champion answers for accounts as the assessment's twin says it should: probabilities add to 1.
      const resolved = await models.resolve('models:/kol-trust@champion');
      expect(resolved.files.map(({ path }) => path).sort()).toEqual(Object.keys(files).sort());
      const onnx = files['model.onnx'] as Uint8Array;
      const session = await openSession(onnx);
      const table = await readAll(source, {
        sql: () => 'SELECT * FROM kol_gold.ml_trust_training ORDER BY kol_id',
      });
      const scores = await runBatches(session, readCard(onnx, 'model.onnx').inputs, table);
      await session.close();
      const labels = Table.numbers(table, 'label');
      const means = [0, 0].map((_, label) => {
        const own = scores.trust_score.filter((_, i) => labels[i] === label);
        return own.reduce((sum, score) => sum + score, 0) / own.length;
      });
      expect(means[0]).toBeGreaterThan(means[1] + 30);
      scores.trust_probability.forEach((p, i) => {
        expect(p + scores.untrustworthy_probability[i]).toBeCloseTo(1, 5);
        expect(scores.trust_score[i]).toBeCloseTo(100 * p, 3);
      });
      const parity = await verifyContract(onnx, String(files['contract.jsonl']));
      expect(parity.maxAbsDifference).toBeLessThan(1e-5);
      expect(parity.nRows).toBeGreaterThan(140);
      expect(readHeldOut(String(files['held-out.csv'])).size).toBe(first.assessments[0].rows.length);

      const second = await trainTrust(config, source, store, context(7, true));
      expect(second.gate.decision).toBe('refuse');
      expect(second.gate.reason).toMatch(/^worse than the champion in ROC-AUC/);
      expect(second.gate.nRows).toBe(first.assessments[0].rows.length);
      expect(second.gate.look).toBe(1);
      expect(JSON.parse(String(second.release.files['gate.json']))).toEqual(second.gate);
      expect(String(second.release.files['report.html'])).toContain('<h2>Gate: refuse</h2>');
      expect(second.version).toBe(first.version + 1);
      expect(await models.aliases('kol-trust')).toMatchObject({ champion: first.version, previous: null });

      writeFileSync(runs.artifactPath(first.runId, 'held-out.csv'), 'key,y,p\n"acct-000001",1,1\n');
      await expect(store.champion('kol-trust', 'held-out.csv')).rejects.toMatchObject({
        name: 'DataError',
        message: expect.stringContaining('held-out.csv') as string,
      });
    } finally {
      await source.close();
    }
  });
});
