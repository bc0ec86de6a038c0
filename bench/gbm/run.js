// Boosting and isolation forests beside the peers; see README.md and --help. Every part prints Markdown.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toolkitVersion } from 'kol-trainer';
import { writeSection } from './document.js';
import { help, readOptions } from './options.js';
import { readMeta } from './sets.js';

const here = dirname(fileURLToPath(import.meta.url));
const python = process.env.PYTHON ?? 'python3';
const options = start();
mkdirSync(options.dir, { recursive: true });

const sets = join(options.dir, 'data');
const make = (...specs) => {
  const shared = options.shared === undefined ? [] : ['--shared', options.shared];
  execFileSync(python, [join(here, 'data.py'), sets, ...shared, '--seeds', String(options.seeds), ...specs], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
};

const tableFiles = {
  adult: 'tabular/adult/adult.data',
  'credit-default': 'tabular/credit-default/UCI_Credit_Card.csv',
  'online-shoppers': 'success/online-shoppers/online_shoppers_intention.csv',
  'twitter-human-bots': 'trust/twitter-human-bots/accounts_numeric.csv',
};

const context = {
  options,
  timeout: options.timeout ?? 600,
  log: join(options.dir, 'results.jsonl'),
  job: {
    kind: 'boosting',
    params: options.params,
    warm: !options.cold,
    codes: options.codes,
    plain: options.plain,
  },
  /** The folder of a set, made if it is not there. */
  set(spec) {
    make(spec);
    return join(sets, spec.replaceAll(':', '-'));
  },
  /** The public tables that are there, and a sentence on those that are not. */
  tables(names) {
    const found = names.filter(
      (name) => options.shared !== undefined && existsSync(join(options.shared, tableFiles[name])),
    );
    if (found.length > 0) make(...found);
    const absent = names.filter((name) => !found.includes(name));
    return {
      sets: found.map((name) => ({ name, folder: join(sets, name) })),
      missing:
        absent.length === 0
          ? ''
          : `**Left out: ${absent.join(', ')}**, since ${options.shared === undefined ? 'no folder of public tables was named (--shared DIR or BENCH_SHARED)' : '--shared does not hold ' + absent.map((name) => tableFiles[name]).join(', ')}.`,
    };
  },
  describe(folder) {
    const meta = readMeta(folder);
    const trainRows = meta.testRows > 0 ? meta.rows : Math.floor((meta.rows * 4) / 5);
    return { meta: { ...meta, trainRows } };
  },
};

const versions = JSON.parse(
  execFileSync(python, [join(here, 'peers.py'), JSON.stringify({ kind: 'versions' })], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .at(-1),
);
delete versions.processCpu;

for (const name of options.parts) {
  const load = loadavg()[0];
  const began = performance.now();
  const { run, title } = await import(`./parts/${name}.js`);
  const blocks = await run({ ...context, job: { ...context.job, part: name } });
  const minutes = (performance.now() - began) / 60_000;
  const text = [`## ${title}`, ...blocks.filter(Boolean), environment(name, load, minutes)].join('\n\n');
  console.log(`${text}\n`);
  if (options.write) writeSection(join(here, '../../docs/benchmarks.md'), name, text);
}

function environment(name, load, minutes) {
  const day = new Date().toISOString().slice(0, 10);
  const peers = Object.entries(versions)
    .map(([peer, version]) => `${peer} ${version}`)
    .join(', ');
  const given = process.argv
    .slice(2)
    .filter((text, i, all) => text !== '--write' && !isShared(text, all[i - 1]));
  return [
    `${day}, ${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ${platform()} ${arch()}, Node ${process.versions.node}; kol-trainer ${toolkitVersion}, ${peers}.`,
    `${options.rounds} rounds with LightGBM, XGBoost and the isolation forest, ${options.otherRounds} with the others; load average at the start ${load.toFixed(1)}; ${minutes.toFixed(1)} minutes.`,
    `\`node bench/gbm/run.js ${['--only', name, ...withoutOnly(given)].join(' ')}\``,
  ].join(' ');
}

/** A folder of this machine is of no use to a reader. */
function isShared(text, before) {
  return ['--shared', '--dir'].includes(before) || /^--(shared|dir)\b/.test(text);
}

function withoutOnly(words) {
  return words.filter((word, i) => !/^--only\b/.test(word) && words[i - 1] !== '--only');
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
