import { z } from 'zod';
import type { MlflowConnection } from './connection.js';
import { metricFromWire } from './metric-value.js';
import { allPages, asKeyValues, keyValues, quoted, shaped } from './pages.js';

/** How MLflow calls the state of a run. */
export type MlflowStatus = 'RUNNING' | 'SCHEDULED' | 'FINISHED' | 'FAILED' | 'KILLED';

/** A value of a metric as MLflow keeps it. */
export interface MlflowMetric {
  readonly key: string;
  readonly value: number;
  readonly step: number;
  readonly at: number;
}

/** A run as MLflow has it. */
export interface MlflowRun {
  readonly runId: string;
  readonly experimentId: string;
  readonly name: string;
  readonly status: string;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly artifactUri: string;
  /** Whether it lies in MLflow's bin. */
  readonly isDeleted: boolean;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** The latest value of each. */
  readonly metrics: readonly MlflowMetric[];
  readonly datasets: readonly {
    readonly name: string;
    readonly digest: string;
    readonly tags: Readonly<Record<string, string>>;
  }[];
  /** Ids of the logged models that it made. */
  readonly modelIds: readonly string[];
}

const metric = z
  .object({
    key: z.string(),
    value: metricFromWire,
    step: z.coerce.number().default(0),
    timestamp: z.coerce.number().default(0),
  })
  .transform(({ timestamp, ...rest }): MlflowMetric => Object.freeze({ ...rest, at: timestamp }));

const run = z
  .object({
    info: z.object({
      run_id: z.string(),
      experiment_id: z.string(),
      run_name: z.string().default(''),
      status: z.string().default('RUNNING'),
      start_time: z.coerce.number().default(0),
      end_time: z.coerce.number().optional(),
      artifact_uri: z.string().default(''),
      lifecycle_stage: z.string().default('active'),
    }),
    data: z.object({ params: keyValues, tags: keyValues, metrics: z.array(metric).default([]) }).prefault({}),
    inputs: z
      .object({
        dataset_inputs: z
          .array(z.object({ tags: keyValues, dataset: z.object({ name: z.string(), digest: z.string() }) }))
          .default([]),
      })
      .prefault({}),
    outputs: z
      .object({ model_outputs: z.array(z.object({ model_id: z.string() })).default([]) })
      .prefault({}),
  })
  .transform(({ info, data, inputs, outputs }): MlflowRun =>
    Object.freeze({
      runId: info.run_id,
      experimentId: info.experiment_id,
      name: info.run_name,
      status: info.status,
      startedAt: info.start_time,
      endedAt: info.end_time === undefined || info.end_time === 0 ? null : info.end_time,
      artifactUri: info.artifact_uri,
      isDeleted: info.lifecycle_stage === 'deleted',
      ...data,
      datasets: inputs.dataset_inputs.map(({ tags, dataset }) => ({ ...dataset, tags })),
      modelIds: outputs.model_outputs.map(({ model_id }) => model_id),
    }),
  );

const one = z.object({ run });
const many = z.object({ runs: z.array(run).default([]), next_page_token: z.string().optional() });
const points = z.object({ metrics: z.array(metric).default([]), next_page_token: z.string().optional() });

/** What a new run begins with. */
export interface NewRun {
  readonly experimentId: string;
  readonly name: string;
  /** Milliseconds since 1970-01-01 UTC: MLflow takes 1970 where it is told nothing. */
  readonly startedAt: number;
  readonly tags?: Readonly<Record<string, string>>;
  /** Shows the run below another one. */
  readonly parentRunId?: string;
}

/** Makes a run. Not tried again when the server may have acted: look for its tag first. */
export async function createRun(
  mlflow: MlflowConnection,
  { experimentId, name, startedAt, tags = {}, parentRunId }: NewRun,
  signal?: AbortSignal,
): Promise<MlflowRun> {
  const all = { ...tags, ...(parentRunId !== undefined && { 'mlflow.parentRunId': parentRunId }) };
  const answer = await mlflow.call('POST', 'runs/create', {
    body: { experiment_id: experimentId, run_name: name, start_time: startedAt, tags: asKeyValues(all) },
    repeatable: false,
    signal,
  });
  return shaped(one, answer, 'runs/create').run;
}

/** A run with all that it holds but the histories of its metrics. */
export async function getRun(
  mlflow: MlflowConnection,
  runId: string,
  signal?: AbortSignal,
): Promise<MlflowRun> {
  const answer = await mlflow.call('GET', 'runs/get', { query: { run_id: runId }, signal });
  return shaped(one, answer, 'runs/get').run;
}

/** Ends a run, begins it again, or gives it another name. */
export async function updateRun(
  mlflow: MlflowConnection,
  runId: string,
  change: { readonly status?: MlflowStatus; readonly endedAt?: number | null; readonly name?: string },
  signal?: AbortSignal,
): Promise<void> {
  const { status, endedAt, name } = change;
  await mlflow.call('POST', 'runs/update', {
    body: {
      run_id: runId,
      ...(status !== undefined && { status }),
      ...(endedAt !== undefined && endedAt !== null && { end_time: endedAt }),
      ...(name !== undefined && { run_name: name }),
    },
    signal,
  });
}

/** Moves a run to MLflow's bin, from where it can be restored. */
export async function deleteRun(
  mlflow: MlflowConnection,
  runId: string,
  signal?: AbortSignal,
): Promise<void> {
  await mlflow.call('POST', 'runs/delete', { body: { run_id: runId }, signal });
}

/** Overwrites one tag of a run. */
export async function setRunTag(
  mlflow: MlflowConnection,
  runId: string,
  key: string,
  value: string,
  signal?: AbortSignal,
): Promise<void> {
  await mlflow.call('POST', 'runs/set-tag', { body: { run_id: runId, key, value }, signal });
}

/** The runs of an experiment that carry a tag of that value, the earliest first, those in the bin included. */
export async function findRunsByTag(
  mlflow: MlflowConnection,
  experimentId: string,
  key: string,
  value: string,
  signal?: AbortSignal,
): Promise<readonly MlflowRun[]> {
  return allPages(async (token) => {
    const answer = await mlflow.call('POST', 'runs/search', {
      body: {
        experiment_ids: [experimentId],
        filter: `tags.\`${key}\` = ${quoted(value)}`,
        run_view_type: 'ALL',
        max_results: 100,
        order_by: ['attributes.start_time ASC'],
        ...(token !== undefined && { page_token: token }),
      },
      signal,
    });
    const { runs, next_page_token } = shaped(many, answer, 'runs/search');
    return { items: runs, next: next_page_token };
  });
}

/** Every value that a metric ever had. */
export async function metricHistory(
  mlflow: MlflowConnection,
  runId: string,
  key: string,
  signal?: AbortSignal,
): Promise<readonly MlflowMetric[]> {
  return allPages(async (token) => {
    const query = { run_id: runId, metric_key: key, max_results: 10_000, page_token: token };
    const answer = await mlflow.call('GET', 'metrics/get-history', { query, signal });
    const { metrics, next_page_token } = shaped(points, answer, 'metrics/get-history');
    return { items: metrics, next: next_page_token };
  });
}
