// Runs an engine on a set, one process at a time; peers' forecasts are kept and found again.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const main = join(here, '../../dist/cli/main.js');
const python = process.env.PYTHON ?? 'python3';

export const titles = {
  ours: 'kol forecast',
  'seasonal-naive': 'seasonal naive (statsforecast)',
  'auto-ets': 'AutoETS (statsforecast)',
  'auto-theta': 'AutoTheta (statsforecast)',
  mstl: 'MSTL (statsforecast)',
  prophet: 'Prophet',
  augurs: 'augurs Prophet (wasm)',
  lightgbm: 'LightGBM on lags (mlforecast)',
};

/** Changes whenever the peers' programs do: what they forecast before is then not used any more. */
const programs = createHash('sha256')
  .update(readFileSync(join(here, 'peers.py')))
  .update(readFileSync(join(here, 'augurs.js')))
  .digest('hex')
  .slice(0, 12);

/**
 * `kol forecast` on a set: `{ file, seconds, cpuSeconds, peakMiB }` of the whole process, or `{ failed }`.
 * @param {{ threads: number, timeout: number, out: string }} options
 */
export async function runOurs(folder, { threads, timeout, out }) {
  mkdirSync(out, { recursive: true });
  const file = join(out, `${basename(folder)}-ours.csv`);
  const usage = join(out, `${basename(folder)}-usage.json`);
  const columns = ['--id', 'id', '--time', 'time', '--target', 'y', '--level', '80,95'];
  const { horizon } = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8'));
  const began = performance.now();
  const { failed } = await run(
    process.execPath,
    [
      ...['--import', pathToFileURL(join(here, 'usage.js')).href, main, 'forecast'],
      ...['--input', join(folder, 'train.csv'), ...columns, '--horizon', String(horizon)],
      ...['--threads', String(threads), '--out', file],
    ],
    { timeout, env: { BENCH_USAGE: usage } },
  );
  const seconds = (performance.now() - began) / 1000;
  say('ours', folder, failed ?? `${seconds.toFixed(1)} s`);
  return failed ? { failed } : { file, seconds, ...JSON.parse(readFileSync(usage, 'utf8')) };
}

/**
 * A peer on a set: `{ file, series, seconds, cpuSeconds, peakMiB, kept }`, or `{ failed }`.
 * @param {{ subset?: number, timeout: number, cache?: string }} options without a cache nothing is written and kept
 */
export async function runPeer(engine, folder, { subset, timeout, cache }) {
  const job = { engine, set: folder, subset };
  let file;
  let answer;
  if (cache !== undefined) {
    const { maker } = JSON.parse(readFileSync(join(folder, 'meta.json'), 'utf8'));
    const name = join(cache, basename(folder), engine + (subset ? `-${subset}` : ''));
    mkdirSync(dirname(name), { recursive: true });
    file = `${name}.csv`;
    answer = `${name}.json`;
    job.out = `${name}.part`;
    const key = `${maker} ${programs}`;
    if (existsSync(answer)) {
      const known = JSON.parse(readFileSync(answer, 'utf8'));
      if (known.key === key) return { ...known, file, kept: true };
    }
    job.key = key;
  }
  const program = ['augurs', 'seasonal'].includes(engine)
    ? [process.execPath, join(here, `${engine}.js`)]
    : [python, join(here, 'peers.py')];
  const { failed, out } = await run(program[0], [program[1], JSON.stringify(job)], { timeout });
  if (failed) {
    say(engine, folder, failed);
    return { failed };
  }
  const found = JSON.parse(out.trim().split('\n').at(-1));
  say(engine, folder, `${found.seconds.toFixed(1)} s`);
  if (cache !== undefined) {
    renameSync(job.out, file);
    writeFileSync(answer, JSON.stringify({ key: job.key, ...found }));
  }
  return { ...found, file };
}

function say(engine, folder, what) {
  process.stderr.write(`${basename(folder)} ${engine}: ${what}\n`);
}

const running = new Set();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

/** Runs a program to its end: `{ out }`, or `{ failed: reason }`. */
export async function run(program, args, { timeout, env = {} }) {
  const single = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  const child = spawn(program, args, {
    env: { ...process.env, ...single, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let [out, errors, late] = ['', '', false];
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (errors += chunk));
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, timeout * 1000);
  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      errors += error.message;
      resolve(-1);
    });
    child.on('close', resolve);
  });
  clearTimeout(timer);
  running.delete(child);
  if (code === 0) return { out };
  // The line of an exception rather than the stack under it.
  const lines = errors.trim().split('\n');
  const reason = (
    lines.findLast((line) => /^(kol:|[\w.]*(Error|Exception)\b)/.test(line)) ?? lines.at(-1)
  ).slice(0, 200);
  return { failed: late ? `not done after ${timeout} s` : reason || `exit code ${code}` };
}
