// Fit, binning included: time, memory and ROC-AUC beside every engine.
import { interleave, peersOf, ratios } from '../rounds.js';
import {
  count,
  engineHead,
  engineRows,
  fastest,
  foreign,
  ratioText,
  table,
  titles,
  verdict,
} from '../table.js';

export const title = 'Boosting: fit';

export async function run(context) {
  const { options } = context;
  const sizes = options.rows ?? (options.quick ? [20_000] : [100_000, 500_000, 1_000_000]);
  const set = await context.set(`higgs:${Math.max(...sizes)}:100000`);
  const rows = [];
  const summary = [];
  const every = [];
  for (const n of sizes) {
    for (const threads of options.threads) {
      const job = { ...context.job, set, rows: n, threads, label: count(n) };
      const runs = await interleave(context, job, peersOf(options));
      rows.push(...engineRows([count(n), threads], runs));
      summary.push(summarise(n, threads, runs));
      every.push(...runs.ours, ...runs.peers.flatMap(({ pairs }) => pairs.map(({ peer }) => peer)));
    }
  }
  return [
    `Rows × 28 features of bench/gbm/data.py \`higgs\`, ${options.params.nEstimators} trees of 31 leaves, rate .1, 255 bins, 20 rows a leaf, no penalty; ROC-AUC on 100,000 further rows. The time is that of the fit alone in a fresh process ${options.cold ? 'without any fit before it' : 'after a small fit (2,000 rows, 5 trees) of the same engine'}: columns in memory → model, binning included, reading the data not.`,
    table(['rows', 'threads', ...engineHead], rows),
    foreign(every),
    '### Against the faster of LightGBM and XGBoost',
    table(
      [
        'rows',
        'threads',
        'faster peer',
        'ours ÷ it',
        'must .6, aim .35',
        'ROC-AUC, ours − its',
        'peak memory, ours ÷ LightGBM',
        'must 1.1, aim .8',
      ],
      summary,
    ),
  ];
}

function summarise(n, threads, runs) {
  const main = { peers: runs.peers.filter(({ engine }) => ['lightgbm', 'xgboost'].includes(engine)) };
  const best = fastest(main);
  if (best === undefined) return [count(n), threads, ...Array(6).fill('–')];
  const beside = main.peers.find(({ engine }) => engine === 'lightgbm');
  const memory = beside && ratios(beside.pairs, (result) => result.aboveMiB);
  const [{ ours, peer }] = best.pairs;
  const difference = ours.quality - peer.quality;
  return [
    count(n),
    threads,
    titles[best.engine],
    ratioText(best.ratio),
    verdict(best.ratio.median, 0.6, 0.35),
    `${difference.toFixed(5)}${difference < -0.0005 ? ' **(more than .0005 lower)**' : ''}`,
    ratioText(memory),
    verdict(memory?.median, 1.1, 0.8),
  ];
}
