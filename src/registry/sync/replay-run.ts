import { openArtifactStore } from '../mlflow/artifacts/artifact-store.js';
import type { ArtifactStore } from '../mlflow/artifacts/store.js';
import { logRunData } from '../mlflow/batches.js';
import type { MlflowConnection } from '../mlflow/connection.js';
import { logDatasets } from '../mlflow/datasets.js';
import {
  createRun,
  deleteRun,
  findRunsByTag,
  getRun,
  metricHistory,
  setRunTag,
  updateRun,
  type MlflowMetric,
  type MlflowRun,
} from '../mlflow/runs.js';
import { verifyArtifact } from '../model-version.js';
import { createOnce } from './create-once.js';
import {
  firstTags,
  historiesNeeded,
  isWhole,
  planRun,
  runTags,
  type LocalRun,
  type SyncItem,
} from './plan-run.js';
import { putVerified } from './put-verified.js';

/** What a replay of a run needs besides the run. */
export interface ReplayContext {
  readonly mlflow: MlflowConnection;
  readonly experimentId: string;
  /** Where the local store keeps an artifact. */
  readonly fileOf: (path: string) => string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Brings MLflow's run to what the journal says; makes it where it is not there.
 * @returns the run; undefined where somebody threw it into MLflow's bin, where it stays
 * @throws {DataError} for an artifact that is not what was logged
 */
export async function replayRun(local: LocalRun, context: ReplayContext): Promise<MlflowRun | undefined> {
  const { mlflow, signal } = context;
  const found = await ensureRun(local, context);
  if (found.isDeleted) return undefined;
  if (isWhole(local, found)) return found;
  // What a search gives of a run leaves out its datasets.
  const run = await getRun(mlflow, found.runId, signal);
  const histories: Record<string, readonly MlflowMetric[]> = {};
  for (const key of historiesNeeded(local, run))
    histories[key] = await metricHistory(mlflow, run.runId, key, signal);
  const store = await openArtifactStore(mlflow, run.artifactUri);
  const artifacts = local.record.artifacts.length === 0 ? [] : await store.list(signal);
  for (const item of planRun(local, { run, histories, artifacts }))
    await write(item, run.runId, store, context);
  return run;
}

/** The run that carries the key of the local one. */
async function ensureRun(
  local: LocalRun,
  { mlflow, experimentId, signal }: ReplayContext,
): Promise<MlflowRun> {
  const { record } = local;
  return createOnce(
    mlflow,
    {
      find: async () =>
        [...(await findRunsByTag(mlflow, experimentId, runTags.key, record.key, signal))].sort(byProgress),
      create: () =>
        createRun(
          mlflow,
          { experimentId, name: record.name, startedAt: record.startedAt, tags: firstTags(local) },
          signal,
        ),
      discard: async (run) => {
        if (!run.isDeleted) await deleteRun(mlflow, run.runId, signal);
      },
    },
    signal,
  );
}

/** The run to keep first: one that is not in the bin, has most, has the lowest id. */
function byProgress(a: MlflowRun, b: MlflowRun): number {
  const weight = ({ isDeleted, tags, params, metrics }: MlflowRun): number =>
    (isDeleted ? 0 : 1e9) +
    (tags[runTags.synced] === undefined ? 0 : 1e6) +
    Object.keys(params).length +
    metrics.length;
  return weight(b) - weight(a) || (a.runId < b.runId ? -1 : 1);
}

async function write(
  item: SyncItem,
  runId: string,
  store: ArtifactStore,
  { mlflow, fileOf, signal }: ReplayContext,
): Promise<void> {
  switch (item.kind) {
    case 'params':
      return logRunData(mlflow, runId, { params: item.params }, signal);
    case 'datasets':
      return logDatasets(mlflow, runId, item.datasets, signal);
    case 'metrics':
      return logRunData(mlflow, runId, { metrics: item.metrics }, signal);
    case 'tags':
      return logRunData(mlflow, runId, { tags: item.tags }, signal);
    case 'artifact': {
      const file = fileOf(item.artifact.path);
      await verifyArtifact(file, item.artifact);
      const content = { file, size: item.artifact.size };
      return putVerified(store, item.artifact, content, item.isThere, signal);
    }
    case 'status':
      return updateRun(mlflow, runId, item, signal);
    case 'complete':
      return setRunTag(mlflow, runId, runTags.synced, String(item.entries), signal);
  }
}
