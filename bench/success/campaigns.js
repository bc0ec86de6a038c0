// Campaign success on the sample lakehouse: ours out of fold, stacked and calibrated, against LightGBM (300 trees of 15
// leaves, rate .05, five seeds; Tweedie 1.5 for amounts), on the same features and rows:
//   PYTHON=… [KOL_LAKEHOUSE=…] node bench/success/campaigns.js
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  amountMetrics,
  binaryMetrics,
  campaignConfig,
  createRng,
  duckdbLakehouse,
  silent,
  trainCampaigns,
  workerPool,
} from 'kol-trainer';

const here = dirname(fileURLToPath(import.meta.url));
const lakehouse = process.env.KOL_LAKEHOUSE ?? join(here, '../../lakehouse');
const nowhere = { champion: async () => undefined, save: async () => ({ version: 0, runId: '' }) };
const source = await duckdbLakehouse(lakehouse);
const pool = workerPool(availableParallelism());
const began = performance.now();
const { targets } = await trainCampaigns(campaignConfig.parse({}), source, nowhere, {
  pool,
  rng: createRng(7),
  progress: silent,
});
const seconds = (performance.now() - began) / 1000;
await pool.close();
await source.close();

const figure = (value) => value.toFixed(4);
console.log(`Whole training: ${seconds.toFixed(1)} s.

| target, judged on | metric | ours | LightGBM, 5 seeds | mean of the training rows |
|---|---|---|---|---|`);
for (const { target, assessments } of targets) {
  const isBinary = target.spec.task === 'binary';
  const { deviance_explained, deviance, level_error } = amountMetrics(target.spec.tweediePower ?? 1);
  const metrics = isBinary
    ? [binaryMetrics.roc_auc, binaryMetrics.average_precision, binaryMetrics.brier_score]
    : [deviance_explained, deviance, level_error];
  for (const { title, rows: test, scores, fitted } of assessments) {
    const train = fitted.oof.rows;
    const { X, y } = target.data(train);
    const out = mkdtempSync(join(tmpdir(), 'kol-campaigns-'));
    const side = (rows) => ({
      X: X.columns.map((column) =>
        Array.from(rows, (row) => (Number.isNaN(column[row]) ? null : column[row])),
      ),
      y: Array.from(rows, (row) => y[row]),
    });
    writeFileSync(join(out, 'rows.json'), JSON.stringify({ isBinary, train: side(train), test: side(test) }));
    execFileSync(process.env.PYTHON ?? 'python3', [join(here, 'campaigns.py'), out], { stdio: 'inherit' });
    const peer = JSON.parse(readFileSync(join(out, 'peer.json'), 'utf8'));
    const truth = Array.from(test, (row) => y[row]);
    const mean = Array.from(train).reduce((sum, row) => sum + y[row], 0) / train.length;
    for (const metric of metrics) {
      const theirs = peer.map((p) => metric.compute(truth, p));
      const average = theirs.reduce((sum, value) => sum + value, 0) / theirs.length;
      const sd = Math.sqrt(
        theirs.reduce((sum, value) => sum + (value - average) ** 2, 0) / (theirs.length - 1),
      );
      const ours = metric.compute(truth, scores.values);
      const plain = metric.compute(
        truth,
        truth.map(() => mean),
      );
      console.log(
        `| ${title} (${train.length} → ${test.length}) | ${metric.label} | ${figure(ours)} | ${figure(average)} ± ${figure(sd)} | ${figure(plain)} |`,
      );
    }
  }
}
