// What run.js may be told.
import { parseArgs } from 'node:util';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const partNames = [
  'fit',
  'growth',
  'predict',
  'load',
  'shapes',
  'forest',
  'accuracy',
  'identity',
  'npm',
];
export const peerNames = ['lightgbm', 'xgboost', 'hgb', 'catboost', 'ydf'];

export const help = `node bench/gbm/run.js [OPTION …]          (make bench-gbm GBM="OPTION …" installs the peers first)
  --only fit,load,…     parts, of ${partNames.join(', ')}
  --quick               small sizes, one round: everything in some three minutes on a quiet machine, to check that it works
  --rows 100000,…       rows to train (fit: 100000,500000,1000000; growth: 1000000,2000000,4000000; load: 100000,500000;
                        identity: 100000; npm: 20000; forest: 100000) or to score (predict: 1000000)
  --threads 1,2         (load: the last of them)
  --engines lightgbm,…  peers, of ${peerNames.join(', ')}
  --rounds 5            rounds with LightGBM and XGBoost
  --other-rounds 2      rounds with the other, slower engines
  --trees 100           trees of every fit
  --seeds 5             splits of the accuracy part
  --timeout 600         seconds a process may take (load: 120; --quick: 30)
  --shared DIR          folder of the public tables (BENCH_SHARED): tabular/adult/adult.data,
                        tabular/credit-default/UCI_Credit_Card.csv, success/online-shoppers/online_shoppers_intention.csv,
                        trust/twitter-human-bots/accounts_numeric.csv; without it these sets are left out
  --dir DIR             where sets and raw results are kept (BENCH_GBM)
  --codes               category codes as ordinary numbers, for all engines
  --plain               ours on ordinary memory instead of memory that threads share
  --cold                no small fit before the measured one
  --write               into the marked sections of docs/benchmarks.md as well
  --help`;

const list = (text) => text.split(',').filter(Boolean);

/** Options with their defaults; throws an Error with a clear word. */
export function readOptions(argv) {
  const { values } = parseArgs({
    args: argv,
    options: Object.fromEntries([
      ...['only', 'rows', 'threads', 'engines', 'rounds', 'other-rounds', 'trees', 'seeds'].map((name) => [
        name,
        { type: 'string' },
      ]),
      ...['timeout', 'shared', 'dir'].map((name) => [name, { type: 'string' }]),
      ...['quick', 'codes', 'plain', 'cold', 'write', 'help'].map((name) => [name, { type: 'boolean' }]),
    ]),
  });
  const quick = values.quick ?? false;
  if (quick && values.write)
    throw new Error('--write must not be combined with --quick: its figures mean nothing');
  const numbers = (name, preset) =>
    (values[name] === undefined ? preset : list(values[name]).map(Number)).map((value) => {
      if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be whole numbers from 1`);
      return value;
    });
  const number = (name, preset) => numbers(name, [preset])[0];
  const named = (name, allowed, preset = allowed) => {
    const chosen = values[name] === undefined ? preset : list(values[name]);
    const unknown = chosen.find((item) => !allowed.includes(item));
    if (unknown !== undefined) throw new Error(`--${name}: ${unknown} is not one of ${allowed.join(', ')}`);
    return chosen;
  };
  return {
    help: values.help ?? false,
    quick,
    parts: named('only', partNames),
    rows: values.rows === undefined ? undefined : numbers('rows'),
    threads: numbers('threads', [1, 2]),
    peers: named('engines', peerNames),
    rounds: number('rounds', quick ? 1 : 5),
    otherRounds: number('other-rounds', quick ? 1 : 2),
    seeds: number('seeds', 5),
    timeout: values.timeout === undefined ? (quick ? 30 : undefined) : number('timeout'),
    shared: values.shared ?? process.env.BENCH_SHARED,
    dir: values.dir ?? process.env.BENCH_GBM ?? join(homedir(), '.cache/kol-trainer/bench-gbm'),
    codes: values.codes ?? false,
    plain: values.plain ?? false,
    cold: values.cold ?? false,
    write: values.write ?? false,
    params: {
      nEstimators: number('trees', quick ? 30 : 100),
      maxLeafNodes: 31,
      learningRate: 0.1,
      maxBins: 255,
      minSamplesLeaf: 20,
    },
  };
}
