// `kol train table` on public sets of success, judged forward in time, against LightGBM (300 trees of 15 leaves, rate
// .05, five seeds) and a linear model on one-hot columns and logarithms:
//   PYTHON=… BENCH_SUCCESS=folder of the three sets node bench/success/run.js [--write] [CASE …]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { binaryMetrics, createRng, regressionMetrics } from 'kol-trainer';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const python = process.env.PYTHON ?? 'python3';
const folder = process.env.BENCH_SUCCESS;
if (folder === undefined) {
  console.error(
    'BENCH_SUCCESS must name the folder that holds online-shoppers, facebook-live-sellers-th and youtube-trending-us-2017',
  );
  process.exit(2);
}
const cases = {
  'shoppers-random': 'online-shoppers, purchase, without PageValues, random 20 %',
  'shoppers-forward': 'the same, February to October → November and December, without the month',
  live: 'facebook-live-sellers-th, ln(1 + reactions) from type and time, newest 20 %',
  'live-past': 'the same with trailing means of earlier posts',
  trending: 'youtube-trending, ln(1 + views) on the first trending day, newest 20 %',
  'trending-past': "the same with the channel's history",
};
const args = process.argv.slice(2);
const wanted = args.filter((arg) => arg in cases);
const replicates = 1000;

/** 95 % paired bootstrap interval of metric(a) - metric(b). */
function interval(metric, y, a, b) {
  const rng = createRng(1);
  const [first, second] = [metric.prepare(y, a), metric.prepare(y, b)];
  const differences = Array.from({ length: replicates }, () => {
    const weight = new Float64Array(y.length);
    for (let i = 0; i < y.length; i++) weight[rng.integer(y.length)]++;
    return first(weight) - second(weight);
  }).sort((x, z) => x - z);
  return [differences[Math.floor(0.025 * replicates)], differences[Math.ceil(0.975 * replicates) - 1]];
}

function verdict([low, high], direction) {
  if (low <= 0 && high >= 0) return 'undecided';
  return low > 0 === (direction === 'higher') ? 'better' : 'worse';
}

const rows = [];
for (const name of wanted.length > 0 ? wanted : Object.keys(cases)) {
  const out = mkdtempSync(join(tmpdir(), 'kol-success-'));
  execFileSync(python, [join(here, 'peer.py'), name, folder, out], { stdio: 'inherit' });
  const peer = JSON.parse(readFileSync(join(out, 'peer.json'), 'utf8'));
  const kol = (...words) =>
    execFileSync(process.execPath, [join(root, 'dist/cli/main.js'), ...words], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  const timed = name === 'shoppers-random' ? [] : ['--time', 'time'];
  const task = peer.binary ? 'binary' : 'regression';
  const release = join(out, 'release');
  const began = performance.now();
  kol(
    'train',
    'table',
    '--input',
    join(out, 'train.csv'),
    '--target',
    'target',
    '--task',
    task,
    ...timed,
    '--out',
    release,
  );
  const seconds = (performance.now() - began) / 1000;
  kol(
    'score',
    '--model',
    join(release, 'model.onnx'),
    '--input',
    join(out, 'test.csv'),
    '--output',
    join(out, 'scores.csv'),
  );
  const [header, ...lines] = readFileSync(join(out, 'scores.csv'), 'utf8').trim().split('\n');
  const column = header.split(',').indexOf(peer.binary ? 'probability' : 'prediction');
  const ours = lines.map((line) => Number(line.split(',')[column]));
  const card = JSON.parse(readFileSync(join(release, 'model.json'), 'utf8'));
  const metrics = peer.binary
    ? [binaryMetrics.roc_auc, binaryMetrics.average_precision, binaryMetrics.brier_score]
    : [regressionMetrics.rmse, regressionMetrics.mae, regressionMetrics.r2];
  for (const metric of metrics) {
    const of = (p) => metric.compute(peer.y, p);
    const trees = peer.lightgbm.map(of);
    const mean = trees.reduce((sum, value) => sum + value, 0) / trees.length;
    const sd = Math.sqrt(trees.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (trees.length - 1));
    const against = (p) => {
      const bounds = interval(metric, peer.y, ours, p);
      return `${verdict(bounds, metric.direction)} [${bounds.map((value) => value.toFixed(3)).join(', ')}]`;
    };
    rows.push(
      `| ${cases[name]} (${peer.nTrain} → ${peer.y.length}, ${seconds.toFixed(0)} s) | ${metric.label} | ${of(ours).toFixed(4)} | ${mean.toFixed(4)} ± ${sd.toFixed(4)} | ${of(peer.linear).toFixed(4)} | ${against(peer.lightgbm[0])} | ${against(peer.linear)} |`,
    );
    console.error(
      rows.at(-1),
      card.stack,
      card.bases.map((base) => `${base.name} ${base.weight.toFixed(2)}`).join(' '),
    );
  }
}
const table = `## Success: public sets, judged forward in time (\`make bench-success\`)
Difference to the first LightGBM seed and to the linear model: 95 % paired bootstrap interval over judged rows.

| set (rows to learn from → judged) | metric | kol train table | LightGBM, 5 seeds | linear | ours against LightGBM | ours against linear |
|---|---|---|---|---|---|---|
${rows.join('\n')}`;
console.log(table);
if (args.includes('--write')) {
  const file = join(root, 'docs/benchmarks.md');
  const [begin, end] = [
    '<!-- bench-success: written by bench/success/run.js --write, not by hand -->',
    '<!-- end of bench-success -->',
  ];
  const document = readFileSync(file, 'utf8');
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  const section = `${begin}\n${table}\n${end}`;
  writeFileSync(
    file,
    from < 0
      ? `${document.trimEnd()}\n\n${section}\n`
      : document.slice(0, from) + section + document.slice(to + end.length),
  );
}
