import { join } from 'node:path';
import { DataError, KolError, ServiceError, throwIfAborted } from '../../core/errors.js';
import type { MlflowConnection } from '../mlflow/connection.js';
import { ensureExperiment } from '../mlflow/experiments.js';
import type { ModelFacts } from '../mlflow/model-facts.js';
import { MlflowError } from '../mlflow/refusal.js';
import type { MlflowRun } from '../mlflow/runs.js';
import type { ModelRegistry } from '../model-registry.js';
import type { ModelVersion } from '../model-version.js';
import { foldJournal, studyTag } from '../run-record.js';
import type { RunStore } from '../run-store.js';
import type { LocalRun } from './plan-run.js';
import { replayAliases } from './replay-aliases.js';
import { replayRun } from './replay-run.js';
import { replayVersion } from './replay-version.js';
import { statusOf } from './run-status.js';
import { storeId } from './store-id.js';
import { withProcessLock } from '../process-lock.js';
import { readSyncState, writeSyncState, type SyncState } from './sync-state.js';

/** What a sync is given. */
export interface SyncOptions {
  readonly runs: RunStore;
  readonly models: ModelRegistry;
  readonly mlflow: MlflowConnection;
  /** What MLflow is told of a version; undefined where it is no graph. */
  readonly describe: (
    version: ModelVersion,
    fileOf: (path: string) => string,
  ) => Promise<ModelFacts | undefined>;
  /** Looks everything up in MLflow, whatever was seen there before. */
  readonly verify?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Told of each thing that is sent, in words. */
  readonly onStep?: ((message: string) => void) | undefined;
  /** Milliseconds to wait for another sync of this store. */
  readonly waitMs?: number;
}

/** What a sync did. */
export interface SyncReport {
  /** Address of MLflow. */
  readonly target: string;
  readonly runs: readonly { readonly runId: string; readonly mlflowRunId: string; readonly status: string }[];
  readonly versions: readonly {
    readonly name: string;
    readonly version: number;
    readonly mlflowVersion: number;
  }[];
  readonly aliases: readonly {
    readonly name: string;
    readonly champion: number;
    readonly previous: number | null;
  }[];
  /** Champions that somebody else moved in MLflow. */
  readonly held: readonly { readonly name: string; readonly reason: string }[];
  /** Runs in MLflow's bin, which stay there. */
  readonly discarded: readonly string[];
  /** What cannot be read here. */
  readonly damaged: readonly { readonly what: string; readonly message: string }[];
  /** What MLflow refused. */
  readonly refused: readonly { readonly what: string; readonly message: string }[];
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? Item[] : T[Key] };

/**
 * Brings MLflow to what the store holds: runs in the order in which they began, then versions, then aliases. May be
 * stopped or killed anywhere; the next sync goes on from there. What is damaged here or refused there is named, and
 * the others go on. Trials of searches stay in the store.
 *
 * @throws {ServiceError} when MLflow or its artifact store cannot be reached, or another process syncs this store
 * @throws {InterruptedError} once `signal` is aborted
 */
export async function syncStore(options: SyncOptions): Promise<SyncReport> {
  const { runs, signal, waitMs } = options;
  return withProcessLock(join(runs.folder, 'sync', 'lock'), () => pass(options), {
    busy: (who) => `${who} is sending the runs of this store to MLflow; wait for it, or stop it`,
    signal,
    ...(waitMs !== undefined && { waitMs }),
  });
}

async function pass(options: SyncOptions): Promise<SyncReport> {
  const { runs: store, models, mlflow, describe, verify = false, signal, onStep } = options;
  const target = mlflow.address.base;
  const seen = await readSyncState(store.folder, target);
  const report: Mutable<SyncReport> = {
    ...{ target, runs: [], versions: [], aliases: [], held: [], discarded: [], damaged: [], refused: [] },
  };
  const experiments = new Map<string, string>();
  const locals = new Map<string, LocalRun>();
  const remotes = new Map<string, MlflowRun>();
  const remember = (): Promise<void> => writeSyncState(store.folder, seen);

  /** Runs `work`; what is wrong with this one thing alone is noted. */
  async function noting<Result>(what: string, work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof KolError)) throw error;
      if (error instanceof DataError) report.damaged.push({ what, message: error.message });
      else if (
        error instanceof MlflowError &&
        error.status >= 400 &&
        ![401, 403, 408, 429].includes(error.status) &&
        error.status < 500
      )
        report.refused.push({ what, message: error.message });
      else throw error;
      return undefined;
    }
  }

  async function remoteOf(local: LocalRun): Promise<MlflowRun | undefined> {
    const { runId, experiment, tags } = local.record;
    const known = remotes.get(runId);
    if (known !== undefined) return known;
    let experimentId = experiments.get(experiment);
    if (experimentId === undefined) {
      experimentId = await ensureExperiment(mlflow, experiment, signal);
      experiments.set(experiment, experimentId);
    }
    const parent = locals.get(tags['kol.parent_run'] ?? '');
    const parentRunId = parent && (await remoteOf(parent))?.runId;
    const fileOf = (path: string): string => store.artifactPath(runId, path);
    const run = await replayRun({ ...local, parentRunId }, { mlflow, experimentId, fileOf, signal });
    if (run !== undefined) remotes.set(runId, run);
    return run;
  }

  const { runs, damaged } = await store.listRuns();
  report.damaged.push(...damaged.map(({ runId, message }) => ({ what: `run ${runId}`, message })));
  for (const { runId, tags } of runs) {
    throwIfAborted(signal);
    if (tags[studyTag] !== undefined) continue;
    await noting(`run ${runId}`, async () => {
      const journal = await store.readJournal(runId);
      const record = foldJournal(journal);
      const entries = journal.entries.length;
      const local = { record, entries, ...statusOf(record, journal.entries[entries - 1].at, Date.now()) };
      locals.set(runId, local);
      if (!verify && seen.runs[runId]?.entries === entries) return;
      onStep?.(`run ${runId}`);
      const run = await remoteOf(local);
      if (run === undefined) report.discarded.push(runId);
      else report.runs.push({ runId, mlflowRunId: run.runId, status: local.status });
      // A run that goes on has more to say.
      if (local.status === 'RUNNING') return;
      seen.runs[runId] = { entries, mlflowRunId: run?.runId ?? '' };
      await remember();
    });
  }

  for (const name of await models.names()) {
    await noting(`model ${name}`, () => syncModel(name));
  }
  return report;

  async function syncModel(name: string): Promise<void> {
    const state = (seen.models[name] ??= { versions: {}, generation: 0 });
    if (verify) Object.assign(state, { versions: {}, generation: 0 } satisfies SyncState['models'][string]);
    const versions = await models.versions(name);
    for (const version of versions) {
      throwIfAborted(signal);
      if (state.versions[version.version] !== undefined) continue;
      await noting(`version ${version.version} of ${name}`, async () => {
        const local = locals.get(version.runId);
        // Of a damaged run, which was named already.
        if (local === undefined) throw new DataError(`its run ${version.runId} cannot be read`);
        onStep?.(`version ${version.version} of ${name}`);
        const run = await remoteOf(local);
        if (run === undefined) return;
        const fileOf = (path: string): string => store.artifactPath(version.runId, path);
        const facts = await describe(version, fileOf);
        const made = await replayVersion(
          mlflow,
          { version, runKey: local.record.key, facts, fileOf },
          run,
          signal,
        );
        report.versions.push({ name, version: version.version, mlflowVersion: made.version });
        state.versions[version.version] = made.version;
        await remember();
      });
    }
    const changes = await models.audit(name);
    const last = changes.at(-1);
    if (last === undefined || state.generation >= last.generation) return;
    const known = new Map(Object.entries(state.versions).map(([local, remote]) => [Number(local), remote]));
    const id = await storeId(store.folder);
    const plan = await replayAliases(mlflow, { name, changes, versions: known, storeId: id }, signal);
    if (plan.kind === 'held') {
      report.held.push({ name, reason: plan.reason });
      return;
    }
    if (plan.kind === 'move') report.aliases.push({ name, champion: plan.champion, previous: plan.previous });
    state.generation = last.generation;
    await remember();
  }
}

/** What is wrong after a sync, as one error; undefined where nothing is. */
export function syncFailure({ target, damaged, refused }: SyncReport): KolError | undefined {
  const [bad] = damaged;
  const more = (count: number): string => (count > 1 ? ` (and ${count - 1} more)` : '');
  if (bad !== undefined)
    return new DataError(`${bad.what} could not be sent${more(damaged.length)}: ${bad.message}`);
  const [no] = refused;
  if (no !== undefined)
    return new ServiceError(`MLflow at ${target} refused ${no.what}${more(refused.length)}: ${no.message}`);
  return undefined;
}
