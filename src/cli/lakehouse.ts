import { access } from 'node:fs/promises';
import { ConfigError } from '../core/errors.js';
import type { BatchTarget } from '../sources/batch-target.js';
import { duckdbLakehouse } from '../sources/duckdb.js';
import { embeddedTarget } from '../sources/embedded-target.js';
import { accountsFile } from '../sources/sample/accounts-file.js';
import { writeSampleLakehouse } from '../sources/sample/write-sample.js';
import type { TableSource } from '../sources/table-source.js';
import { trinoTarget } from '../sources/trino/batch-target.js';
import { trinoLakehouse } from '../sources/trino/lakehouse.js';
import type { CliSession } from './session.js';

/** A lakehouse to read and to write; closing the source ends both. */
export interface Lakehouse {
  readonly source: TableSource;
  readonly target: BatchTarget;
}

/** What a person may say of the lakehouse. */
export interface LakehouseOptions {
  readonly source?: 'duckdb' | 'trino';
  readonly lakehouse?: string;
}

/**
 * Runs `work` on the lakehouse that options and environment name: the platform's where `TRINO_URL` is set and no folder
 * is named.
 * @throws {ConfigError} for Trino without its address
 * @throws {DataError} for a folder without tables
 */
export async function withLakehouse<Result>(
  session: CliSession,
  options: LakehouseOptions,
  work: (lakehouse: Lakehouse) => Promise<Result>,
): Promise<Result> {
  const { source, target } = await openLakehouse(session, options);
  try {
    return await work({ source, target });
  } finally {
    await source.close();
  }
}

async function openLakehouse(session: CliSession, options: LakehouseOptions): Promise<Lakehouse> {
  const { trino } = session.environment;
  const { progress } = session;
  const kind =
    options.source ?? (trino !== undefined && options.lakehouse === undefined ? 'trino' : 'duckdb');
  if (kind === 'trino') {
    if (trino === undefined)
      throw new ConfigError(
        '--source trino needs TRINO_URL, such as http://trino:8080 (kol doctor checks it)',
      );
    if (options.lakehouse !== undefined)
      throw new ConfigError('--lakehouse names a folder, which Trino does not read; leave one of both out');
    progress.note(`reading the lakehouse at ${trino.url} (TRINO_URL)`);
    return {
      source: await trinoLakehouse(trino, { progress }),
      target: await trinoTarget(trino, { progress }),
    };
  }
  const folder = await folderOrSample(session, options.lakehouse);
  return { source: await duckdbLakehouse(folder), target: embeddedTarget(folder) };
}

/** The named lakehouse, or the default one, made from the sample where it does not exist yet. */
export async function folderOrSample(session: CliSession, named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  const folder = session.environment.lakehouse;
  const exists = await access(folder).then(
    () => true,
    () => false,
  );
  if (!exists) {
    session.progress.note(`there is no lakehouse at ${folder} yet: writing the sample one (kol sample)`);
    await writeSampleLakehouse(folder, {
      seed: 7,
      accountsFile,
      progress: session.progress,
      signal: session.signal,
    });
  }
  return folder;
}
