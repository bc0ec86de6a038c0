import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import process from 'node:process';
import { ConfigError, DataError, InterruptedError, ServiceError, type KolError } from '../core/errors.js';
import type { SparkSettings } from './settings.js';

const program = fileURLToPath(new URL('../../infra/spark/train_gbm.py', import.meta.url));
const sanitizer = fileURLToPath(new URL('../../infra/api/kol_api/sanitize.py', import.meta.url));

/** What the program names its failures, and what a person can do about them. */
interface Failure {
  readonly code: 'resources' | 'snapshot' | 'source' | 'rows' | 'memory' | 'lost' | 'failed';
  readonly message: string;
}

/**
 * Runs the program on a folder with a plan, once more where its driver is lost. Executors that are lost are replaced by
 * Spark, which repeats their fit once.
 * @throws {ConfigError} where spark-submit cannot be started
 * @throws {DataError} for rows or a snapshot that are not there
 * @throws {ServiceError} for a cluster that has too little to give, or loses what it was given twice
 * @throws {InterruptedError} once `signal` is aborted; the application is gone by then
 */
export async function submit(
  folder: string,
  name: string,
  settings: SparkSettings,
  onRetry: () => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const attempt of [1, 2]) {
    await rm(join(folder, 'failure.json'), { force: true });
    const { ok, log } = await run(settings.submit, submitArguments(folder, name, settings), signal);
    if (ok) return;
    const failure = await readFailure(folder);
    if (failure) throw inWords(failure);
    if (attempt === 2) {
      throw new ServiceError(
        `Spark's driver ended twice without an outcome; nothing of it is kept. Its last words: ${lastWords(log)}`,
      );
    }
    onRetry();
  }
}

/** What spark-submit is told; the folder comes last. */
export function submitArguments(folder: string, name: string, settings: SparkSettings): string[] {
  const { executors, cores, memory } = settings;
  const jvm = Math.ceil(memory / 2);
  const conf = [
    `spark.executor.instances=${executors}`,
    `spark.executor.cores=${cores}`,
    `spark.task.cpus=${cores}`,
    `spark.cores.max=${executors * cores}`,
    `spark.executor.memory=${jvm}m`,
    `spark.executor.pyspark.memory=${memory - jvm}m`,
    // Every thread that allocates would reserve 64 MiB of the address space that is limited here.
    'spark.executorEnv.MALLOC_ARENA_MAX=2',
    'spark.dynamicAllocation.enabled=false',
    'spark.stage.maxConsecutiveAttempts=2',
    'spark.scheduler.barrier.maxConcurrentTasksCheck.interval=2s',
    'spark.ui.port=0',
    'spark.ui.showConsoleProgress=false',
    'spark.sql.adaptive.enabled=false',
    `spark.sql.shuffle.partitions=${4 * executors}`,
    'spark.sql.session.timeZone=UTC',
    'spark.sql.ansi.doubleQuotedIdentifiers=true',
    ...settings.conf,
  ];
  return [
    ...['--master', settings.master, '--name', name, '--py-files', sanitizer],
    ...conf.flatMap((entry) => ['--conf', entry]),
    program,
    folder,
  ];
}

/** Runs a program in a process group of its own, which ends with it or with `signal`. */
function run(
  command: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{ readonly ok: boolean; readonly log: string }> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new InterruptedError());
    const child = spawn(command, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let log = '';
    const hear = (text: string): void => void (log = (log + text).slice(-65_536));
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    const end = (name: NodeJS.Signals): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, name);
      } catch {
        // It ended by itself.
      }
    };
    let last: NodeJS.Timeout | undefined;
    // Spark's shutdown hook takes leave of the master; executors go then.
    const stop = (): void => {
      end('SIGTERM');
      last = setTimeout(() => end('SIGKILL'), 15_000);
    };
    // Whatever ends us ends the application.
    const leave = (): void => end('SIGTERM');
    process.once('exit', leave);
    signal?.addEventListener('abort', stop, { once: true });
    const over = (settle: () => void): void => {
      clearTimeout(last);
      process.removeListener('exit', leave);
      signal?.removeEventListener('abort', stop);
      settle();
    };
    child.once('error', (error) =>
      over(() =>
        reject(
          new ConfigError(
            `spark-submit cannot be started (${error.message}): install pyspark (infra/spark/requirements.txt) and set SPARK_HOME, or have spark-submit on the PATH`,
            { cause: error },
          ),
        ),
      ),
    );
    child.once('close', (code) => {
      // Where the driver was killed, Python may be left.
      end('SIGKILL');
      over(() => (signal?.aborted ? reject(new InterruptedError()) : resolve({ ok: code === 0, log })));
    });
  });
}

async function readFailure(folder: string): Promise<Failure | undefined> {
  const text = await readFile(join(folder, 'failure.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Failure);
}

function inWords({ code, message }: Failure): KolError {
  switch (code) {
    case 'resources':
      return new ServiceError(
        `Spark has too little to give: ${message}. Start more or larger workers, or ask for less with --spark-executors and --spark-memory`,
      );
    case 'snapshot':
      return new DataError(
        `Spark cannot read ${message}. The snapshot has expired or is not of this table: train again without --snapshot, or keep snapshots for longer than a training takes`,
      );
    case 'source':
      return new DataError(
        `Spark cannot read ${message}. Check that its configuration has the catalog, or that every worker sees the folder (docs/spark.md)`,
      );
    case 'rows':
      return new DataError(`Spark sees another table: ${message}. Train again when nobody writes to it`);
    case 'memory':
      return new ServiceError(
        `Spark's executors have too little memory: ${message}. Give them more with --spark-memory, or share the rows out among more with --spark-executors`,
      );
    case 'lost':
      return new ServiceError(
        `Spark lost executors twice in one fit; nothing of it is kept: ${message}. Where they were killed for their memory, raise --spark-memory; train again`,
      );
    case 'failed':
      return new ServiceError(`Spark could not fit: ${message}`);
  }
}

function lastWords(log: string): string {
  const lines = log.split('\n').filter((line) => /error|exception|killed/i.test(line));
  return (lines.at(-1) ?? log.trim().split('\n').at(-1) ?? '').trim().slice(0, 500);
}
