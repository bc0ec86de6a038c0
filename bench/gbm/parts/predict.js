// Probabilities of many rows from one model.
import { median } from '../statistics.js';
import { interleave, peersOf } from '../rounds.js';
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

export const title = 'Boosting: predict';

const predictTime = (result) => median(result.predictSeconds);

export async function run(context) {
  const { options } = context;
  const trainRows = options.quick ? 10_000 : 100_000;
  const testRows = options.rows?.[0] ?? (options.quick ? 50_000 : 1_000_000);
  const set = await context.set(`higgs:${trainRows}:${testRows}`);
  const rows = [];
  const summary = [];
  const every = [];
  for (const threads of options.quick ? options.threads.slice(-1) : options.threads) {
    const job = {
      ...context.job,
      set,
      rows: trainRows,
      testRows,
      threads,
      predictRepeats: 3,
      label: count(testRows),
    };
    const runs = await interleave(context, job, peersOf(options));
    rows.push(...engineRows([threads], runs, predictTime).map((row) => row.slice(0, 6)));
    const best = fastest(
      { peers: runs.peers.filter(({ engine }) => ['lightgbm', 'xgboost'].includes(engine)) },
      predictTime,
    );
    summary.push(
      best === undefined
        ? [threads, '–', '–', '–']
        : [threads, titles[best.engine], ratioText(best.ratio), verdict(best.ratio.median, 0.35, 0.15)],
    );
    every.push(...runs.ours, ...runs.peers.flatMap(({ pairs }) => pairs.map(({ peer }) => peer)));
  }
  return [
    `Probabilities of ${count(testRows)} float32 rows × 28, ${options.params.nEstimators} trees of 31 leaves (fitted on ${count(trainRows)} rows). Each engine gets the layout that suits it: ours and YDF columns, the others rows. The median of three calls after one unmeasured call.`,
    table(['threads', ...engineHead.slice(0, 5)], rows),
    foreign(every),
    '### Against the faster of LightGBM and XGBoost',
    table(['threads', 'faster peer', 'ours ÷ it', 'must .35, aim .15'], summary),
  ];
}
