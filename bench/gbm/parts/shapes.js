// Other shapes of data: wide, one-hot, categorical, and the public tables.
import { interleave, peersOf } from '../rounds.js';
import { engineHead, engineRows, foreign, table } from '../table.js';

export const title = 'Boosting: wide, sparse, categorical and real tables';

export async function run(context) {
  const { options } = context;
  const small = options.quick;
  const main = options.peers.filter((engine) => ['lightgbm', 'xgboost'].includes(engine));
  const { sets, missing } = await context.tables([
    'adult',
    'credit-default',
    'online-shoppers',
    'twitter-human-bots',
  ]);
  const shapes = [
    ['wide', await context.set(small ? 'wide:500:200' : 'wide:5000:2000'), small ? main : options.peers],
    [
      'one-hot',
      await context.set(small ? 'onehot:5000' : 'onehot:200000'),
      (small ? main : options.peers).flatMap((engine) =>
        main.includes(engine) ? [engine, `${engine}-csr`] : [engine],
      ),
    ],
    ['categorical', await context.set(small ? 'categorical:5000' : 'categorical:200000'), options.peers],
    ...sets.map(({ name, folder }) => [name, folder, small ? main.slice(0, 1) : options.peers]),
  ];
  const rows = [];
  const every = [];
  for (const [label, set, engines] of shapes) {
    const { meta } = context.describe(set);
    for (const threads of small ? options.threads.slice(-1) : options.threads) {
      const job = { ...context.job, set, threads, label };
      const runs = await interleave(context, job, peersOf(options, engines));
      rows.push(...engineRows([label, `${meta.trainRows} × ${meta.names.length}`, threads], runs));
      every.push(...runs.ours, ...runs.peers.flatMap(({ pairs }) => pairs.map(({ peer }) => peer)));
    }
  }
  return [
    `Parameters as above. Wide: 40 of the columns matter. One-hot: ten categories of 30 levels as columns of 0 and 1, dense for all; LightGBM and XGBoost also as a sparse matrix. Categorical: ten integer-coded columns of 20 to 5,000 levels and 8 numeric ones, ${options.codes ? 'codes taken as numbers by all' : "each engine's own treatment of categories"}. The public tables are judged on a seeded 20 % of their rows: one split, the accuracy part has five.`,
    missing,
    table(['set', 'training rows × features', 'threads', ...engineHead], rows),
    foreign(every),
  ].filter(Boolean);
}
