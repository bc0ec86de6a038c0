import type { MetricEntry } from '../mlflow/batches.js';
import { mlflowDataset, type MlflowDataset } from '../mlflow/datasets.js';
import { limits, mlflowKey, mlflowText } from '../mlflow/keys.js';
import type { MlflowMetric, MlflowRun, MlflowStatus } from '../mlflow/runs.js';
import type { StoredArtifact } from '../mlflow/artifacts/store.js';
import type { Artifact, RunRecord } from '../run-record.js';
import { runNote } from './run-note.js';

/** Names of the tags by which a replay finds what it has sent. */
export const runTags = Object.freeze({
  /** The key of the run in the local store. */
  key: 'kol.run_key',
  /** How many entries of the journal MLflow has; set when it has all of them. */
  synced: 'kol.synced',
});

/** One thing to do, in order. */
export type SyncItem =
  | { readonly kind: 'params'; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: 'datasets'; readonly datasets: readonly MlflowDataset[] }
  | { readonly kind: 'metrics'; readonly metrics: readonly MetricEntry[] }
  | { readonly kind: 'tags'; readonly tags: Readonly<Record<string, string>> }
  /** `isThere`: one of that size lies there already, and may be it. */
  | { readonly kind: 'artifact'; readonly artifact: Artifact; readonly isThere: boolean }
  | { readonly kind: 'status'; readonly status: MlflowStatus; readonly endedAt: number | null }
  | { readonly kind: 'complete'; readonly entries: number };

/** A run of the local store as it shall stand in MLflow. */
export interface LocalRun {
  readonly record: RunRecord;
  /** Entries of its journal. */
  readonly entries: number;
  readonly status: MlflowStatus;
  readonly endedAt: number | null;
  /** The run in MLflow below which it is shown. */
  readonly parentRunId?: string | undefined;
}

/** What MLflow has of it. */
export interface RemoteRun {
  readonly run: MlflowRun;
  /** By key, for the keys that `historiesNeeded` names. */
  readonly histories: Readonly<Record<string, readonly MlflowMetric[]>>;
  readonly artifacts: readonly StoredArtifact[];
}

/** The tags of a run in MLflow before its first other data: its key, and what MLflow's pages show. */
export function firstTags({ record, parentRunId }: LocalRun): Readonly<Record<string, string>> {
  return {
    [runTags.key]: record.key,
    'kol.run_id': record.runId,
    'mlflow.user': record.writer.user,
    'mlflow.source.name': 'kol-trainer',
    'mlflow.source.type': 'LOCAL',
    ...(parentRunId !== undefined && { 'mlflow.parentRunId': parentRunId }),
  };
}

/** Metrics whose whole history is needed to see what is missing: those of several values that MLflow has some of. */
export function historiesNeeded({ record }: LocalRun, run: MlflowRun): readonly string[] {
  const there = new Set(run.metrics.map(({ key }) => key));
  return [...countByKey(record)].filter(([key, count]) => count > 1 && there.has(key)).map(([key]) => key);
}

/** What is still to be done until MLflow shows the run as the journal has it; nothing when it does. */
export function planRun(local: LocalRun, { run, histories, artifacts }: RemoteRun): readonly SyncItem[] {
  const { record, entries, status, endedAt } = local;
  const items: SyncItem[] = [];

  const params = differing(paramsOf(record), run.params);
  if (Object.keys(params).length > 0) items.push({ kind: 'params', params });

  const linked = new Set(run.datasets.map(({ name, digest }) => `${name}\n${digest}`));
  const datasets = record.datasets
    .map(mlflowDataset)
    .filter(({ name, digest }) => !linked.has(`${name}\n${digest}`));
  if (datasets.length > 0) items.push({ kind: 'datasets', datasets });

  const latest = Object.fromEntries(run.metrics.map((metric) => [metric.key, [metric]]));
  const known = new Set(Object.values({ ...latest, ...histories }).flatMap((points) => points.map(identity)));
  const metrics = metricsOf(record).filter((metric) => !known.has(identity(metric)));
  if (metrics.length > 0) items.push({ kind: 'metrics', metrics });

  const tags = differing(tagsOf(local), run.tags);
  if (Object.keys(tags).length > 0) items.push({ kind: 'tags', tags });

  const isWhole = run.tags[runTags.synced] === String(entries);
  const sizes = new Map(artifacts.map(({ path, size }) => [path, size]));
  if (!isWhole) {
    for (const artifact of record.artifacts)
      items.push({ kind: 'artifact', artifact, isThere: sizes.get(artifact.path) === artifact.size });
  }

  if (run.status !== status || (endedAt !== null && run.endedAt !== endedAt))
    items.push({ kind: 'status', status, endedAt });
  // Last, so that it stands for all before it.
  if (status !== 'RUNNING' && !isWhole) items.push({ kind: 'complete', entries });
  return items;
}

/** Whether MLflow has the whole of a run, by what it says of itself. */
export function isWhole({ entries, status }: LocalRun, run: MlflowRun): boolean {
  return run.tags[runTags.synced] === String(entries) && run.status === status;
}

function paramsOf({ params }: RunRecord): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      mlflowKey(name),
      mlflowText(String(value), limits.paramValue),
    ]),
  );
}

function tagsOf(local: LocalRun): Record<string, string> {
  const { record } = local;
  const all = { 'mlflow.note.content': runNote(record), ...record.tags, ...firstTags(local) };
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => [mlflowKey(name), mlflowText(value, limits.tagValue)]),
  );
}

/** Every value of every metric. MLflow keeps one of several that are alike: those are put a millisecond apart. */
function metricsOf({ metrics }: RunRecord): MetricEntry[] {
  const seen = new Set<string>();
  return Object.entries(metrics).flatMap(([name, points]) =>
    points.map(({ value, step, at }) => {
      const entry = { key: mlflowKey(name), value, step, at };
      while (seen.has(identity(entry))) entry.at++;
      seen.add(identity(entry));
      return entry;
    }),
  );
}

function countByKey({ metrics }: RunRecord): Map<string, number> {
  return new Map(Object.entries(metrics).map(([name, points]) => [mlflowKey(name), points.length]));
}

function identity({ key, value, step, at }: MetricEntry): string {
  // -0 and 0 are one in a database.
  return `${key}\n${value === 0 ? 0 : value}\n${step}\n${at}`;
}

function differing(
  wanted: Readonly<Record<string, string>>,
  there: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(wanted).filter(([key, value]) => there[key] !== value));
}
