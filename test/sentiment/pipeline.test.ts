import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FitContext } from '../../src/champion/fit.js';
import { tasks } from '../../src/champion/tasks.js';
import type { FitTask } from '../../src/champion/base-model.js';
import { inlinePool } from '../../src/core/inline-pool.js';
import { silent } from '../../src/core/progress.js';
import { createRng } from '../../src/core/rng.js';
import { Table } from '../../src/core/table.js';
import { openSession } from '../../src/onnx/session.js';
import { openModelRegistry } from '../../src/registry/model-registry.js';
import { openRunStore } from '../../src/registry/run-store.js';
import { readClassHeldOut } from '../../src/release/held-out.js';
import { localModelStore } from '../../src/release/model-store.js';
import { readCard } from '../../src/release/read-card.js';
import { runBatches } from '../../src/release/run-batches.js';
import { sentimentConfig } from '../../src/sentiment/config.js';
import { commentScoresTable, writeCommentScores } from '../../src/sentiment/comments/write-scores.js';
import { normalizedText } from '../../src/sentiment/normalized-text.js';
import { trainSentiment, type SentimentTraining } from '../../src/sentiment/pipeline.js';
import { duckdbLakehouse } from '../../src/sources/duckdb.js';
import { embeddedTarget } from '../../src/sources/embedded-target.js';
import { writeSampleLakehouse } from '../../src/sources/sample/write-sample.js';
import { failure, scratchFolder, sql } from '../sources/scratch.js';
import { hostileTexts } from './hostile-texts.js';

const scratch = scratchFolder();
const lakehouse = join(scratch, 'lake');
const config = sentimentConfig.parse({ folds: 3 });
const runs = openRunStore(join(scratch, 'store'));
const models = openModelRegistry(runs);
const store = localModelStore(runs, models);
let first: SentimentTraining;

/** `blind`: fitted on shuffled labels. */
function context(blind = false): FitContext {
  const pool = inlinePool({
    'fit-base': (task: FitTask, { signal }) =>
      tasks['fit-base'](
        { ...task, y: blind ? task.y.map((_, i) => task.y[(i * 7919) % task.y.length]) : task.y },
        { signal },
      ),
  });
  return { pool, rng: createRng(7), progress: silent };
}

async function train(blind = false): Promise<SentimentTraining> {
  const source = await duckdbLakehouse(lakehouse);
  try {
    return await trainSentiment(config, source, store, context(blind));
  } finally {
    await source.close();
  }
}

const figure = (training: SentimentTraining, name: string): number =>
  training.assessments[0].evaluation.metrics.find((metric) => metric.name === name)?.value ?? NaN;

beforeAll(async () => {
  const some = join(scratch, 'accounts.parquet');
  await sql(`COPY (FROM 'data/trust-accounts.parquet' LIMIT 50) TO '${some}'`);
  await writeSampleLakehouse(lakehouse, { seed: 7, accountsFile: some, nKols: 12, nTexts: 1500 });
  first = await train();
}, 180_000);

describe('trainSentiment', () => {
  it('learns, is calibrated, and beats both baselines', async () => {
    expect(figure(first, 'accuracy')).toBeGreaterThan(0.85);
    expect(figure(first, 'calibration_error')).toBeLessThan(0.1);
    expect(first.baselines.map(({ name }) => name)).toEqual(['lexicon', 'class shares']);
    for (const { name, comparisons } of first.baselines) {
      expect(
        comparisons.map(({ verdict }) => verdict),
        name,
      ).toEqual(['better', 'better', 'better']);
    }
    expect(first.spam?.evaluation.metrics[0].value).toBeGreaterThan(0.8);
    expect(first.release.conclusions.at(-1)).toContain('simulated');
    expect(await models.aliases('kol-sentiment')).toMatchObject({ champion: first.version });
  });

  it('keeps texts that say the same on one side', async () => {
    const source = await duckdbLakehouse(lakehouse);
    const rows = await sql(
      `SELECT text_id, text FROM '${lakehouse}/kol_gold/ml_text_sentiment/*.parquet' ORDER BY text_id`,
    );
    await source.close();
    const judged = new Set(first.assessments[0].rows);
    const sides = new Map<string, Set<boolean>>();
    rows.forEach(([, text], row) => {
      const key = normalizedText(String(text));
      sides.set(key, (sides.get(key) ?? new Set()).add(judged.has(row)));
    });
    expect(sides.size).toBeLessThan(rows.length);
    for (const [text, found] of sides) expect(found.size, text).toBe(1);
    expect(first.assessments[0].nTrain + judged.size).toBe(rows.length);
  });

  it('is one graph from raw texts, which says what it should of any text', async () => {
    const onnx = first.release.files['model.onnx'] as Uint8Array;
    expect(first.release.parity.maxAbsDifference).toBeLessThan(1e-5);
    const card = readCard(onnx, 'model.onnx');
    expect(card.inputs).toEqual([{ name: 'text', type: 'string' }]);
    const outputs = [
      'probability_negative',
      'probability_neutral',
      'probability_positive',
      'sentiment',
      'spam_probability',
    ];
    expect(card.outputs.map(({ name }) => name)).toEqual(outputs);
    const session = await openSession(onnx);
    expect([...session.outputs].sort()).toEqual([...outputs].sort());
    const say = async (texts: readonly (string | null)[]): Promise<Record<string, Float32Array>> =>
      runBatches(session, card.inputs, Table.fromColumns({ text: { type: 'string', values: texts } }));
    const { sentiment } = await say([
      'hàng đẹp lắm',
      'hàng không đẹp như hình',
      'this product is amazing',
      'the shop is a scam',
    ]);
    expect(sentiment[0]).toBeGreaterThan(0.5);
    expect(sentiment[1]).toBeLessThan(-0.5);
    expect(sentiment[2]).toBeGreaterThan(0.5);
    expect(sentiment[3]).toBeLessThan(-0.5);
    const { spam_probability: spam } = await say([
      'Kiếm tiền online 5tr/ngày zalo 0900000000',
      'hàng đẹp lắm',
    ]);
    expect(spam[0]).toBeGreaterThan(spam[1] + 0.5);

    const found = await say(hostileTexts);
    hostileTexts.forEach((text, i) => {
      const shares = outputs.slice(0, 3).map((name) => found[name][i]);
      const where = JSON.stringify(text)?.slice(0, 40);
      for (const share of [...shares, found.spam_probability[i]])
        expect(share >= 0 && share <= 1, where).toBe(true);
      expect(shares[0] + shares[1] + shares[2], where).toBeCloseTo(1, 5);
      expect(found.sentiment[i], where).toBeCloseTo(shares[2] - shares[0], 5);
    });
    // Nothing is said by null, "" and what leaves no word: one answer.
    const silent = hostileTexts
      .map((text, i) => ((text ?? '').replaceAll('\0', '') === '' ? i : -1))
      .filter((i) => i >= 0);
    expect(silent.length).toBeGreaterThan(2);
    for (const i of silent) expect(found.sentiment[i]).toBe(found.sentiment[silent[0]]);
    await session.close();
  });

  it('holds back a challenger that is worse on the same texts', async () => {
    const held = readClassHeldOut(String(first.release.files['held-out.csv']), 3);
    expect(held.size).toBe(first.assessments[0].rows.length);
    const second = await train(true);
    expect(second.gate.decision).toBe('refuse');
    expect(second.gate.nRows).toBe(held.size);
    const failed = second.gate.checks.filter(({ verdict }) => verdict === 'fail').map(({ code }) => code);
    expect(failed).toContain('comparison/random/error_rate');
    expect(await models.aliases('kol-sentiment')).toMatchObject({ champion: first.version });
    const path = runs.artifactPath(first.runId, 'held-out.csv');
    writeFileSync(path, 'key,y,p0,p1,p2\n"a",3,0,0,1\n');
    await expect(train()).rejects.toMatchObject({
      name: 'DataError',
      message: expect.stringContaining('held-out.csv') as string,
    });
  }, 120_000);
});

describe('writeCommentScores', () => {
  const write = async (since?: string, onnx = first.release.files['model.onnx'] as Uint8Array) => {
    const source = await duckdbLakehouse(lakehouse);
    try {
      return await writeCommentScores({
        source,
        target: embeddedTarget(lakehouse),
        model: { name: 'kol-sentiment', version: 3, onnx },
        ...(since !== undefined && { since }),
        progress: silent,
      });
    } finally {
      await source.close();
    }
  };
  const stored = `'${lakehouse}/kol_gold/kol_comment_scores/*.parquet'`;

  it('scores every version once, month by month, and again without doubling', async () => {
    const written = await write();
    const [[comments, months]] = await sql(
      `SELECT count(DISTINCT (comment_id, processed_at)), count(DISTINCT date_trunc('month', posted_at)) FROM '${lakehouse}/kol_silver/kol_comments/*.parquet'`,
    );
    expect(written).toMatchObject({
      table: commentScoresTable,
      nRows: Number(comments),
      months: Number(months),
    });
    const all = await sql(`SELECT * FROM ${stored} ORDER BY comment_id, processed_at`);
    expect(all).toHaveLength(Number(comments));
    const later = await write('2026-09-10');
    expect(later.months).toBeLessThan(4);
    expect(await sql(`SELECT * FROM ${stored} ORDER BY comment_id, processed_at`)).toEqual(all);
    expect(
      await sql(`SELECT count(*) FROM ${stored} WHERE NOT (probability_negative BETWEEN 0 AND 1 AND sentiment BETWEEN -1 AND 1
        AND spam_probability BETWEEN 0 AND 1 AND posted_month = date_trunc('month', posted_at))`),
    ).toEqual([['0']]);
    // Bought praise is the same over and over.
    const [[alike]] = await sql(`SELECT count(*) - count(DISTINCT text_key) FROM ${stored}`);
    expect(Number(alike)).toBeGreaterThan(100);
  }, 120_000);

  it('refuses a graph that says nothing of sentiment', async () => {
    const other = first.release.files['model.onnx'] as Uint8Array;
    expect(await failure(() => write(undefined, other.slice(0, 100)))).toMatch(
      /^DataError: kol-sentiment is not an ONNX file/,
    );
  });
});
