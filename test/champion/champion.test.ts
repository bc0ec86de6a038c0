import { describe, expect, it } from 'vitest';
import { assess } from '../../src/champion/assess.js';
import { fitBase, type FitTask } from '../../src/champion/base-model.js';
import { chooseRounds } from '../../src/champion/choose-rounds.js';
import { fitDesign, type TrainingData } from '../../src/champion/design.js';
import { fitChampion, refitChampion, type FitContext } from '../../src/champion/fit.js';
import { scoreChampion } from '../../src/champion/predict.js';
import { tasks } from '../../src/champion/tasks.js';
import { inlinePool } from '../../src/core/inline-pool.js';
import { Matrix } from '../../src/core/matrix.js';
import { createPool, type Pool } from '../../src/core/pool.js';
import { silent } from '../../src/core/progress.js';
import { decodeRecord, encodeRecord, sha256 } from '../../src/core/record.js';
import { createRng } from '../../src/core/rng.js';
import { Table } from '../../src/core/table.js';
import type { ChampionModel } from '../../src/champion/model.js';
import { randomHoldOut } from '../../src/ensemble/folds.js';
import { spec, syntheticRows } from './synthetic.js';

const context = (pool: Pool = inlinePool(tasks), seed = 7): FitContext => ({
  pool,
  rng: createRng(seed),
  progress: silent,
});
const n = 360;
const data = syntheticRows(n, 1);
const split = randomHoldOut(data.keys, data.y, 0.25, 7);
const words = { title: 'held out', note: '' };

/** An inline pool that keeps what every fit was given. */
function watched(): { pool: Pool; seen: FitTask[] } {
  const seen: FitTask[] = [];
  const pool = inlinePool({
    'fit-base': (task: FitTask, { signal }) => {
      seen.push(task);
      return fitBase(task, signal);
    },
  });
  return { pool, seen };
}

describe('fitChampion', () => {
  it('gives the same bytes from the same seed, inline and on one, two or three threads', async () => {
    const fit = async (pool: Pool, seed = 7): Promise<string> => {
      try {
        const { model } = await fitChampion(data, spec, split.train, context(pool, seed), 'fit');
        return sha256(encodeRecord(model));
      } finally {
        await pool.close();
      }
    };
    const expected = await fit(inlinePool(tasks));
    const worker = new URL('../../dist/worker.js', import.meta.url);
    for (const threads of [1, 2, 3]) expect(await fit(createPool({ threads, worker }))).toBe(expected);
    expect(await fit(inlinePool(tasks), 8)).not.toBe(expected);
  });

  it('scores better than chance, and alike after a round trip through its bytes', async () => {
    const { model } = await fitChampion(data, spec, split.train, context(), 'fit');
    const rows = Table.rows(data.table, split.test);
    const { values } = scoreChampion(model, rows);
    const hits = values.filter((p, i) => p >= 0.5 === (data.y[split.test[i]] === 1)).length;
    expect(hits / values.length).toBeGreaterThan(0.75);
    const again = decodeRecord(encodeRecord(model)) as ChampionModel;
    expect(scoreChampion(again, rows)).toEqual(scoreChampion(model, rows));
  });

  it('fits every model on its own side of every split, encoders and texts included', async () => {
    const { pool, seen } = watched();
    await fitChampion(data, spec, split.train, context(pool), 'fit');
    // One fit per fold and base, and one on all rows: what it is scored on is the rest of the training rows.
    expect(seen).toHaveLength((spec.nFolds + 1) * spec.bases.length);
    for (const task of seen) {
      const trained = new Set(task.train.X.columns[0]);
      for (const value of task.score.X.columns[0]) expect(trained.has(value)).toBe(false);
      expect(task.train.X.nRows + task.score.X.nRows).toBe(split.train.length);
      expect(task.train.texts.bio).toHaveLength(task.train.X.nRows);
    }
  });

  it('reads no label and no feature of rows it was not given', async () => {
    // The canary: in held-out rows alone, one feature is the label, and labels of all but training rows are turned.
    const held = new Set(split.test);
    const b = Float64Array.from(data.y, (label, i) =>
      held.has(i) ? label : Table.numbers(data.table, 'b')[i],
    );
    const canary: TrainingData = {
      ...data,
      table: Table.fromColumns({ ...data.table.columns, b: { type: 'number', values: b } }),
      X: Matrix.fromColumns([data.X.columns[0], Float32Array.from(b)], ['a', 'b']),
      y: data.y.map((label, i) => (held.has(i) ? 1 - label : label)),
    };
    const [plain, sung] = await Promise.all(
      [data, canary].map((rows) => fitChampion(rows, spec, split.train, context(), 'fit')),
    );
    expect(sha256(encodeRecord(sung.model))).toBe(sha256(encodeRecord(plain.model)));
    expect(sung.threshold).toBe(plain.threshold);
    const [tuned, tunedSung] = await Promise.all(
      [data, canary].map((rows) => chooseRounds(rows, spec, split.train, context(), 'fit')),
    );
    expect(tunedSung).toEqual(tuned);
  });

  it('keeps a base without weight only where it was asked for', async () => {
    const { model } = await fitChampion(data, spec, split.train, context(), 'fit');
    const names = model.bases.map(({ name }) => name);
    expect(names).toContain('forest');
    expect(model.stack.weights).toHaveLength(names.length);
    for (const [b, name] of names.entries()) {
      if (name !== 'forest') expect(model.stack.weights[b]).not.toBe(0);
    }
  });

  it('never puts rows of one group on two sides', async () => {
    const groups = data.keys.map((_, i) => `g${i % 30}`);
    const { pool, seen } = watched();
    await fitChampion({ ...data, groups }, spec, split.train, context(pool), 'fit');
    const groupOf = new Map(Array.from(data.X.columns[0], (value, i) => [value, groups[i]]));
    for (const task of seen) {
      const trained = new Set(Array.from(task.train.X.columns[0], (value) => groupOf.get(value)));
      for (const value of task.score.X.columns[0]) expect(trained.has(groupOf.get(value))).toBe(false);
    }
    const tuning = watched();
    await chooseRounds({ ...data, groups }, spec, split.train, context(tuning.pool), 'fit');
    for (const { train, validation } of tuning.seen) {
      const trained = new Set(Array.from(train.X.columns[0], (value) => groupOf.get(value)));
      for (const value of validation?.X.columns[0] ?? []) expect(trained.has(groupOf.get(value))).toBe(false);
    }
  });
});

describe('refitChampion', () => {
  it('fits the bases anew and leaves stack and calibrator as they were learned', async () => {
    const { model } = await fitChampion(data, spec, split.train, context(), 'fit');
    const all = Uint32Array.from(data.y.keys());
    const refitted = await refitChampion(data, spec, all, model, context(), 'all');
    expect(refitted.stack).toEqual(model.stack);
    expect(refitted.calibrator).toEqual(model.calibrator);
    expect(refitted.bases.map(({ name }) => name)).toEqual(model.bases.map(({ name }) => name));
    expect(sha256(encodeRecord(refitted))).not.toBe(sha256(encodeRecord(model)));
    // Forest and boosters alike: the model it is on all rows, whatever it was fitted on before.
    const again = await refitChampion(data, spec, all, refitted, context(), 'all');
    expect(sha256(encodeRecord(again))).toBe(sha256(encodeRecord(refitted)));
  });
});

describe('chooseRounds', () => {
  it('finds few rounds for noise and more for a signal, and changes nothing else', async () => {
    const many = {
      ...spec,
      bases: spec.bases.map((base) =>
        base.kind === 'gradient-boosting' ? { ...base, params: { ...base.params, nEstimators: 150 } } : base,
      ),
    };
    const rng = createRng(3);
    const noise = { ...data, y: data.y.map(() => (rng.uniform() < 0.5 ? 1 : 0)) };
    const rounds = async (rows: TrainingData): Promise<number> => {
      const tuned = await chooseRounds(rows, many, split.train, context(), 'tune');
      expect({ ...tuned, bases: [] }).toEqual({ ...many, bases: [] });
      const [first] = tuned.bases;
      return first.kind === 'gradient-boosting' ? (first.params.nEstimators ?? 0) : 0;
    };
    const [forNoise, forSignal] = [await rounds(noise), await rounds(data)];
    expect(forNoise).toBeLessThan(forSignal);
    expect(forSignal).toBeLessThanOrEqual(150);
    expect(forNoise).toBeGreaterThanOrEqual(1);
  });
});

describe('fitBase', () => {
  const design = fitDesign(data, spec, split.train, split.test, 1);
  const y = Float64Array.from(split.train, (row) => data.y[row]);
  const task = (base: (typeof spec.bases)[number]): FitTask => ({
    spec: base,
    train: design.train,
    y,
    weight: new Float64Array(y.length).fill(1),
    seed: 3,
    score: design.score,
  });

  it('fits a text base on the rows that have a text, and scores all', async () => {
    const [, , , , text] = spec.bases;
    const { scores } = await fitBase(task(text));
    expect(scores[0]).toHaveLength(split.test.length);
    expect(scores[0].every(Number.isFinite)).toBe(true);
    const without = split.test.reduce<number[]>(
      (rows, row, i) => ((data.table.columns.bio.values[row] ?? '') === '' ? [...rows, i] : rows),
      [],
    );
    // A missing text says nothing: all of them get one score.
    expect(without.length).toBeGreaterThan(10);
    expect(new Set(without.map((i) => scores[0][i])).size).toBe(1);
    const kept = Array.from(split.train.keys()).filter((i) => (design.train.texts.bio[i] ?? '') !== '');
    const alone = await fitBase({
      ...task(text),
      train: {
        X: Matrix.rows(design.train.X, kept),
        texts: { bio: kept.map((i) => design.train.texts.bio[i]) },
      },
      y: Float64Array.from(kept, (i) => y[i]),
      weight: new Float64Array(kept.length).fill(1),
    });
    expect(alone.scores).toEqual(scores);
  });

  it('fits a forest of negatives on rows of class 0 alone', async () => {
    const [, , forest] = spec.bases;
    const negatives = Array.from(y.keys()).filter((i) => y[i] === 0);
    const { scores } = await fitBase(task(forest));
    const alone = await fitBase({
      ...task({ ...forest, trainOn: 'all' } as typeof forest),
      train: { ...design.train, X: Matrix.rows(design.train.X, negatives), texts: {} },
      y: new Float64Array(negatives.length),
      weight: new Float64Array(negatives.length).fill(1),
    });
    expect(alone.scores).toEqual(scores);
  });
});

describe('fitDesign', () => {
  it('encodes training rows without their own target, other rows by all of them', () => {
    const { encoders, train, score } = fitDesign(data, spec, split.train, split.test, 1);
    const indicators = ['is_city_x', 'is_city_y', 'is_city_z'];
    expect(train.X.names).toEqual(['a', 'b', 'target_city', 'code_city', ...indicators]);
    expect(score.X.names).toEqual(train.X.names);
    expect(encoders.map(({ kind }) => kind)).toEqual(['target-encoder', 'category-codes', 'one-hot']);
    expect(train.readings).toEqual({
      'target-encoder': { columns: ['a', 'b', 'target_city'], codes: [] },
      'category-codes': { columns: ['a', 'b', 'code_city'], codes: ['code_city'] },
      'one-hot': { columns: ['a', 'b', ...indicators], codes: [] },
    });
    const city = Table.strings(data.table, 'city');
    // One value per category for rows to come, several for training rows.
    const values = (rows: Uint32Array, column: Float32Array): number =>
      new Set(Array.from(rows, (row, i) => (city[row] === 'x' ? column[i] : -1))).size - 1;
    expect(values(split.test, score.X.columns[2])).toBe(1);
    expect(values(split.train, train.X.columns[2])).toBeGreaterThan(1);
  });

  it('reads a column of too many categories by targets alone, whoever asks', () => {
    const wide = {
      ...data,
      table: Table.fromColumns({
        ...data.table.columns,
        city: { type: 'string', values: data.keys.map((key) => `city of ${key}`) },
      }),
    };
    const { encoders, train } = fitDesign(wide, spec, split.train, split.test, 1);
    expect(split.train.length).toBeGreaterThan(254);
    expect(encoders.map(({ kind }) => kind)).toEqual(['target-encoder']);
    expect(train.readings?.['category-codes']).toEqual({ columns: ['a', 'b', 'target_city'], codes: [] });
  });

  it('gives encodings a name that no feature has', () => {
    const clash = { ...data, X: Matrix.fromColumns(data.X.columns, ['a', 'target_city']) };
    const { train } = fitDesign(clash, spec, split.train, split.test, 1);
    expect(train.X.names.slice(0, 3)).toEqual(['a', 'target_city', '_target_city']);
    expect(new Set(train.X.names).size).toBe(train.X.names.length);
  });
});

describe('assess', () => {
  it('judges the held-out rows by a champion of the others', async () => {
    const { rows, scores, evaluation, nTrain, fitted } = await assess(data, spec, split, words, context());
    expect(rows).toEqual(split.test);
    expect(nTrain).toBe(split.train.length);
    expect(scores.values).toEqual(scoreChampion(fitted.model, Table.rows(data.table, split.test)).values);
    const auc = evaluation.metrics.find(({ name }) => name === 'roc_auc');
    let pairs = 0;
    let won = 0;
    rows.forEach((i, a) =>
      rows.forEach((j, b) => {
        if (data.y[i] !== 1 || data.y[j] !== 0) return;
        pairs++;
        won += scores.values[a] > scores.values[b] ? 1 : scores.values[a] === scores.values[b] ? 0.5 : 0;
      }),
    );
    expect(auc?.value).toBeCloseTo(won / pairs, 12);
  });
});
