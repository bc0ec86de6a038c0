import { describe, expect, it } from 'vitest';
import type { FitTask } from '../../src/champion/base-model.js';
import type { FitContext } from '../../src/champion/fit.js';
import { tasks } from '../../src/champion/tasks.js';
import { ConfigError, DataError } from '../../src/core/errors.js';
import { inlinePool } from '../../src/core/inline-pool.js';
import { silent } from '../../src/core/progress.js';
import { createRng } from '../../src/core/rng.js';
import { Table, type Column } from '../../src/core/table.js';
import { openSession } from '../../src/onnx/session.js';
import type { ModelCard } from '../../src/release/card.js';
import { readCard } from '../../src/release/read-card.js';
import { scoreTable } from '../../src/release/score-table.js';
import { tableConfig, type TableConfig } from '../../src/tabular/config.js';
import { trainTable, type TableTraining } from '../../src/tabular/pipeline.js';

const hostile = '<script>alert("x")</script>';
const n = 400;
const rng = createRng(11);
const cities = ['Huế', 'Hà Nội', 'Đà Nẵng', 'Cần Thơ'];
const x = Float64Array.from({ length: n }, () => rng.normal());
const z = Float64Array.from({ length: n }, () => rng.normal());
const city = Array.from({ length: n }, () => (rng.uniform() < 0.1 ? null : cities[rng.integer(4)]));
const signal = x.map((value, i) => 2 * value + (city[i] === 'Huế' ? 3 : -0.5) - Math.abs(z[i]));
const day = 86_400_000;

const columns: Record<string, Column> = {
  row_id: { type: 'string', values: Array.from({ length: n }, (_, i) => `r"${i},`) },
  [hostile]: { type: 'number', values: x.map((value) => (rng.uniform() < 0.1 ? NaN : value)) },
  z: { type: 'number', values: z },
  target_city: { type: 'number', values: Float64Array.from({ length: n }, () => rng.uniform()) },
  city: { type: 'string', values: city },
  flag: { type: 'boolean', values: x.map((value) => (value + rng.normal() > 0 ? 1 : 0)) },
  since: { type: 'timestamp', values: Float64Array.from({ length: n }, (_, i) => (19_000 + i / 4) * day) },
  family: { type: 'string', values: Array.from({ length: n }, (_, i) => `f${Math.floor(i / 15)}`) },
};

/** Trees are cut short: these tests are about the way, not the last decimal. */
function context(maxTrees = 40): FitContext & { readonly notes: string[] } {
  const notes: string[] = [];
  const pool = inlinePool({
    'fit-base': (task: FitTask, { signal }) => {
      const { spec } = task;
      const short: FitTask =
        spec.kind === 'gradient-boosting'
          ? {
              ...task,
              spec: {
                ...spec,
                params: { ...spec.params, nEstimators: Math.min(spec.params.nEstimators ?? 100, maxTrees) },
              },
            }
          : task;
      return tasks['fit-base'](short, { signal });
    },
  });
  return { pool, rng: createRng(7), progress: { ...silent, note: (line) => notes.push(line) }, notes };
}

function train(
  target: Column,
  options: Partial<TableConfig> = {},
  extra: Record<string, Column> = columns,
  fit = context(),
): Promise<TableTraining> {
  const table = Table.fromColumns({ ...extra, outcome: target });
  const config = tableConfig.parse({ target: 'outcome', out: 'release', folds: 3, ...options });
  return trainTable(config, table, { path: 'rows.csv', sha256: 'ab'.repeat(32) }, fit);
}

const metric = ({ assessments }: TableTraining, name: string, at = 0): number =>
  assessments[at].evaluation.metrics.find((found) => found.name === name)?.value ?? NaN;

const binaryTarget: Column = {
  type: 'string',
  values: Array.from(signal, (value) => (value + rng.normal() > 0 ? 'yes' : 'no')),
};

describe('trainTable', () => {
  it('learns a binary target from categories, flags, times and missing values; the release holds what it promises', async () => {
    const fit = context();
    const training = await train(binaryTarget, { group: 'family', time: 'since' }, columns, fit);
    const { release, assessments, plan } = training;
    expect(metric(training, 'roc_auc')).toBeGreaterThan(0.85);
    expect(metric(training, 'roc_auc', 1)).toBeGreaterThan(0.8);
    expect(release.parity.maxAbsDifference).toBeLessThan(1e-5);
    expect(fit.notes).toEqual(['column row_id is left out: names the row']);
    expect(plan.categorical).toEqual(['city']);

    // No family on two sides, neither at random nor by time.
    const family = columns.family.values as readonly string[];
    for (const { rows, nTrain } of assessments) {
      const judged = new Set(Array.from(rows, (row) => family[row]));
      expect(nTrain).toBeLessThanOrEqual(family.filter((name) => !judged.has(name)).length);
    }

    const html = String(release.files['report.html']);
    expect(html).not.toContain(hostile);
    expect(html).toContain('&lt;script&gt;alert(');
    expect(Object.keys(release.files).sort()).toEqual([
      'champion.kolr',
      'gate.json',
      'held-out-newest.csv',
      'held-out.csv',
      'model.json',
      'model.onnx',
      'reference.json',
      'report.html',
      'report.json',
    ]);
    const card = JSON.parse(String(release.files['model.json'])) as ModelCard;
    expect(card).toMatchObject({
      format: 1,
      name: 'table',
      task: 'binary',
      classes: ['no', 'yes'],
      idColumns: ['row_id'],
      primaryOutputs: ['probability'],
      outputs: [{ name: 'probability', description: 'probability that the row is yes, 0 to 1' }],
      seed: 7,
      inputs: [
        { name: hostile, type: 'number' },
        { name: 'z', type: 'number' },
        { name: 'target_city', type: 'number' },
        { name: 'city', type: 'string' },
        { name: 'flag', type: 'boolean' },
      ],
      lineage: { rows: n, sources: [{ name: 'rows.csv', id: 'ab'.repeat(32), rows: n }] },
    });
    for (const hash of [card.schemaHash, card.trainingSnapshot, card.sha256['model.onnx']]) {
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
    }
    expect(card.toolkitVersion).toMatch(/^\d+\.\d+\.\d+/);
    expect(card.threshold).toBeGreaterThan(0);
    expect(card.assessments.map(({ title, testRows }) => [title, testRows > 0])).toEqual([
      ['random hold-out', true],
      ['newest rows', true],
    ]);
    for (const { metrics } of card.assessments) {
      for (const { value, lower, upper } of metrics) {
        expect(lower).toBeLessThanOrEqual(value);
        expect(upper).toBeGreaterThanOrEqual(value);
      }
    }

    const onnx = release.files['model.onnx'] as Uint8Array;
    const session = await openSession(onnx);
    try {
      const scored = await scoreTable(
        session,
        readCard(onnx, 'model.onnx'),
        ['row_id'],
        Table.fromColumns(columns),
      );
      expect(Object.keys(scored.columns)).toEqual(['row_id', 'probability', 'prediction']);
      const hits = Table.strings(scored, 'prediction').filter((label, i) => label === binaryTarget.values[i]);
      expect(hits.length / n).toBeGreaterThan(0.8);
      expect(Table.strings(scored, 'row_id')).toEqual(columns.row_id.values);
    } finally {
      await session.close();
    }
  });

  it('learns several classes', async () => {
    const values = Array.from(signal, (value) => (value > 0.5 ? 'high' : value < -1.5 ? 'low' : 'mid'));
    const training = await train({ type: 'string', values }, {}, columns, context(25));
    const share =
      Math.max(...['high', 'mid', 'low'].map((label) => values.filter((v) => v === label).length)) / n;
    expect(metric(training, 'accuracy')).toBeGreaterThan(share + 0.15);
    expect(training.release.card.primaryOutputs).toEqual([
      'probability_high',
      'probability_low',
      'probability_mid',
    ]);
    expect(training.release.parity.maxAbsDifference).toBeLessThan(1e-5);
  });

  it('learns a number, tiny in its unit', async () => {
    const values = signal.map((value) => 1e-5 * (value + 0.3 * rng.normal()));
    const training = await train({ type: 'number', values });
    expect(metric(training, 'r2')).toBeGreaterThan(0.6);
    expect(training.release.card).toMatchObject({
      task: 'regression',
      primaryOutputs: ['prediction'],
      classes: [],
    });
  });

  it('learns from texts alone', async () => {
    const words = ['tốt', 'đẹp', 'nhanh', 'ổn'];
    const bad = ['tệ', 'hỏng', 'chậm', 'ổn'];
    const labels = Array.from({ length: 200 }, (_, i) => (i % 2 ? 'good' : 'bad'));
    const reviews = labels.map((label) =>
      Array.from({ length: 4 }, () => (label === 'good' ? words : bad)[rng.integer(4)]).join(' '),
    );
    const training = await train(
      { type: 'string', values: labels },
      { text: ['review'] },
      {
        review: { type: 'string', values: reviews.map((text, i) => (i % 17 === 0 ? null : text)) },
      },
    );
    expect(metric(training, 'roc_auc')).toBeGreaterThan(0.9);
    expect(training.release.card.bases.map(({ name }) => name)).toEqual(['text_review']);
  });

  const plain: Column = { type: 'number', values: signal };

  it.each<[string, () => Promise<unknown>, typeof DataError | typeof ConfigError, string]>([
    [
      'too few rows',
      () =>
        train(
          { type: 'number', values: signal.slice(0, 9) },
          {},
          { z: { type: 'number', values: z.slice(0, 9) } },
        ),
      DataError,
      'rows.csv has 9 rows; training needs at least 50',
    ],
    [
      'a class too small for the folds, by its name',
      () =>
        train({ type: 'string', values: Array.from(signal, (v, i) => (i < 3 ? 'rare' : v > 0 ? 'a' : 'b')) }),
      DataError,
      'class rare of target outcome has 3 rows, too few for a hold-out and 3 folds',
    ],
    [
      'texts of a regression',
      () => train(plain, { text: ['city'] }),
      ConfigError,
      '--text city is read word by word for classes only',
    ],
    [
      'a negative weight',
      () =>
        train(
          plain,
          { weight: 'w' },
          { ...columns, w: { type: 'number', values: z.map((_, i) => (i === 6 ? -1 : 1)) } },
        ),
      DataError,
      'rows.csv: row 7: weight w holds -1',
    ],
    [
      'one group',
      () => train(plain, { group: 'g' }, { ...columns, g: { type: 'string', values: city.map(() => 'a') } }),
      DataError,
      'at least 2 groups',
    ],
    [
      'one time',
      () => train(plain, { time: 't' }, { ...columns, t: { type: 'number', values: new Float64Array(n) } }),
      DataError,
      'time t is the same in every row',
    ],
    [
      'groups that span all times',
      () =>
        train(
          plain,
          { group: 'g', time: 'since' },
          { ...columns, g: { type: 'string', values: city.map((_, i) => `g${i % 9}`) } },
        ),
      DataError,
      'only 0 rows are older than the newest ones by since and of another g',
    ],
    [
      'a target that is not there',
      () => train(plain, { target: 'other' }),
      DataError,
      'column other is missing',
    ],
  ])('refuses %s', async (_, work, kind, message) => {
    const failure = await work().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(kind);
    expect(String(failure)).toContain(message);
  });
});
