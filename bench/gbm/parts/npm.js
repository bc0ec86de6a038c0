// The other boosters of the npm registry, on what they can take.
import { interleave } from '../rounds.js';
import { count, engineHead, engineRows, foreign, table } from '../table.js';

export const title = 'Boosters of the npm registry';

export async function run(context) {
  const { options } = context;
  if (process.env.NPM_PEERS === undefined)
    return ['Not run: NPM_PEERS does not name a folder with them (`make bench-gbm` installs it).'];
  const n = options.rows?.[0] ?? (options.quick ? 2_000 : 20_000);
  const set = await context.set(`higgs:${n}:100000`);
  const rows = [];
  const every = [];
  const peers = ['ydf-training', 'ml-xgboost'].map((engine) => ({ engine, rounds: options.otherRounds }));
  const job = { ...context.job, set, rows: n, testRows: 20_000, threads: 1, label: count(n) };
  const runs = await interleave(context, job, peers);
  rows.push(...engineRows([count(n)], runs).map((row) => row.slice(0, 6)));
  every.push(...runs.ours, ...runs.peers.flatMap(({ pairs }) => pairs.map(({ peer }) => peer)));
  const trees = runs.peers.flatMap(({ engine, pairs }) =>
    pairs.slice(0, 1).flatMap(({ peer }) => (peer.nTrees ? [`${engine}: ${peer.nTrees} trees`] : [])),
  );
  return [
    `${count(n)} rows × 28, one thread, judged on 20,000. Not the same work: ours fits ${options.params.nEstimators} trees of 31 leaves; ydf-training takes no parameters (its own defaults, rounds by early stopping, exact splits, CSV text as its input); ml-xgboost (XGBoost 0.7) has exact splits and depth 5, and fails above some 42,000 rows × 30. ${trees.join(', ')}.`,
    table(['rows', ...engineHead.slice(0, 5)], rows),
    foreign(every),
  ];
}
