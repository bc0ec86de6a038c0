// One measurement of ours in a process of its own; the same jobs and answers as peers.py, and `identity`.
//   node --expose-gc bench/gbm/ours.js JOB
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  anomalyScores,
  binaryMetrics,
  boostingMargins,
  boostingMarginsInPool,
  createRng,
  encodeRecord,
  gradientBoosting,
  isolationForest,
  toolkitVersion,
  workerPool,
} from 'kol-trainer';
import { pick, readHalves, readMeta, readRows, readSplit } from './sets.js';

const job = JSON.parse(process.argv[2]);
const objectives = { binary: 'binary', multiclass: 'multiclass', regression: 'squared-error' };

function estimator(meta, params) {
  const native = meta.categorical.length > 0 && !job.codes;
  return gradientBoosting({
    objective: objectives[meta.task],
    ...(meta.task === 'multiclass' ? { nClasses: meta.nClasses } : {}),
    ...(native ? { categoricalFeatures: meta.categorical } : {}),
    ...params,
  });
}

const pool = job.threads > 1 && job.predictRepeats > 0 ? workerPool(job.threads) : undefined;

/** Probabilities (binary) as the peers' `predict` gives them. */
async function probabilities(model, X) {
  const [margin] =
    pool === undefined ? boostingMargins(model, X) : await boostingMarginsInPool(model, X, pool);
  for (let i = 0; i < margin.length; i++) margin[i] = 1 / (1 + Math.exp(-margin[i]));
  return margin;
}

async function boosting() {
  const meta = readMeta(job.set);
  const shared = !job.plain;
  const { X, y, XTest, yTest } = readHalves(job.set, meta, { ...job, shared });
  const options = { threads: job.threads };
  if (job.warm) {
    const few = readRows(job.set, meta, '', { rows: 2000, shared });
    await estimator(meta, { ...job.params, nEstimators: 5 }).fit(few.X, few.y, {
      ...options,
      rng: createRng(1),
    });
  }
  const measured = await measure(() =>
    estimator(meta, job.params).fit(X, y, { ...options, rng: createRng(1) }),
  );
  let p = await probabilities(measured.value, XTest);
  const predictSeconds = [];
  for (let r = 0; r < (job.predictRepeats ?? 0); r++) {
    const start = performance.now();
    p = await probabilities(measured.value, XTest);
    predictSeconds.push((performance.now() - start) / 1000);
  }
  return { ...measured, quality: binaryMetrics.roc_auc.compute(yTest, p), predictSeconds };
}

async function forest() {
  const { X, y } = readRows(job.set, readMeta(job.set));
  const make = (nEstimators) => isolationForest({ nEstimators, maxSamples: 256 });
  const few = readRows(job.set, readMeta(job.set), '', { rows: 2000 });
  anomalyScores(await make(5).fit(few.X, [], { rng: createRng(1) }), few.X);
  let fitSeconds;
  const measured = await measure(async () => {
    const start = performance.now();
    const model = await make(job.trees).fit(X, [], { rng: createRng(1) });
    fitSeconds = (performance.now() - start) / 1000;
    return anomalyScores(model, X);
  });
  return {
    ...measured,
    fitSeconds,
    scoreSeconds: measured.seconds - fitSeconds,
    quality: binaryMetrics.roc_auc.compute(y, measured.value),
  };
}

async function accuracy() {
  const meta = readMeta(job.set);
  const all = readRows(job.set, meta);
  for (let seed = 0; seed < job.seeds; seed++) {
    const split = readSplit(job.set, seed);
    const train = pick(all, split.train);
    const model = await estimator(meta, job.params).fit(train.X, train.y, {
      rng: createRng(seed),
      threads: job.threads,
    });
    const margins = boostingMargins(model, pick(all, split.test).X);
    writeFileSync(
      join(job.out, `ours-${seed}.f64`),
      Buffer.concat(chances(meta.task, margins).map((column) => Buffer.from(column.buffer))),
    );
  }
  return {};
}

/** Margins as predictions: probabilities, one array a class where there are more than two; values of a regression. */
function chances(task, margins) {
  if (task === 'regression') return margins;
  if (task === 'binary') return [margins[0].map((z) => 1 / (1 + Math.exp(-z)))];
  const top = margins[0].map((_, i) => Math.max(...margins.map((z) => z[i])));
  const raised = margins.map((z) => z.map((value, i) => Math.exp(value - top[i])));
  const sum = raised[0].map((_, i) => raised.reduce((total, column) => total + column[i], 0));
  return raised.map((column) => column.map((value, i) => value / sum[i]));
}

async function identity() {
  const meta = readMeta(job.set);
  const { X, y } = readRows(job.set, meta, '', { rows: job.rows });
  const hashes = {};
  for (const threads of job.threadCounts) {
    const model = await estimator(meta, job.params).fit(X, y, { rng: createRng(1), threads });
    hashes[threads] = createHash('sha256').update(encodeRecord(model)).digest('hex');
  }
  return { hashes };
}

/** Wall and processor time and peak memory above what was there before. */
async function measure(work) {
  globalThis.gc?.();
  const base = forgetPeak();
  const cpu = process.cpuUsage();
  const began = Date.now() / 1000;
  const start = performance.now();
  const value = await work();
  const seconds = (performance.now() - start) / 1000;
  const used = process.cpuUsage(cpu);
  return {
    value,
    seconds,
    cpuSeconds: (used.user + used.system) / 1e6,
    began,
    ended: began + seconds,
    aboveMiB: memory('VmHWM') - base,
  };
}

function memory(name) {
  const line = readFileSync('/proc/self/status', 'utf8')
    .split('\n')
    .find((text) => text.startsWith(name));
  return Number(line.split(/\s+/)[1]) / 1024;
}

/** Starts the high-water mark anew (Linux); resident MiB now. */
function forgetPeak() {
  writeFileSync('/proc/self/clear_refs', '5');
  return memory('VmRSS');
}

const result = { ...(await { boosting, forest, accuracy, identity }[job.kind]()), value: undefined };
const usage = process.cpuUsage();
const answer = { ...result, version: toolkitVersion, processCpu: (usage.user + usage.system) / 1e6 };
process.stdout.write(`\n${JSON.stringify(answer)}\n`, () => process.exit(0));
