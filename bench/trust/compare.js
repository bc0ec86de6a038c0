// Metrics of ours and the peers on the same held-out rows: mean and standard deviation over seeds, and paired 95 %
// intervals of the difference, the held-out rows of all seeds together.
//   node bench/trust/compare.js DIR
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { binaryMetrics, compareBinary, createRng } from 'kol-trainer';

const folder = process.argv[2];
const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const y = readFileSync(join(folder, 'y.bin'));
const { splits } = read('ours.json');
const { versions, results } = read('peers.json');
const { roc_auc, average_precision, brier_score, log_loss, calibration_error } = binaryMetrics;
const metrics = [roc_auc, average_precision, brier_score, log_loss, calibration_error];

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values) =>
  Math.sqrt(
    mean(values.map((value) => (value - mean(values)) ** 2)) *
      (values.length / Math.max(values.length - 1, 1)),
  );

for (const kind of ['random', 'forward']) {
  const chosen = splits.filter((split) => split.kind === kind);
  if (chosen.length === 0) continue;
  const labels = chosen.map(({ test }) => Float64Array.from(test, (row) => y[row]));
  const models = { 'kol-trainer': chosen.map(({ p }) => p) };
  for (const { seed, kind: of, peer, p } of results)
    if (of === kind) (models[peer] ??= [])[chosen.findIndex((split) => split.seed === seed)] = p;

  console.log(
    `\n### ${kind === 'random' ? 'Random 20 % hold-out' : 'Newest creation months (20 % of rows)'}, ${chosen.length} seeds, ${labels[0].length} rows each\n`,
  );
  console.log(
    `| model | ${metrics.map(({ label }) => label).join(' | ')} |\n|---|${metrics.map(() => '---').join('|')}|`,
  );
  for (const [name, predictions] of Object.entries(models)) {
    const cells = metrics.map((metric) => {
      const values = predictions.map((p, s) => metric.compute(labels[s], p));
      return `${mean(values).toFixed(4)} ± ${deviation(values).toFixed(4)}`;
    });
    console.log(`| ${name} | ${cells.join(' | ')} |`);
  }

  console.log(
    '\nPaired difference, ours - peer (95 % interval):\n\n| peer | metric | difference | interval | ours is |\n|---|---|---|---|---|',
  );
  // Forward, every seed judges the same rows: their mean probability stands for each model.
  const pooled = (predictions) =>
    kind === 'random' ? predictions.flat() : predictions[0].map((_, i) => mean(predictions.map((p) => p[i])));
  const truth = kind === 'random' ? labels.flatMap((part) => Array.from(part)) : Array.from(labels[0]);
  for (const [name, predictions] of Object.entries(models)) {
    if (name === 'kol-trainer') continue;
    const rows = compareBinary({
      y: truth,
      a: pooled(models['kol-trainer']),
      b: pooled(predictions),
      rng: createRng(1),
    });
    for (const { label, difference, lower, upper, verdict } of rows) {
      console.log(
        `| ${name} | ${label} | ${difference.toFixed(5)} | [${lower.toFixed(5)}, ${upper.toFixed(5)}] | ${verdict} |`,
      );
    }
  }
}
const seconds = splits.map((split) => split.seconds);
console.log(
  `\nOurs: ${mean(seconds).toFixed(1)} s a split (all base models, 5-fold stack, calibration, intervals). Peers: ${Object.entries(
    versions,
  )
    .map((pair) => pair.join(' '))
    .join(', ')}.`,
);
for (const peer of new Set(results.map((result) => result.peer))) {
  console.log(
    `${peer}: ${mean(results.filter((result) => result.peer === peer).map((result) => result.seconds)).toFixed(1)} s a split.`,
  );
}
