// `kol forecast` beside its peers; see README.md and --help. Every part prints Markdown.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toolkitVersion } from 'kol-trainer';
import { writeSection } from '../gbm/document.js';
import { runOurs, runPeer } from './engines.js';
import { help, readOptions } from './options.js';
import { openSet, readOutcomes } from './outcomes.js';

const here = dirname(fileURLToPath(import.meta.url));
const python = process.env.PYTHON ?? 'python3';
const options = start();
const sets = join(options.dir, 'sets');
mkdirSync(sets, { recursive: true });

const context = {
  options,
  /** The folders that a specification of data.py makes, made if they are not there; null without the public data. */
  sets(spec, pattern) {
    const public_ = !/^(simulated|speed:)/.test(spec);
    if (public_ && options.shared === undefined) return null;
    const shared = public_ ? ['--shared', options.shared] : [];
    execFileSync(python, [join(here, 'data.py'), sets, ...shared, spec], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return readdirSync(sets)
      .filter((name) => pattern.test(name) && !name.endsWith('.made'))
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
      .map((name) => join(sets, name));
  },
  /** The outcomes of ours and of the peers on some sets: `[{ engine, runs, cpuPerSeries, subset, failed }]`. */
  async compare(folders, peers, subsetOf = () => undefined) {
    const opened = folders.map(openSet);
    const engines = [
      ...(options.ours ? ['ours'] : []),
      ...peers.filter((peer) => options.peers.includes(peer)),
    ];
    const rows = [];
    for (const engine of engines) {
      const subset = engine === 'ours' ? undefined : subsetOf(engine);
      const row = { engine, runs: [], subset, seconds: 0, cpuSeconds: 0, series: 0 };
      for (const set of opened) {
        const { timeout, threads } = options;
        const found =
          engine === 'ours'
            ? await runOurs(set.folder, { threads, timeout, out: join(options.dir, 'ours') })
            : await runPeer(engine, set.folder, { subset, timeout, cache: join(options.dir, 'forecasts') });
        row.failed =
          found.failed ?? attempt(() => row.runs.push(readOutcomes(set, found.file, subset !== undefined)));
        if (row.failed) break;
        row.seconds += found.seconds;
        row.cpuSeconds += found.cpuSeconds;
        row.series += row.runs.at(-1).size;
      }
      rows.push(row);
    }
    return { sets: opened, rows };
  },
};

/** What went wrong, in words, or undefined. */
function attempt(work) {
  try {
    work();
    return undefined;
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    return error.message.slice(0, 200);
  }
}

const versions = JSON.parse(
  execFileSync(python, [join(here, 'peers.py'), JSON.stringify({ engine: 'versions' })], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .at(-1),
);

for (const name of options.parts) {
  const load = loadavg()[0];
  const began = performance.now();
  const { run, title } = await import(`./parts/${name}.js`);
  const blocks = await run(context);
  const minutes = (performance.now() - began) / 60_000;
  const text = [`## ${title}`, ...blocks.filter(Boolean), environment(name, load, minutes)].join('\n\n');
  console.log(`${text}\n`);
  if (options.write) writeSection(join(here, '../../docs/benchmarks.md'), name, text, 'forecast');
}

function environment(name, load, minutes) {
  const peers = Object.entries(versions).map(([peer, version]) => `${peer} ${version}`);
  return [
    `${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${platform()} ${arch()}, Node ${process.versions.node}; kol-trainer ${toolkitVersion}, ${peers.join(', ')}.`,
    `Load average at the start ${load.toFixed(1)}; ${minutes.toFixed(1)} minutes (forecasts of the peers are kept and found again).`,
    `\`node bench/forecast/run.js ${['--only', name, ...given()].join(' ')}\``,
  ].join(' ');
}

/** The options that change figures; a folder of this machine is of no use to a reader. */
function given() {
  const [words, kept] = [process.argv.slice(2), []];
  for (let i = 0; i < words.length; i++) {
    const [name] = words[i].split('=');
    if (name === '--write') continue;
    const takes = !words[i].includes('=') && !['--quick', '--no-ours'].includes(name);
    if (!['--only', '--shared', '--dir'].includes(name))
      kept.push(words[i], ...(takes ? [words[i + 1]] : []));
    if (takes) i++;
  }
  return kept;
}

function start() {
  try {
    const read = readOptions(process.argv.slice(2));
    if (!read.help) return read;
    console.log(help);
    process.exit(0);
  } catch (error) {
    console.error(`${error.message}\n\n${help}`);
    process.exit(2);
  }
}
