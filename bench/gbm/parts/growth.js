// How the time of a fit grows with rows.
import { runCell } from '../cell.js';
import { median } from '../statistics.js';
import { count, foreign, table, times, titles } from '../table.js';

export const title = 'Boosting: growth with rows';

export async function run(context) {
  const { options } = context;
  const sizes = options.rows ?? (options.quick ? [10_000, 20_000] : [1_000_000, 2_000_000, 4_000_000]);
  const set = await context.set(`higgs:${Math.max(...sizes)}:100000`);
  const peers = options.peers.filter((engine) => ['lightgbm', 'xgboost'].includes(engine));
  const engines = ['ours', ...(options.quick ? [] : peers)];
  const rows = [];
  const every = [];
  for (const threads of options.threads) {
    const results = Object.fromEntries(engines.map((engine) => [engine, sizes.map(() => [])]));
    // Sizes within a round, so that a drifting machine moves all sizes; peers as often as the slow engines.
    for (let round = 0; round < options.rounds; round++) {
      for (const [k, n] of sizes.entries()) {
        for (const engine of engines) {
          if (engine !== 'ours' && round >= options.otherRounds) continue;
          const job = { ...context.job, set, rows: n, threads, engine, label: count(n) };
          results[engine][k].push(await runCell(job, context));
        }
      }
    }
    for (const engine of engines) {
      const secondsOf = (k) =>
        results[engine][k].filter(({ failed }) => !failed).map((result) => result.seconds);
      const perRow = (k) => median(secondsOf(k)) / sizes[k];
      for (const [k, n] of sizes.entries()) {
        const failed = results[engine][k].find((result) => result.failed)?.failed;
        const growth = perRow(k) / perRow(0);
        rows.push([
          titles[engine],
          threads,
          count(n),
          secondsOf(k).length === 0 ? `no figure: ${failed}` : times(secondsOf(k)),
          Number.isNaN(growth) ? '–' : growth.toFixed(2),
          memoryOf(results[engine][k]),
          engine !== 'ours' || Number.isNaN(growth)
            ? '–'
            : growth <= 1.15
              ? 'at most 15 % above linear'
              : '**more than 15 % above linear**',
        ]);
        every.push(...results[engine][k]);
      }
    }
  }
  return [
    `The same fits at larger sizes, sizes and engines interleaved. Time a row is given relative to the first size: 1 is linear growth.`,
    table(
      [
        'engine',
        'threads',
        'rows',
        's, median (range)',
        'time a row ÷ that of the first size',
        'peak MiB above data',
        'must',
      ],
      rows,
    ),
    foreign(every),
  ];
}

function memoryOf(results) {
  const values = results.filter(({ failed }) => !failed).map(({ aboveMiB }) => aboveMiB);
  return values.length === 0 ? '–' : median(values).toFixed(0);
}
