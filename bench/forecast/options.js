// What run.js may be told.
import { parseArgs } from 'node:util';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const partNames = ['m4', 'origins', 'simulated', 'speed', 'growth'];
export const peerNames = [
  'seasonal-naive',
  'auto-ets',
  'auto-theta',
  'mstl',
  'prophet',
  'augurs',
  'lightgbm',
];

export const help = `node bench/forecast/run.js [OPTION …]     (make bench-forecast FORECAST="OPTION …" installs the peers first)
  --only m4,speed,…     parts, of ${partNames.join(', ')}
  --quick               few series, one round: to check that it works
  --engines mstl,…      peers, of ${peerNames.join(', ')}
  --peers-subset N      the slow peers (AutoETS, AutoTheta, Prophet, augurs) forecast N evenly chosen series of M4 only;
                        their rows say so, and stand beside ours on the same series
  --threads 2           of ours (speed: 1,2)
  --rounds 3            of the speed part
  --sizes 1000,3000,…   series of the growth part (1000,3000,10000)
  --timeout 3000        seconds a process may take
  --no-ours             the peers alone: fills their cache
  --shared DIR          folder of the public series (BENCH_SHARED): forecast/m4-hourly, forecast/wikipedia-daily,
                        forecast/prophet-examples; without it these parts are left out
  --dir DIR             where sets, forecasts and raw results are kept (BENCH_FORECAST)
  --write               into the marked sections of docs/benchmarks.md as well
  --help`;

const list = (text) => text.split(',').filter(Boolean);

/** Options with their defaults; throws an Error with a clear word. */
export function readOptions(argv) {
  const { values } = parseArgs({
    args: argv,
    options: Object.fromEntries([
      ...['only', 'engines', 'peers-subset', 'threads', 'rounds', 'sizes', 'timeout', 'shared', 'dir'].map(
        (name) => [name, { type: 'string' }],
      ),
      ...['quick', 'no-ours', 'write', 'help'].map((name) => [name, { type: 'boolean' }]),
    ]),
  });
  const quick = values.quick ?? false;
  const noOurs = values['no-ours'] ?? false;
  if (values.write && (quick || noOurs))
    throw new Error('--write must not be combined with --quick or --no-ours: the tables would be incomplete');
  const numbers = (name, preset) =>
    (values[name] === undefined ? preset : list(values[name]).map(Number)).map((value) => {
      if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be whole numbers from 1`);
      return value;
    });
  const named = (name, allowed) => {
    const chosen = values[name] === undefined ? allowed : list(values[name]);
    const unknown = chosen.find((item) => !allowed.includes(item));
    if (unknown !== undefined) throw new Error(`--${name}: ${unknown} is not one of ${allowed.join(', ')}`);
    return chosen;
  };
  return {
    help: values.help ?? false,
    quick,
    ours: !noOurs,
    parts: named('only', partNames),
    peers: named('engines', peerNames),
    subset: values['peers-subset'] === undefined && !quick ? undefined : numbers('peers-subset', [6])[0],
    threads: numbers('threads', [2])[0],
    rounds: numbers('rounds', [quick ? 1 : 3])[0],
    sizes: numbers('sizes', quick ? [100, 300] : [1000, 3000, 10_000]),
    timeout: numbers('timeout', [3000])[0],
    shared: values.shared ?? process.env.BENCH_SHARED,
    write: values.write ?? false,
    dir: values.dir ?? process.env.BENCH_FORECAST ?? join(homedir(), '.cache/kol-trainer/bench-forecast'),
  };
}
