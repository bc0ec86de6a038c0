import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { DuckDBInstance } from '@duckdb/node-api';
import { InterruptedError, throwIfAborted } from '../core/errors.js';

export interface SessionOptions {
  /** Threads DuckDB may use; all cores when left out. */
  readonly threads?: number;
  /** As DuckDB writes it, such as `2GB`; beyond it DuckDB spills to a temporary folder. */
  readonly memoryLimit?: string;
}

/** An in-memory DuckDB in UTC that spills to a folder of its own and leaves nothing behind. */
export interface Session {
  connect(): Promise<DuckDBConnection>;
  close(): Promise<void>;
}

/** Opens a session; `spillFolder` is made for it when left out. */
export async function openSession(options: SessionOptions = {}): Promise<Session> {
  const spill = await mkdtemp(join(tmpdir(), 'kol-trainer-'));
  const instance = await DuckDBInstance.create(':memory:', {
    temp_directory: join(spill, 'duckdb'),
    preserve_insertion_order: 'true',
    autoinstall_known_extensions: 'false',
    ...(options.threads === undefined ? {} : { threads: String(options.threads) }),
    ...(options.memoryLimit === undefined ? {} : { memory_limit: options.memoryLimit }),
  });
  const connection = await instance.connect();
  await connection.run("SET GLOBAL TimeZone = 'UTC'");
  connection.closeSync();
  let closed = false;
  return {
    connect: () => instance.connect(),
    close: async () => {
      if (closed) return;
      closed = true;
      instance.closeSync();
      await rm(spill, { recursive: true, force: true });
    },
  };
}

/**
 * Runs `work` on a connection of its own; `signal` interrupts the running statement.
 * @throws {InterruptedError} once `signal` is aborted
 */
export async function* withConnection<T>(
  session: Session,
  signal: AbortSignal | undefined,
  work: (connection: DuckDBConnection) => AsyncIterable<T>,
): AsyncGenerator<T> {
  throwIfAborted(signal);
  const connection = await session.connect();
  // A statement that starts after the interrupt would not notice it, so it is repeated until the work has stopped.
  let repeat: NodeJS.Timeout | undefined;
  const interrupt = () => {
    connection.interrupt();
    repeat ??= setInterval(() => connection.interrupt(), 20);
  };
  signal?.addEventListener('abort', interrupt, { once: true });
  try {
    for await (const item of work(connection)) {
      throwIfAborted(signal);
      yield item;
      throwIfAborted(signal);
    }
  } catch (error) {
    if (signal?.aborted) throw new InterruptedError(undefined, { cause: error });
    throw error;
  } finally {
    signal?.removeEventListener('abort', interrupt);
    clearInterval(repeat);
    connection.interrupt();
    connection.closeSync();
  }
}
