// A million rows out of Trino: ours beside trino-client and the Python client; see README.md. Prints Markdown.
//   node bench/trino/run.js [--rounds 3] [--write]
import { execFile, execFileSync } from 'node:child_process';
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { toolkitVersion } from 'kol-trainer';
import { writeSection } from '../gbm/document.js';
import { makeTable, serverVersion } from './table.js';

const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, write: { type: 'boolean', default: false } },
});
const python = process.env.PYTHON ?? 'python3';
const url = process.env.TRINO_URL ?? 'http://127.0.0.1:8080';
const user = process.env.TRINO_USER ?? 'kol';
const { hostname: host, port } = new URL(url);
const plain = { 'Accept-Encoding': 'identity' };
const node = (script, more) => [process.execPath, join(here, script), { url, user, ...more }];
const peer = (headers) => [python, join(here, 'peer.py'), { host, port, user, headers }];

const engines = [
  ['kol-trainer, batches of typed columns', node('ours.js', {})],
  ['kol-trainer, one table in memory', node('ours.js', { whole: true })],
  ['trino-client, bare loop', node('bare.js', {})],
  ['trino-client, bare loop, without gzip', node('bare.js', { headers: plain })],
  ['trino (Python)', peer({})],
  ['trino (Python), without gzip', peer(plain)],
];

const rounds = Number(options.rounds);
const load = loadavg()[0];
const { sql, rows } = await makeTable(url, user);
const found = engines.map(() => []);
for (let round = 0; round < rounds; round++) {
  for (let k = 0; k < engines.length; k++) {
    const e = (k + round) % engines.length;
    const [title, [program, script, job]] = engines[e];
    const { stdout } = await promisify(execFile)(program, [script, JSON.stringify({ ...job, sql })]);
    const run = JSON.parse(stdout.trim().split('\n').at(-1));
    if (run.rows !== rows) throw new Error(`${title} read ${run.rows} of ${rows} rows`);
    process.stderr.write(`${title}: ${run.seconds.toFixed(1)} s\n`);
    found[e].push(run);
  }
}
const [reference] = found[0];
for (const run of found.flat()) {
  if (!(Math.abs(run.sum - reference.sum) <= 1e-6 * Math.max(1, Math.abs(reference.sum))))
    throw new Error(`the sums differ: ${run.sum} and ${reference.sum}`);
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const of = (runs, name) => median(runs.map((run) => run[name]));
const bare = of(found[2], 'seconds');
const lines = engines.map(([title], e) => {
  const [seconds, cpu, peak] = ['seconds', 'cpuSeconds', 'peakMiB'].map((name) => of(found[e], name));
  const spread = found[e].map((run) => run.seconds);
  const cells = [
    title,
    Math.round(rows / seconds).toLocaleString('en'),
    `${seconds.toFixed(1)} (${Math.min(...spread).toFixed(1)}–${Math.max(...spread).toFixed(1)})`,
    cpu.toFixed(1),
    Math.round(peak),
    (bare / seconds).toFixed(2),
  ];
  return `| ${cells.join(' | ')} |`;
});
const versions = JSON.parse(
  execFileSync(python, [join(here, 'peer.py'), JSON.stringify({ versions: true })], { encoding: 'utf8' }),
);
const text = [
  `## Trino: ${rows.toLocaleString('en')} rows of 30 columns (\`make bench-trino\`)`,
  `20 double, 5 bigint, 2 varchar, timestamp(6), boolean and date of an Iceberg table, from a Trino ${await serverVersion(url)} on the same machine and cores. Medians of ${rounds} interleaved rounds, one process each; every value is turned into one of the language and the doubles are summed. The numbers of the table alone take ${Math.round(found[1][0].bytes / 2 ** 20)} MiB.`,
  [
    '| client | rows/s | wall s (range) | client cpu s | peak MiB | speed ÷ bare loop |',
    '|---|---|---|---|---|---|',
    ...lines,
  ].join('\n'),
  `${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${platform()} ${arch()}, Node ${process.versions.node}; kol-trainer ${toolkitVersion}, trino-client 0.2.9, ${Object.entries(
    versions,
  )
    .map(([name, version]) => `${name} ${version}`)
    .join(
      ', ',
    )}. Load average at the start ${load.toFixed(1)}. \`node bench/trino/run.js --rounds ${rounds}\``,
].join('\n\n');
console.log(text);
if (options.write) writeSection(join(here, '../../docs/benchmarks.md'), 'pull', text, 'trino');
