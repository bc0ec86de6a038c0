import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { FitTask } from '../../src/champion/base-model.js';
import type { ChampionModel } from '../../src/champion/model.js';
import { scoreChampion } from '../../src/champion/predict.js';
import { tasks } from '../../src/champion/tasks.js';
import { inlinePool } from '../../src/core/inline-pool.js';
import { silent } from '../../src/core/progress.js';
import { decodeRecord } from '../../src/core/record.js';
import { createRng } from '../../src/core/rng.js';
import { Table } from '../../src/core/table.js';
import { localModelStore } from '../../src/release/model-store.js';
import { duckdbLakehouse } from '../../src/sources/duckdb.js';
import { writeTrustAccounts } from '../../src/sources/sample/trust-accounts.js';
import { readAll } from '../../src/sources/table-source.js';
import { trustConfig } from '../../src/trust/config.js';
import { trainTrust } from '../../src/trust/pipeline.js';
import { sql } from '../sources/scratch.js';
import { freshName, openLocal, scratchFolder, send } from './mlflow-session.js';

/** A Python with test/services/requirements-mlflow-client.txt: `make test-services` makes one. */
const python = process.env['MLFLOW_PYTHON'] ?? join(homedir(), '.cache/kol-trainer/python-mlflow/bin/python');
const allAccounts = fileURLToPath(new URL('../../data/trust-accounts.parquet', import.meta.url));

interface Seen {
  readonly runs: readonly {
    readonly status: string;
    readonly metrics: Readonly<Record<string, number>>;
    readonly artifacts: Readonly<Record<string, number>>;
    readonly datasets: readonly {
      readonly name: string;
      readonly source: object;
      readonly context: string;
    }[];
    readonly models: number;
    readonly history: number;
  }[];
  readonly version: { readonly status: string; readonly tags: Readonly<Record<string, string>> };
  readonly description: string;
  readonly example: readonly string[];
  readonly signature: readonly string[];
  readonly pyfunc: Readonly<Record<string, readonly number[]>>;
  readonly onnx: Readonly<Record<string, readonly number[]>>;
}

it(
  "is what MLflow's own client sees, and answers in Python as in TypeScript",
  { timeout: 600_000 },
  async () => {
    const scratch = scratchFolder();
    const some = join(scratch, 'accounts.parquet');
    await sql(
      `COPY (SELECT * EXCLUDE (r) FROM (SELECT *, row_number() OVER () AS r FROM '${allAccounts}') WHERE r % 30 = 0 ORDER BY r) TO '${some}'`,
    );
    await writeTrustAccounts(some, join(scratch, 'lake'), undefined);
    const source = await duckdbLakehouse(join(scratch, 'lake'));
    const local = openLocal();
    const name = freshName('trust');
    const pool = inlinePool({
      'fit-base': ({ spec, ...task }: FitTask, { signal }) =>
        tasks['fit-base'](
          {
            ...task,
            spec:
              spec.kind === 'gradient-boosting'
                ? { ...spec, params: { ...spec.params, nEstimators: 20, learningRate: 0.25 } }
                : spec,
          },
          { signal },
        ),
    });
    const training = await trainTrust(
      trustConfig.parse({ folds: 2, model: name }),
      source,
      localModelStore(local.runs, local.models),
      { pool, rng: createRng(7), progress: silent },
    );
    const table = await readAll(source, {
      sql: () => 'SELECT * FROM kol_gold.ml_trust_training ORDER BY kol_id LIMIT 500',
    });
    await source.close();
    await send(local);

    const rows = join(scratch, 'rows.json');
    const columns = training.release.card.inputs.map(({ name: column }) => [
      column,
      // JSON knows no NaN: what is missing is null, and None in Python.
      [...table.columns[column].values].map((value) => (Number.isNaN(value) ? null : Number(value))),
    ]);
    await writeFile(rows, JSON.stringify(Object.fromEntries(columns)));
    const { stdout } = await promisify(execFile)(
      python,
      [fileURLToPath(new URL('mlflow-client.py', import.meta.url)), name, rows],
      { maxBuffer: 2 ** 26 },
    );
    const seen = JSON.parse(stdout) as Seen;

    const record = await local.runs.readRun(training.runId);
    expect(seen.runs).toHaveLength(1);
    const [run] = seen.runs;
    expect(run).toMatchObject({ status: 'FINISHED', models: 1, history: 1 });
    expect(run.metrics).toEqual(
      Object.fromEntries(Object.entries(record.metrics).map(([key, points]) => [key, points.at(-1)?.value])),
    );
    expect(run.artifacts).toEqual(Object.fromEntries(record.artifacts.map(({ path, size }) => [path, size])));
    const [from] = training.release.card.lineage.sources;
    expect(run.datasets).toMatchObject([
      { name: from.name, context: 'training', source: { table: from.name, snapshot: from.id } },
    ]);
    expect(seen.version).toMatchObject({ status: 'READY', tags: { decision: 'promote' } });
    expect(seen.description).toContain('| ROC-AUC |');
    const inputs = training.release.card.inputs.map((input) => input.name);
    expect([seen.signature, seen.example]).toEqual([inputs, inputs]);

    const champion = await readFile(local.runs.artifactPath(training.runId, 'champion.kolr'));
    const ours = scoreChampion(decodeRecord(champion) as unknown as ChampionModel, table);
    const expected = [...ours.values].map((p) => 1 - p);
    const worst = (theirs: readonly number[]): number =>
      Math.max(...theirs.map((value, i) => Math.abs(value - expected[i])));
    expect(seen.pyfunc.trust_probability).toHaveLength(Table.numbers(table, 'label').length);
    const differences = [worst(seen.pyfunc.trust_probability), worst(seen.onnx.trust_probability)];
    process.stdout.write(`pyfunc and onnx differ from TypeScript by at most ${differences.join(' and ')}\n`);
    for (const difference of differences) expect(difference).toBeLessThan(1e-6);
  },
);
