import { randomUUID } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ConfigError, KolError } from '../core/errors.js';
import { sha256 } from '../core/record.js';
import { makeFolder, withStagedFolder, writeFileAtomically } from './atomic-file.js';
import { confinedPath } from './confined-path.js';
import type { EndStatus, JournalEvent, MetricText, ParamValue, StartEntry } from './journal-entry.js';
import { journalLine, openJournalWriter, readJournal, type Journal } from './journal.js';
import { foldJournal, type Dataset, type RunRecord } from './run-record.js';
import { errnoOf, storageError } from './storage-error.js';
import { currentWriter } from './writer.js';

/** A run being written. Every call is on disk when its promise resolves; calls keep their order. */
export interface Run {
  readonly runId: string;
  /** Parameters are written once: another value for the same name is an error. */
  logParams(params: Readonly<Record<string, ParamValue>>): Promise<void>;
  /**
   * Appends one value to each metric; NaN and infinities are kept.
   * @param takenAt milliseconds since 1970-01-01 UTC, where the values were taken before now
   */
  logMetrics(metrics: Readonly<Record<string, number>>, step?: number, takenAt?: number): Promise<void>;
  /** A later tag of the same name overwrites. */
  logTags(tags: Readonly<Record<string, string>>): Promise<void>;
  logDataset(dataset: Dataset): Promise<void>;
  /**
   * Stores a file with its SHA-256. Artifacts are written once: other bytes under the same path are an error.
   * @param path relative, forward slashes, no `..`
   */
  logArtifact(path: string, content: Uint8Array | string): Promise<void>;
  /** Ends the run; nothing can be logged after it. */
  finish(status: EndStatus, message?: string): Promise<void>;
}

export interface RunStore {
  readonly folder: string;
  start(about: {
    readonly experiment: string;
    readonly name: string;
    readonly tags?: Readonly<Record<string, string>>;
  }): Promise<Run>;
  /** @throws {ConfigError} when there is no such run; {DataError} when its journal is damaged */
  readRun(runId: string): Promise<RunRecord>;
  /** The entries in order, for a replay. */
  readJournal(runId: string): Promise<Journal>;
  /** All runs, the earliest first; those whose journal is damaged are named, not hidden. */
  listRuns(filter?: { readonly experiment?: string }): Promise<RunList>;
  /** Where an artifact lies. */
  artifactPath(runId: string, path: string): string;
}

export interface RunList {
  readonly runs: readonly RunRecord[];
  readonly damaged: readonly { readonly runId: string; readonly message: string }[];
}

const runIdPattern = /^\d{8}T\d{9}Z-[0-9a-f]{12}$/;
const longestKey = 250;

/**
 * The local store of runs: `<folder>/runs/<runId>/journal.jsonl`, append-only, and `artifacts/` beside it. Needs no
 * server, and holds all that a replay to one needs.
 *
 * @param now milliseconds since 1970-01-01 UTC
 */
export function openRunStore(folder: string, now: () => number = Date.now): RunStore {
  const root = resolve(folder);
  const runFolder = (runId: string): string => {
    if (!runIdPattern.test(runId)) throw new ConfigError(`run=${JSON.stringify(runId)} is not a run id`);
    return join(root, 'runs', runId);
  };
  const journalPath = (runId: string): string => join(runFolder(runId), 'journal.jsonl');
  const artifactPath = (runId: string, path: string): string =>
    join(runFolder(runId), 'artifacts', ...confinedPath(path).split('/'));

  async function start(about: Parameters<RunStore['start']>[0]): Promise<Run> {
    const { experiment, name, tags = {} } = about;
    checkText('experiment', experiment);
    checkText('name', name);
    checkTexts('tag', tags);
    const at = now();
    const runId = `${new Date(at).toISOString().replace(/[-:.]/g, '')}-${randomUUID().replaceAll('-', '').slice(-12)}`;
    const first: StartEntry = {
      seq: 0,
      at,
      type: 'start',
      format: 1,
      runId,
      key: randomUUID(),
      experiment,
      name,
      tags,
      writer: currentWriter(),
    };
    // Staged, so that a run is never seen without its first entry.
    await withStagedFolder(runFolder(runId), (staging) =>
      writeFile(join(staging, 'journal.jsonl'), journalLine(first)).catch((error: unknown) => {
        throw storageError(error, journalPath(runId));
      }),
    );
    return openRun(first);
  }

  function openRun(first: StartEntry): Run {
    const { runId } = first;
    const journal = openJournalWriter(journalPath(runId), first, now);
    const params = new Map<string, string>();
    const artifacts = new Map<string, { readonly hash: string; readonly written: Promise<void> }>();
    let ended: EndStatus | null = null;

    async function append(event: JournalEvent): Promise<void> {
      if (ended !== null) throw new ConfigError(`run ${runId} is already ${ended}; begin a new one`);
      await journal.append(event);
    }

    async function storeArtifact(file: string, bytes: Uint8Array, event: JournalEvent): Promise<void> {
      await makeFolder(dirname(file));
      await writeFileAtomically(file, bytes);
      await append(event);
    }

    return Object.freeze({
      runId,
      async logParams(given: Readonly<Record<string, ParamValue>>) {
        const entries = Object.entries(given).map(([key, value]) => [key, paramOf(key, value)] as const);
        for (const [key, value] of entries) {
          const known = params.get(key);
          if (known !== undefined && known !== JSON.stringify(value)) {
            throw new ConfigError(
              `param ${key} is already ${known}, it cannot become ${JSON.stringify(value)}`,
            );
          }
        }
        for (const [key, value] of entries) params.set(key, JSON.stringify(value));
        await append({ type: 'params', params: Object.fromEntries(entries) });
      },
      async logMetrics(given: Readonly<Record<string, number>>, step = 0, takenAt?: number) {
        if (!Number.isSafeInteger(step)) throw new ConfigError(`step=${step} must be an integer`);
        const metrics = Object.fromEntries(
          Object.entries(given).map(([key, value]) => [key, metricOf(key, value)]),
        );
        await append({ type: 'metrics', metrics, step, ...(takenAt !== undefined && { takenAt }) });
      },
      async logTags(tags: Readonly<Record<string, string>>) {
        checkTexts('tag', tags);
        await append({ type: 'tags', tags: { ...tags } });
      },
      async logDataset({ name, digest, source, schema, role }: Dataset) {
        for (const [field, text] of Object.entries({ name, digest, source, role })) {
          checkText(`dataset ${field}`, text);
        }
        checkTexts('column', schema);
        await append({ type: 'dataset', name, digest, source, schema: { ...schema }, role });
      },
      async logArtifact(path: string, content: Uint8Array | string) {
        const file = artifactPath(runId, path);
        const bytes = typeof content === 'string' ? Buffer.from(content) : content;
        const hash = sha256(bytes);
        const known = artifacts.get(path);
        if (known?.hash === hash) return known.written;
        if (known !== undefined)
          throw new ConfigError(`artifact ${path} is already logged with other content`);
        if (ended !== null) throw new ConfigError(`run ${runId} is already ${ended}; begin a new one`);
        const written = storeArtifact(file, bytes, {
          type: 'artifact',
          path,
          sha256: hash,
          size: bytes.length,
        });
        artifacts.set(path, { hash, written });
        await written.catch((error: unknown) => {
          artifacts.delete(path);
          throw error;
        });
      },
      async finish(status: EndStatus, message?: string) {
        const writing = append({ type: 'end', status, message: message ?? null });
        const before = ended;
        ended ??= status;
        try {
          await writing;
        } catch (error) {
          ended = before;
          throw error;
        }
      },
    });
  }

  async function read(runId: string): Promise<Journal> {
    const path = journalPath(runId);
    const exists = await readdir(dirname(path)).catch((error: unknown) => errnoOf(error) !== 'ENOENT');
    if (exists === false) throw new ConfigError(`no run ${runId} in ${root}`);
    return readJournal(path);
  }

  async function listRuns({ experiment }: { readonly experiment?: string } = {}): Promise<RunList> {
    const names = await readdir(join(root, 'runs')).catch((error: unknown) => {
      if (errnoOf(error) === 'ENOENT') return [];
      throw new ConfigError(`cannot read ${join(root, 'runs')} (${errnoOf(error)})`, { cause: error });
    });
    const runs: RunRecord[] = [];
    const damaged: { runId: string; message: string }[] = [];
    for (const runId of names.filter((name) => runIdPattern.test(name)).sort()) {
      try {
        const run = foldJournal(await read(runId));
        if (experiment === undefined || run.experiment === experiment) runs.push(run);
      } catch (error) {
        if (!(error instanceof KolError)) throw error;
        damaged.push({ runId, message: error.message });
      }
    }
    return { runs, damaged };
  }

  return Object.freeze({
    folder: root,
    start,
    readRun: async (runId: string) => foldJournal(await read(runId)),
    readJournal: read,
    listRuns,
    artifactPath,
  });
}

function checkText(what: string, text: unknown): void {
  if (typeof text !== 'string' || text === '') {
    throw new ConfigError(`${what}=${JSON.stringify(text)} must be text that is not empty`);
  }
}

function checkKey(what: string, key: string): void {
  if (key === '' || key.length > longestKey || key === '__proto__') {
    throw new ConfigError(`${what} name ${JSON.stringify(key)} must have 1 to ${longestKey} characters`);
  }
}

function checkTexts(what: string, texts: Readonly<Record<string, string>>): void {
  for (const [key, text] of Object.entries(texts)) {
    checkKey(what, key);
    if (typeof text !== 'string')
      throw new ConfigError(`${what} ${key}=${JSON.stringify(text)} must be text`);
  }
}

function paramOf(key: string, value: ParamValue): ParamValue {
  checkKey('param', key);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  throw new ConfigError(`param ${key}=${JSON.stringify(value)} must be text, a number or a boolean`);
}

function metricOf(key: string, value: number): MetricText {
  checkKey('metric', key);
  if (typeof value !== 'number')
    throw new ConfigError(`metric ${key}=${JSON.stringify(value)} must be a number`);
  return Number.isFinite(value) ? value : (String(value) as MetricText);
}
