import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../../infra/dbt', import.meta.url));
const program = process.env['DBT'] ?? 'dbt';

/** What a run of dbt left behind. */
export interface Outcome {
  readonly code: number | null;
  /** All that it said. */
  readonly said: string;
}

/** The part of dbt's manifest that the tests look at. */
export interface Manifest {
  readonly nodes: Readonly<Record<string, Described & { readonly resource_type: string }>>;
  readonly sources: Readonly<Record<string, Described>>;
  readonly exposures: Readonly<Record<string, { readonly label: string; readonly description: string }>>;
}

interface Described {
  readonly name: string;
  readonly schema: string;
  readonly description: string;
  readonly columns: Readonly<Record<string, { readonly description: string }>>;
}

/**
 * dbt on our project, on `lakehouse`, with target and logs in `target`.
 * @param killAt the text on stdout at which it is killed outright
 */
export function dbt(
  args: readonly string[],
  {
    lakehouse,
    target,
    killAt,
  }: { readonly lakehouse: string; readonly target: string; readonly killAt?: string },
): Promise<Outcome> {
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      DBT_PROJECT_DIR: project,
      DBT_PROFILES_DIR: project,
      DBT_TARGET_PATH: target,
      DBT_LOG_PATH: join(target, 'logs'),
      KOL_LAKEHOUSE: lakehouse,
    },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (killAt !== undefined && said.includes(killAt)) child.kill('SIGKILL');
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', (cause) =>
      reject(new Error(`${program} does not start; make test-dbt installs it`, { cause })),
    );
    child.on('close', (code) => resolve({ code, said }));
  });
}

/** What dbt knows of the project after a run into `target`. */
export async function manifest(target: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(target, 'manifest.json'), 'utf8')) as Manifest;
}
