import { ServiceError } from '../../core/errors.js';
import type { Table } from '../../core/table.js';
import { batchDigest } from './batch-digest.js';
import { LostQueryError } from './query-error.js';
import { createRetries, type RetryOptions } from './retry.js';

/** How often a lost query is run again without coming further. */
const repeats = 4;
/** Runs included: a query may take long until it is lost. */
const longestSeconds = 4 * 3600;

/**
 * Batches of a read-only query that is run again when the server loses it. Batches that were handed over already are
 * not handed over twice, and the repeated ones must be equal to them: rows that came in another order would otherwise
 * be missed or doubled.
 * @param run runs the query from its start; equal rows must come in equal batches
 * @throws {ServiceError} when the query stays lost, or gives other batches than before
 */
export async function* readRepeatable(
  run: () => AsyncIterable<Table>,
  signal: AbortSignal | undefined,
  retry: RetryOptions = {},
): AsyncGenerator<Table> {
  const delivered: string[] = [];
  const retries = createRetries({
    firstPause: 1,
    ...retry,
    attempts: repeats + 1,
    totalSeconds: longestSeconds,
  });
  for (;;) {
    try {
      let b = 0;
      for await (const batch of run()) {
        const digest = batchDigest(batch);
        if (b < delivered.length) {
          if (digest !== delivered[b]) throw otherRows(b);
        } else {
          delivered.push(digest);
          retries.progressed();
          yield batch;
        }
        b++;
      }
      if (b < delivered.length) throw otherRows(b);
      return;
    } catch (error) {
      if (!(error instanceof LostQueryError)) throw error;
      if (!(await retries.again(error.message, signal))) throw error;
    }
  }
}

function otherRows(batch: number): ServiceError {
  return new ServiceError(
    `trino: the server lost the query after rows of it had been read, and when run again batch ${batch + 1} held other rows ` +
      'or the same in another order; run it again, or add ORDER BY over columns that tell every row apart',
  );
}
