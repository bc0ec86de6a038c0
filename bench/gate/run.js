// The gate under simulation, and the bootstrap beside NumPy: `make bench-gate` (GATE="--quick": two minutes;
// GATE="--write": into docs/benchmarks.md).
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { bootstrapMeans, createRng, defaultPolicy, toolkitVersion } from '../../dist/index.js';
import { writeSection } from '../gbm/document.js';
import { looks, scenario } from './simulate.js';

const quick = process.argv.includes('--quick');
const part = (n) => (quick ? Math.ceil(n / 20) : n);
const began = performance.now();
const load = loadavg()[0];
const margin = defaultPolicy.margins.roc_auc;
const percent = (share, digits = 1) => `${(100 * share).toFixed(digits)} %`;

const scenarios = [
  { nRows: 4_000, gain: 0, trials: part(2_000) },
  { nRows: 4_000, gain: -margin, trials: part(2_000) },
  ...[0.001, 0.0025, 0.005, 0.01].map((gain) => ({ nRows: 4_000, gain, trials: part(500) })),
  { nRows: 40_000, gain: 0, trials: part(400) },
  { nRows: 40_000, gain: -margin, trials: part(200) },
  ...[0.001, 0.0025, 0.005, 0.01].map((gain) => ({ nRows: 40_000, gain, trials: part(200) })),
];
const claims = [];
const coverage = { roc_auc: [0, 0], brier_score: [0, 0], log_loss: [0, 0], single: [0, 0] };
for (const one of scenarios) {
  const found = scenario({ ...one, seed: 20261126 });
  const { trials } = one;
  for (const [metric, n] of Object.entries({ ...found.covered, single: found.single })) {
    coverage[metric][0] += n;
    coverage[metric][1] += trials;
  }
  const share = (n) => percent(n / trials);
  claims.push(
    `| ${one.nRows.toLocaleString('en')} | ${one.gain.toFixed(4)} | ${trials.toLocaleString('en')} | ${share(found.better)} | ${share(found.aucAccepted)} | ${share(found.promoted)} | ${share(found.held)} | ${share(found.refused)} |`,
  );
  process.stderr.write(`${claims.at(-1)} ${((performance.now() - began) / 1000).toFixed(0)} s\n`);
}

const families = part(1_000);
const spendings = ['inverse-square', 'even', 'none'].map(
  (spending) =>
    `| ${spending} | ${percent(looks({ nRows: 4_000, nLooks: 10, families, spending, seed: 7 }), 2)} |`,
);

/** Ours and NumPy's in turn, medians. */
const size = { rows: 40_000, replicates: 2_000 };
const rounds = quick ? 1 : 5;
const ours = [];
const numpy = { gather: [], counts: [] };
let numpyVersion = '';
const rng = createRng(7);
const values = [0.1, 0.2].map((scale) =>
  Float64Array.from({ length: size.rows }, () => scale * rng.normal()),
);
for (let r = 0; r < rounds; r++) {
  const start = performance.now();
  bootstrapMeans(values, { replicates: size.replicates, rng: rng.split(`${r}`) });
  ours.push((performance.now() - start) / 1000);
  const script = fileURLToPath(new URL('numpy_bootstrap.py', import.meta.url));
  const answer = JSON.parse(
    execFileSync(process.env.PYTHON ?? 'python3', [script], {
      input: JSON.stringify(size),
      encoding: 'utf8',
    }),
  );
  numpyVersion = answer.numpy;
  for (const [name, seconds] of Object.entries(answer.seconds)) numpy[name].push(seconds);
}
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const timing = (name, list) =>
  `| ${name} | ${median(list).toFixed(2)} (${Math.min(...list).toFixed(2)}–${Math.max(...list).toFixed(2)}) | ${(median(list) / median(ours)).toFixed(1)} |`;

const names = {
  single: 'ROC-AUC of one model (DeLong)',
  roc_auc: 'difference of ROC-AUC (DeLong)',
  brier_score: 'difference of Brier score (BCa)',
  log_loss: 'difference of log loss (BCa)',
};
const text = `## Gate: what it claims of models whose truth is known (\`make bench-gate\`)

Normal scores of equal variance, calibrated, 35 % positives; the champion has ROC-AUC 0.85, its scores and those of the challenger are correlated at 0.9. *Better* is a claim in ROC-AUC, allowed to be wrong in ${percent(defaultPolicy.alpha / 2)} of equal models; *not worse in ROC-AUC* may be wrong in ${percent(defaultPolicy.alpha)} at a loss of the whole margin (${margin}); *promoted* asks that for ROC-AUC, Brier score and log loss and for every other check, with the default policy (\`require: non-inferior\`): of equal models it is the rate at which the fresher one replaces the older, of models worse by the margin it is an error. With \`require: better\` the column *better* is the rate of promotion.

| rows | true gain in ROC-AUC | trials | claimed better | not worse in ROC-AUC | promoted | held | refused |
|---|---|---|---|---|---|---|---|
${claims.join('\n')}

Coverage of 95 % intervals, all scenarios where the truth is known together:

| interval | coverage | trials |
|---|---|---|
${Object.entries(names)
  .map(
    ([key, name]) =>
      `| ${name} | ${percent(coverage[key][0] / coverage[key][1], 2)} | ${coverage[key][1].toLocaleString('en')} |`,
  )
  .join('\n')}

Ten challengers equal to the champion, one after another on the same 4,000 rows, ${families.toLocaleString('en')} times: how often any is claimed to be better (at most ${percent(defaultPolicy.alpha / 2)} is allowed).

| spending | any false claim |
|---|---|
${spendings.join('\n')}

Paired bootstrap of two means, ${size.rows.toLocaleString('en')} rows × ${size.replicates.toLocaleString('en')} resamples, one thread, seconds (median and range of ${rounds} rounds in turn):

| | seconds | ÷ ours |
|---|---|---|
${timing('kol-trainer, BCa', ours)}
${timing('NumPy, rows gathered', numpy.gather)}
${timing('NumPy, counts (bincount)', numpy.counts)}

2026-11-26, ${cpus()[0].model.replace(/ \d+-Core.*/, '')}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}, Node ${process.versions.node}; kol-trainer ${toolkitVersion}, numpy ${numpyVersion}. Load average at the start ${load.toFixed(1)}; ${((performance.now() - began) / 60_000).toFixed(1)} minutes. \`node bench/gate/run.js${quick ? ' --quick' : ''}\``;
console.log(text);
if (process.argv.includes('--write')) {
  const file = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));
  writeSection(file, 'simulation', text, 'gate');
}
