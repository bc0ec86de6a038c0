import { resolve } from 'node:path';
import { Option } from 'commander';
import type { BoosterEngine } from '../champion/booster-engine.js';
import { ConfigError } from '../core/errors.js';
import type { TableSource } from '../sources/table-source.js';
import { sparkBoosters } from '../spark/engine.js';
import { wholeNumber } from './option-types.js';
import type { CliSession } from './session.js';

/** Who fits the boosters. */
export interface EngineOptions {
  readonly engine?: 'local' | 'spark';
  readonly sparkMaster?: string;
  readonly sparkExecutors?: number;
  readonly sparkCores?: number;
  readonly sparkMemory?: number;
  readonly sparkWait?: number;
  readonly sparkConf?: readonly string[];
}

/** Options of the commands whose boosters may be fitted on Spark. */
export const engineOptions = (): readonly Option[] => [
  new Option(
    '--engine <engine>',
    'who fits the boosters: threads here, or a Spark cluster (docs/spark.md)',
  ).choices(['local', 'spark']),
  new Option('--spark-master <url>', 'such as spark://host:7077 (default: SPARK_MASTER)'),
  new Option(
    '--spark-executors <n>',
    'executors, each with an equal share of the rows (default: 2)',
  ).argParser(wholeNumber(1, 1_000)),
  new Option('--spark-cores <n>', 'cores of an executor (default: 1)').argParser(wholeNumber(1, 256)),
  new Option(
    '--spark-memory <MiB>',
    'memory of an executor, half of it for the JVM (default: 2048)',
  ).argParser(wholeNumber(768, 4_194_304)),
  new Option('--spark-wait <seconds>', 'how long to wait for executors (default: 300)').argParser(
    wholeNumber(1, 86_400),
  ),
  new Option('--spark-conf <key=value>', 'further setting of Spark; repeatable').argParser(
    (text: string, before: readonly string[] = []) => [...before, text],
  ),
];

/**
 * The engine that options name; undefined for the threads here.
 * @throws {ConfigError} for Spark without a master, or a setting without a value
 */
export function boosterEngine(
  { environment, progress }: CliSession,
  options: EngineOptions,
  source: TableSource,
): BoosterEngine | undefined {
  if (options.engine !== 'spark') {
    const [stray] = Object.keys(options).filter((name) => name.startsWith('spark'));
    if (stray !== undefined) {
      throw new ConfigError(
        `--${stray.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)} needs --engine spark`,
      );
    }
    return undefined;
  }
  const master = options.sparkMaster ?? environment.spark.master;
  if (master === undefined) {
    throw new ConfigError('--engine spark needs --spark-master or SPARK_MASTER, such as spark://host:7077');
  }
  if (!/^(spark:\/\/[^\s,:/]+:\d+(,[^\s,:/]+:\d+)*|local.*|yarn|k8s:\/\/.+)$/.test(master)) {
    throw new ConfigError(
      `--spark-master ${master} must look like spark://host:7077, k8s://…, yarn or local[…]`,
    );
  }
  const conf = options.sparkConf ?? [];
  for (const entry of conf) {
    if (!/^spark\.[^=\s]+=/.test(entry)) {
      throw new ConfigError(`--spark-conf ${entry} must look like spark.some.setting=value`);
    }
  }
  return sparkBoosters(
    {
      master,
      submit: environment.spark.submit,
      executors: options.sparkExecutors ?? 2,
      cores: options.sparkCores ?? 1,
      memory: options.sparkMemory ?? 2048,
      patience: options.sparkWait ?? 300,
      conf,
      tables:
        source.dialect === 'trino'
          ? { catalog: environment.trino?.catalog ?? 'iceberg' }
          : { folder: resolve(source.location) },
    },
    progress,
  );
}
