// Fits beside a process that keeps one core busy, and what they cost that process.
import { interleave, peersOf, ratios } from '../rounds.js';
import { withNeighbour } from '../neighbour.js';
import { median } from '../statistics.js';
import { count, ratioText, table, times, titles } from '../table.js';

const main = ['lightgbm', 'xgboost'];

export const title = 'Boosting: fit beside a busy process';

export async function run(context) {
  const { options } = context;
  const sizes = options.rows ?? (options.quick ? [20_000] : [100_000, 500_000]);
  const threads = options.threads.at(-1);
  const timeout = options.timeout ?? 120;
  const set = await context.set(`higgs:${Math.max(...sizes)}:100000`);
  const rows = [];
  await withNeighbour(async ({ rate, aloneRate }) => {
    let alone;
    const share = async (results) => {
      const rates = [];
      // The rate while the fit ran, not while the process started or judged its model.
      for (const { began, ended } of results) rates.push((await rate(began, ended)) / alone);
      return rates.length === 0 ? '–' : `${(100 * median(rates)).toFixed(0)} %`;
    };
    for (const n of sizes) {
      alone = await aloneRate();
      const job = { ...context.job, set, rows: n, threads, label: count(n) };
      const runs = await interleave(
        { ...context, timeout },
        job,
        peersOf(options, options.quick ? main : options.peers),
      );
      const row = async (engine, results, ratio, beside) => [
        count(n),
        titles[engine],
        timesOf(results),
        beside,
        ratio,
        await share(results.filter(({ failed, late }) => !failed || late)),
      ];
      rows.push(await row('ours', runs.ours, '1', '–'));
      for (const { engine, pairs } of runs.peers)
        rows.push(
          await row(
            engine,
            pairs.map(({ peer }) => peer),
            ratioOf(pairs, timeout),
            timesOf(pairs.map(({ ours }) => ours)),
          ),
        );
    }
  });
  return [
    `The fits of the first table on ${threads} threads while another process keeps one core busy. An engine that is not done after ${timeout} s is stopped and not tried again. The last column is how fast that process ran during the fit, alone on the machine = 100 %; with ${threads} threads and it on two cores, a fair share is 67 %.`,
    table(
      [
        'rows',
        'engine',
        's, median (range)',
        'ours beside it, s',
        'ours ÷ engine (range of rounds)',
        'speed of the busy process',
      ],
      rows,
    ),
  ];
}

function timesOf(results) {
  const done = results.filter(({ failed }) => !failed).map((result) => result.seconds);
  const failed = results.find((result) => result.failed)?.failed;
  return [done.length > 0 ? times(done) : undefined, failed].filter(Boolean).join('; once ');
}

/** With the limit in the place of a time that was cut off, as a bound. */
function ratioOf(pairs, timeout) {
  const late = pairs.some(({ peer }) => peer.late);
  const bounded = pairs.map(({ ours, peer }) => ({ ours, peer: peer.late ? { seconds: timeout } : peer }));
  return `${late ? 'at most ' : ''}${ratioText(ratios(bounded))}`;
}
