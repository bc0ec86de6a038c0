// Runs one measurement in a fresh process.
import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const npmEngines = ['ydf-training', 'ml-xgboost'];

function command(engine) {
  if (engine === 'ours') return [process.execPath, '--expose-gc', join(here, 'ours.js')];
  if (npmEngines.includes(engine)) return [process.execPath, '--expose-gc', join(here, 'npm.js')];
  return [process.env.PYTHON ?? 'python3', join(here, 'peers.py')];
}

const running = new Set();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

/**
 * The answer of one process, with `foreignCpu`: seconds that other processes kept the machine's cores busy meanwhile.
 * A process that fails or takes too long gives `{ failed: reason }`; a measurement is never silently left out.
 *
 * @param {object} job see ours.js and peers.py
 * @param {{ timeout: number, log: string }} options seconds; file that every answer is added to
 */
export async function runCell(job, { timeout, log }) {
  const [program, ...args] = command(job.engine);
  const env = { ...process.env };
  // scikit-learn has no other way to be told; the others get their number as a parameter as well.
  if (program !== process.execPath) env.OMP_NUM_THREADS = String(job.threads ?? 1);
  const busy = busySeconds();
  const started = Date.now() / 1000;
  const child = spawn(program, [...args, JSON.stringify(job)], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let out = '';
  let errors = '';
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (errors += chunk));
  let late = false;
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
  const ended = Date.now() / 1000;
  const answer = parse(out);
  const result =
    code === 0 && answer !== undefined
      ? { ...answer, foreignCpu: Math.max(0, busySeconds() - busy - answer.processCpu) }
      : {
          failed: late ? `not done after ${timeout} s` : reason(errors, code),
          late,
          began: started,
          ended,
        };
  appendFileSync(log, `${JSON.stringify({ ...job, ...result })}\n`);
  const said = result.failed ?? (result.seconds === undefined ? 'done' : `${result.seconds.toFixed(2)} s`);
  process.stderr.write(
    `${job.part} ${job.engine} ${job.label ?? ''} ${job.threads ?? ''}${job.threads ? ' thr' : ''}: ${said}\n`,
  );
  return result;
}

function parse(out) {
  const line = out.trimEnd().split('\n').at(-1);
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The line of an exception, not the stack around it. */
function reason(errors, code) {
  const lines = errors.split('\n').filter((line) => /^[\w.]*(Error|Exception|exception)\b/.test(line.trim()));
  return (lines.at(-1) ?? `exit code ${code}`).trim().slice(0, 200);
}

/** Seconds that all cores together were busy since the machine started (Linux; 0 elsewhere). */
function busySeconds() {
  try {
    const [user, nice, system] = readFileSync('/proc/stat', 'utf8').split(/\s+/).slice(1, 4).map(Number);
    return (user + nice + system) / 100;
  } catch {
    return 0;
  }
}
