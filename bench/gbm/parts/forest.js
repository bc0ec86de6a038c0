// Isolation forests: fit and score.
import { interleave } from '../rounds.js';
import { median } from '../statistics.js';
import { count, foreign, ratioText, seconds, table, times, verdict } from '../table.js';
import { ratios } from '../rounds.js';

export const title = 'Isolation forest: fit and score';

export async function run(context) {
  const { options } = context;
  const n = options.rows?.[0] ?? (options.quick ? 20_000 : 100_000);
  const set = await context.set(`outliers:${n}`);
  const rows = [];
  const every = [];
  for (const trees of options.quick ? [100] : [100, 200]) {
    for (const threads of options.threads) {
      const job = { ...context.job, kind: 'forest', set, trees, threads, label: `${trees} trees` };
      const runs = await interleave(context, job, [{ engine: 'forest', rounds: options.rounds }]);
      const [{ pairs }] = runs.peers;
      const line = (name, results, ratio, reached) => {
        const done = results.filter(({ failed }) => !failed);
        if (done.length === 0)
          return [trees, threads, name, `no figure: ${results[0]?.failed}`, ...Array(6).fill('–')];
        const of = (pick) => median(done.map(pick));
        return [
          trees,
          threads,
          name,
          times(done.map((result) => result.seconds)),
          ratio,
          reached,
          seconds(of((result) => result.fitSeconds)),
          seconds(of((result) => result.scoreSeconds)),
          of((result) => result.quality).toFixed(4),
          of((result) => result.aboveMiB).toFixed(0),
        ];
      };
      const ratio = ratios(pairs);
      rows.push(
        line('kol-trainer', runs.ours, ratioText(ratio), verdict(ratio?.median, 0.3, 0.1)),
        line(
          'scikit-learn',
          pairs.map(({ peer }) => peer),
          '1',
          '–',
        ),
      );
      every.push(...runs.ours, ...pairs.map(({ peer }) => peer));
    }
  }
  return [
    `${count(n)} rows × 20 numeric features, 256 rows a tree, every row scored; 2 % planted outliers, by which ROC-AUC judges.`,
    table(
      [
        'trees',
        'threads',
        'engine',
        'fit + score s, median (range)',
        'ours ÷ scikit-learn (range of rounds)',
        'must .3, aim .1',
        'fit s',
        'score s',
        'ROC-AUC',
        'peak MiB above data',
      ],
      rows,
    ),
    foreign(every),
  ];
}
