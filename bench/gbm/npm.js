// One measurement of a booster of the npm registry in a process of its own (run.js, part npm).
//   NPM_PEERS=… node --expose-gc bench/gbm/npm.js JOB
// Neither takes our parameters: ydf-training takes none at all (its defaults: up to 300 trees of depth 6, rate .1, a
// tenth of the rows kept back for early stopping), ml-xgboost has no leaf-wise growth (depth 5: up to 32 leaves).
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { binaryMetrics } from 'kol-trainer';
import { readHalves, readMeta } from './sets.js';

const job = JSON.parse(process.argv[2]);
const folder = process.env.NPM_PEERS;
if (folder === undefined) throw new Error('NPM_PEERS must name the folder where the boosters are installed');
const load = createRequire(join(folder, 'package.json'));
const version = JSON.parse(
  readFileSync(join(folder, 'node_modules', job.engine, 'package.json'), 'utf8'),
).version;
const { X, y, XTest, yTest } = readHalves(job.set, readMeta(job.set), job);

const rowsOf = ({ columns, nRows }) =>
  Array.from({ length: nRows }, (_, i) => columns.map((column) => column[i]));

async function ydf() {
  const library = await load('ydf-training')({ print: () => {}, printErr: () => {} });
  const csv = (rows, labels) =>
    [`${X.names.join(',')},label`, ...rows.map((row, i) => `${row.join(',')},c${labels[i]}`)].join('\n') +
    '\n';
  const train = csv(rowsOf(X), y);
  const test = csv(rowsOf(XTest), yTest);
  const fit = () => new library.GradientBoostedTreesLearner('label', 'CLASSIFICATION').train(train);
  const predict = (model) => model.predict(test);
  const trees = (model) => Number(/Number of trees: (\d+)/.exec(model.describe())?.[1]);
  return { fit, predict, trees };
}

async function xgboost() {
  const Booster = await load('ml-xgboost');
  const train = rowsOf(X);
  const test = rowsOf(XTest);
  const fit = () => {
    const model = new Booster({
      booster: 'gbtree',
      objective: 'binary:logistic',
      max_depth: 5,
      eta: job.params.learningRate,
      min_child_weight: 1,
      lambda: 0,
      silent: 1,
      iterations: job.params.nEstimators,
    });
    model.train(train, Array.from(y));
    return model;
  };
  return { fit, predict: (model) => model.predict(test), trees: () => job.params.nEstimators };
}

const { fit, predict, trees } = await { 'ydf-training': ydf, 'ml-xgboost': xgboost }[job.engine]();
const began = Date.now() / 1000;
const start = performance.now();
const model = fit();
const seconds = (performance.now() - start) / 1000;
const started = performance.now();
const predictions = predict(model);
const predictSeconds = [(performance.now() - started) / 1000];
// Classes by name: a column of 0 and 1 is boolean to YDF, and refused. Which class the one column stands for is not documented: judged by the better of both readings.
const p = Float64Array.from(predictions, (value) => (typeof value === 'number' ? value : value[0]));
const auc = binaryMetrics.roc_auc.compute(yTest, p);
const usage = process.cpuUsage();
const answer = {
  seconds,
  began,
  ended: began + seconds,
  predictSeconds,
  quality: Math.max(auc, 1 - auc),
  nTrees: trees(model),
  version,
  processCpu: (usage.user + usage.system) / 1e6,
};
process.stdout.write(`\n${JSON.stringify(answer)}\n`, () => process.exit(0));
