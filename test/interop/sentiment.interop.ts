import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tasks } from '../../src/champion/tasks.js';
import { inlinePool } from '../../src/core/inline-pool.js';
import { silent } from '../../src/core/progress.js';
import { createRng } from '../../src/core/rng.js';
import { Table } from '../../src/core/table.js';
import { feedsOf } from '../../src/onnx/feeds.js';
import { openSession } from '../../src/onnx/session.js';
import { decodeRecord } from '../../src/core/record.js';
import type { ChampionModel } from '../../src/champion/model.js';
import { scoreChampion } from '../../src/champion/predict.js';
import { readCard } from '../../src/release/read-card.js';
import { runBatches } from '../../src/release/run-batches.js';
import { sentimentConfig } from '../../src/sentiment/config.js';
import { trainSentiment } from '../../src/sentiment/pipeline.js';
import { duckdbLakehouse } from '../../src/sources/duckdb.js';
import { writeSampleLakehouse } from '../../src/sources/sample/write-sample.js';
import { readAll } from '../../src/sources/table-source.js';
import { hostileTexts } from '../sentiment/hostile-texts.js';
import { scratchFolder } from '../sources/scratch.js';
import { openLooksLedger } from '../../src/registry/looks-ledger.js';
import { writeGraph } from './write-graph.js';

const lakehouse = join(scratchFolder(), 'lake');
const nowhere = {
  champion: () => Promise.resolve(undefined),
  looks: openLooksLedger(scratchFolder()),
  save: () => Promise.resolve({ version: 1, runId: '' }),
  keep: () => Promise.resolve({ version: 1, runId: '' }),
};

it(
  'writes a sentiment graph, 10,000 comments and hostile texts, and what it must answer',
  { timeout: 600_000 },
  async () => {
    await writeSampleLakehouse(lakehouse, {
      seed: 7,
      accountsFile: 'data/trust-accounts.parquet',
      nKols: 120,
      nTexts: 2000,
    });
    const source = await duckdbLakehouse(lakehouse);
    const { release } = await trainSentiment(sentimentConfig.parse({ folds: 2 }), source, nowhere, {
      pool: inlinePool(tasks),
      rng: createRng(7),
      progress: silent,
    });
    const comments = await readAll(source, {
      sql: () => 'SELECT text FROM kol_silver.kol_comments ORDER BY comment_id, processed_at LIMIT 10000',
    });
    await source.close();
    expect(comments.nRows).toBe(10_000);
    const rows = Table.fromColumns({
      text: { type: 'string', values: [...hostileTexts, ...Table.strings(comments, 'text')] },
    });
    const onnx = release.files['model.onnx'] as Uint8Array;
    const { inputs } = readCard(onnx, 'model.onnx');
    const session = await openSession(onnx);
    const answers = await runBatches(session, inputs, rows);
    await session.close();

    const read = (name: string): ChampionModel =>
      decodeRecord(release.files[name] as Uint8Array) as ChampionModel;
    const { classProbabilities: P } = scoreChampion(read('champion.kolr'), rows);
    const spam = scoreChampion(read('champion-spam.kolr'), rows).values;
    const outputs = {
      probability_negative: P[0],
      probability_neutral: P[1],
      probability_positive: P[2],
      sentiment: P[2].map((p, i) => p - P[0][i]),
      spam_probability: spam,
    };
    for (const [name, values] of Object.entries(outputs))
      values.forEach((value, i) => {
        if (!(Math.abs(value - answers[name][i]) <= 1e-5))
          expect(answers[name][i], `${name} of row ${i}`).toBe(value);
      });
    writeGraph('sentiment', onnx, feedsOf(inputs, rows), outputs);
  },
);
