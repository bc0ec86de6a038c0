import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createRng } from '../../src/core/rng.js';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** What a finished command left behind. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds between the signal and the end. */
  readonly afterSignal: number;
}

/**
 * Runs the built command line in `cwd`, with a store of its own there.
 * @param interruptAt the first text on stderr after which SIGINT is sent
 * @param interruptOn once aborted, SIGINT is sent
 * @param environment variables of services, which are not taken from the environment of the tests
 * @param shell commands of a shell before ours, `ulimit -f 8` for example
 */
export function kol(
  cwd: string,
  args: readonly string[],
  {
    interruptAt,
    interruptOn,
    shell,
    environment = {},
  }: {
    readonly interruptAt?: string;
    readonly interruptOn?: AbortSignal;
    readonly shell?: string;
    readonly environment?: Readonly<Record<string, string>>;
  } = {},
): Promise<Outcome> {
  // What this machine is told of services must not change what is tested.
  const own = Object.entries(process.env).filter(([name]) => !/^(KOL|TRINO|MLFLOW|AWS)_/.test(name));
  const env = { ...Object.fromEntries(own), ...environment };
  const command = [process.execPath, main, ...args];
  const [file, rest] =
    shell === undefined
      ? [command[0], command.slice(1)]
      : ['/bin/sh', ['-c', `${shell}; exec "$@"`, 'sh', ...command]];
  const child = spawn(file, rest, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  let signalled = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    if (interruptAt !== undefined && signalled === 0 && stderr.includes(interruptAt)) interrupt();
  });
  interruptOn?.addEventListener('abort', interrupt, { once: true });
  function interrupt(): void {
    signalled = performance.now();
    child.kill('SIGINT');
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout, stderr, afterSignal: performance.now() - signalled });
    });
  });
}

/** Columns of a small table with something to learn in it: id, numbers, categories, a text, roles and targets. */
export const tableHeader = 'kol_id,a,b,c,words,team,day,w,label,size,tier';

/** Rows for `tableHeader`. */
export function tableRows(nRows: number, seed = 1): string[][] {
  const rng = createRng(seed);
  return Array.from({ length: nRows }, (_, i) => {
    const a = rng.uniform();
    const b = rng.uniform();
    const score = a + 0.3 * b + 0.4 * rng.uniform();
    const day = new Date(Date.UTC(2026, 0, 1 + Math.floor((i * 200) / nRows))).toISOString().slice(0, 10);
    return [
      `k${i}`,
      a.toFixed(4),
      b.toFixed(4),
      ['x', 'y', 'z'][i % 3],
      `${score > 0.8 ? 'buy now' : 'nice day'} ${['red', 'blue', 'green'][rng.integer(3)]}`,
      `t${Math.floor(i / 8)}`,
      day,
      String(1 + (i % 3)),
      score > 0.8 ? 'spam' : 'fine',
      (100 * score).toFixed(2),
      score > 1 ? 'gold' : score > 0.7 ? 'silver' : 'bronze',
    ];
  });
}

/** Header and rows as CSV. */
export function csv(header: string, rows: readonly (readonly string[])[], delimiter = ','): string {
  const lines = rows.map((row) => row.join(delimiter));
  return `${[header.replaceAll(',', delimiter), ...lines].join('\n')}\n`;
}
