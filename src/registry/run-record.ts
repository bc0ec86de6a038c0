import { DataError } from '../core/errors.js';
import type { EndStatus, JournalEntry, ParamValue } from './journal-entry.js';
import type { Journal } from './journal.js';
import type { Writer } from './writer.js';

/** Tag of a run that is one trial of a search: the id of the search. Such runs stay in the local store. */
export const studyTag = 'study';

/** One value of a metric; `at` in milliseconds since 1970-01-01 UTC. */
export interface MetricPoint {
  readonly value: number;
  readonly step: number;
  readonly at: number;
}

/** A table that a run read. */
export interface Dataset {
  readonly name: string;
  /** Tells two states of the same table apart, such as a snapshot id or a hash. */
  readonly digest: string;
  readonly source: string;
  /** Type by column. */
  readonly schema: Readonly<Record<string, string>>;
  /** What it was read for, such as `training` or `evaluation`. */
  readonly role: string;
}

export interface Artifact {
  /** Relative to the artifacts of the run, with forward slashes. */
  readonly path: string;
  readonly sha256: string;
  /** In bytes. */
  readonly size: number;
}

/** What a journal amounts to. */
export interface RunRecord {
  readonly runId: string;
  /** Chosen when the run began: by it, a replay finds what it has already sent. */
  readonly key: string;
  readonly experiment: string;
  readonly name: string;
  /** `running` also when the process died: `writer` says which. */
  readonly status: 'running' | EndStatus;
  readonly message: string | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly writer: Writer;
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Every value in the order of logging, the latest last. */
  readonly metrics: Readonly<Record<string, readonly MetricPoint[]>>;
  readonly datasets: readonly Dataset[];
  readonly artifacts: readonly Artifact[];
  /** Bytes of an entry that a crash cut off; 0 for a whole journal. */
  readonly tornBytes: number;
}

/**
 * Folds a journal into the state it describes: tags overwrite, metrics append.
 * @throws {DataError} when an entry follows the end
 */
export function foldJournal({ entries, tornBytes }: Journal): RunRecord {
  const start = entries[0];
  if (start.type !== 'start') throw new DataError('a journal must begin with a start entry');
  const params = new Map<string, ParamValue>();
  const tags = new Map(Object.entries(start.tags));
  const metrics = new Map<string, MetricPoint[]>();
  const datasets: Dataset[] = [];
  const artifacts: Artifact[] = [];
  let end: Extract<JournalEntry, { type: 'end' }> | null = null;

  for (const entry of entries.slice(1)) {
    if (end !== null)
      throw new DataError(`run ${start.runId}: entry ${entry.seq} follows the end of the run`);
    switch (entry.type) {
      case 'start':
        throw new DataError(`run ${start.runId}: entry ${entry.seq} begins the run a second time`);
      case 'params':
        for (const [key, value] of Object.entries(entry.params)) params.set(key, value);
        break;
      case 'tags':
        for (const [key, value] of Object.entries(entry.tags)) tags.set(key, value);
        break;
      case 'metrics':
        for (const [key, text] of Object.entries(entry.metrics)) {
          const points = metrics.get(key) ?? [];
          points.push(
            Object.freeze({ value: Number(text), step: entry.step, at: entry.takenAt ?? entry.at }),
          );
          metrics.set(key, points);
        }
        break;
      case 'dataset': {
        const { name, digest, source, schema, role } = entry;
        datasets.push(Object.freeze({ name, digest, source, schema: Object.freeze(schema), role }));
        break;
      }
      case 'artifact':
        artifacts.push(Object.freeze({ path: entry.path, sha256: entry.sha256, size: entry.size }));
        break;
      case 'end':
        end = entry;
    }
  }

  const { runId, key, experiment, name, writer, at: startedAt } = start;
  return Object.freeze({
    runId,
    key,
    experiment,
    name,
    status: end?.status ?? 'running',
    message: end?.message ?? null,
    startedAt,
    endedAt: end?.at ?? null,
    writer: Object.freeze(writer),
    params: Object.freeze(Object.fromEntries(params)),
    tags: Object.freeze(Object.fromEntries(tags)),
    metrics: Object.freeze(
      Object.fromEntries([...metrics].map(([metric, points]) => [metric, Object.freeze(points)])),
    ),
    datasets: Object.freeze(datasets),
    artifacts: Object.freeze(artifacts),
    tornBytes,
  });
}
