// Ours and LightGBM with the same parameters on the same seeded splits.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { binaryMetrics, multiclassMetrics, regressionMetrics } from 'kol-trainer';
import { runCell } from '../cell.js';
import { readRows, readSplit } from '../sets.js';
import { halfInterval, mean } from '../statistics.js';
import { table } from '../table.js';

export const title = 'Boosting: accuracy beside LightGBM';

const metricsOf = {
  binary: [binaryMetrics.roc_auc, binaryMetrics.log_loss],
  multiclass: [multiclassMetrics.macro_roc_auc, multiclassMetrics.log_loss],
  regression: [regressionMetrics.rmse, regressionMetrics.r2],
};

export async function run(context) {
  const { options } = context;
  const { sets, missing } = await context.tables([
    'adult',
    'credit-default',
    'online-shoppers',
    'twitter-human-bots',
  ]);
  const names = ['hastie', 'friedman1', 'breast-cancer', 'digits', 'diabetes'];
  const synthetic = options.quick ? 'higgs:20000:100000' : 'higgs:100000:100000';
  const chosen = [
    { name: 'synthetic (higgs)', folder: await context.set(synthetic) },
    ...sets,
    ...(await Promise.all(names.map(async (name) => ({ name, folder: await context.set(name) })))),
  ];
  const rows = [];
  const verdicts = { better: 0, 'no difference': 0, worse: 0 };
  const seeds = options.quick ? Math.min(options.seeds, 2) : options.seeds;
  for (const { name, folder } of chosen) {
    const { meta } = context.describe(folder);
    const out = join(options.dir, 'accuracy', name);
    mkdirSync(out, { recursive: true });
    const job = {
      ...context.job,
      kind: 'accuracy',
      set: folder,
      threads: options.threads.at(-1),
      seeds,
      out,
      label: name,
    };
    const ours = await runCell({ ...job, engine: 'ours' }, context);
    const peer = await runCell({ ...job, engine: 'lightgbm' }, context);
    const failed = ours.failed ?? peer.failed;
    if (failed !== undefined) {
      rows.push([
        name,
        `${meta.rows} × ${meta.names.length}`,
        `no figure: ${ours.failed ? 'ours' : 'LightGBM'}: ${failed}`,
        '–',
        '–',
        '–',
        '–',
        '–',
      ]);
      continue;
    }
    const { y } = readRows(folder, meta);
    const pairs = Array.from({ length: seeds }, (_, seed) => judge(folder, meta, y, out, seed));
    for (const [k, metric] of metricsOf[meta.task].entries()) {
      const sign = metric.direction === 'higher' ? 1 : -1;
      const differences = pairs.map((pair) => pair[k].ours - pair[k].peer);
      const half = halfInterval(differences);
      const centre = mean(differences);
      const word = !(Math.abs(centre) > half) ? 'no difference' : centre * sign > 0 ? 'better' : 'worse';
      verdicts[word]++;
      rows.push([
        name,
        `${meta.rows} × ${meta.names.length}`,
        metric.label,
        mean(pairs.map((pair) => pair[k].ours)).toFixed(5),
        mean(pairs.map((pair) => pair[k].peer)).toFixed(5),
        signed(centre),
        `[${signed(centre - half)}, ${signed(centre + half)}]`,
        word === 'worse' ? '**worse**' : word,
      ]);
    }
  }
  return [
    `Same parameters (${options.params.nEstimators} trees of 31 leaves, rate .1, 255 bins, 20 rows a leaf, no penalty, no sampling), same rows: ${seeds} seeded splits of 80 % to train and 20 % to judge. Categories (adult, online-shoppers) ${options.codes ? 'as numbers' : 'natively in both'}. Intervals are 95 % t intervals of the mean difference over the splits, which share rows: read them as somewhat too narrow.`,
    missing,
    table(
      [
        'set',
        'rows × features',
        'metric',
        'kol-trainer',
        'LightGBM',
        'ours − LightGBM',
        '95 % interval',
        'ours is',
      ],
      rows,
    ),
    `Of ${Object.values(verdicts).reduce((a, b) => a + b)} comparisons: ours better in ${verdicts.better}, no difference shown in ${verdicts['no difference']}, worse in ${verdicts.worse}.`,
  ].filter(Boolean);
}

const signed = (value) => `${value > 0 ? '+' : ''}${value.toFixed(5)}`;

/** Both engines' predictions of a split, by the same metrics. */
function judge(folder, meta, y, out, seed) {
  const truth = Float64Array.from(readSplit(folder, seed).test, (row) => y[row]);
  const read = (engine) => {
    const bytes = readFileSync(join(out, `${engine}-${seed}.f64`));
    const all = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    if (meta.task !== 'multiclass') return all;
    return Array.from({ length: meta.nClasses }, (_, k) =>
      all.subarray(k * truth.length, (k + 1) * truth.length),
    );
  };
  const [ours, peer] = [read('ours'), read('lightgbm')];
  return metricsOf[meta.task].map((metric) => ({
    ours: metric.compute(truth, ours),
    peer: metric.compute(truth, peer),
  }));
}
