import { z } from 'zod';
import type { MlflowConnection } from './connection.js';
import { allPages, asKeyValues, keyValues, quoted, shaped } from './pages.js';
import { MlflowError } from './refusal.js';
import { getRun } from './runs.js';

/** A model of its own beside a run, as MLflow 3 has them. */
export interface LoggedModel {
  readonly modelId: string;
  readonly artifactUri: string;
  readonly status: string;
  readonly createdAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

const loggedModel = z
  .object({
    info: z.object({
      model_id: z.string(),
      artifact_uri: z.string(),
      status: z.union([z.string(), z.number()]).default(''),
      creation_timestamp_ms: z.coerce.number().default(0),
      tags: keyValues,
    }),
  })
  .transform(({ info }): LoggedModel =>
    Object.freeze({
      modelId: info.model_id,
      artifactUri: info.artifact_uri,
      status: String(info.status),
      createdAt: info.creation_timestamp_ms,
      tags: info.tags,
    }),
  );
const one = z.object({ model: loggedModel });
const many = z.object({ models: z.array(loggedModel).default([]), next_page_token: z.string().optional() });

/** Whether this server knows no logged models, as MLflow before 3 and GitLab do not. */
export function lacksLoggedModels(error: unknown): boolean {
  return (
    error instanceof MlflowError &&
    (error.status === 501 ||
      error.status === 405 ||
      (error.status === 404 && error.errorCode !== 'RESOURCE_DOES_NOT_EXIST'))
  );
}

/** The logged models of a run that carry a tag of that value, the earliest first. */
export async function findLoggedModelsByTag(
  mlflow: MlflowConnection,
  experimentId: string,
  runId: string,
  key: string,
  value: string,
  signal?: AbortSignal,
): Promise<readonly LoggedModel[]> {
  const models = await allPages(async (token) => {
    const answer = await mlflow.call('POST', 'logged-models/search', {
      body: {
        experiment_ids: [experimentId],
        filter: `source_run_id = ${quoted(runId)}`,
        max_results: 50,
        ...(token !== undefined && { page_token: token }),
      },
      signal,
    });
    const { models: items, next_page_token } = shaped(many, answer, 'logged-models/search');
    return { items, next: next_page_token };
  });
  return models
    .filter(({ tags }) => tags[key] === value)
    .sort((a, b) => a.createdAt - b.createdAt || (a.modelId < b.modelId ? -1 : 1));
}

/** Makes a logged model that waits for its files. Not tried again when the server may have acted. */
export async function createLoggedModel(
  mlflow: MlflowConnection,
  about: {
    readonly experimentId: string;
    readonly name: string;
    readonly runId: string;
    readonly tags: Readonly<Record<string, string>>;
  },
  signal?: AbortSignal,
): Promise<LoggedModel> {
  const answer = await mlflow.call('POST', 'logged-models', {
    body: {
      experiment_id: about.experimentId,
      // Names of logged models are narrower than those of registered ones.
      name: about.name.replaceAll(/[/:.%"']/g, '_'),
      model_type: 'onnx',
      source_run_id: about.runId,
      tags: asKeyValues(about.tags),
    },
    repeatable: false,
    signal,
  });
  return shaped(one, answer, 'logged-models').model;
}

/** Says that all files of a logged model are there, or will not be. */
export async function finishLoggedModel(
  mlflow: MlflowConnection,
  modelId: string,
  status: 'LOGGED_MODEL_READY' | 'LOGGED_MODEL_UPLOAD_FAILED',
  signal?: AbortSignal,
): Promise<void> {
  await mlflow.call('PATCH', `logged-models/${encodeURIComponent(modelId)}`, {
    body: { model_id: modelId, status },
    signal,
  });
}

/** Shows a logged model among what a run made; one that is shown already stays so. */
export async function linkLoggedModel(
  mlflow: MlflowConnection,
  runId: string,
  modelId: string,
  signal?: AbortSignal,
): Promise<void> {
  const isLinked = async (): Promise<boolean> =>
    (await getRun(mlflow, runId, signal)).modelIds.includes(modelId);
  if (await isLinked()) return;
  try {
    const body = { run_id: runId, models: [{ model_id: modelId, step: 0 }] };
    await mlflow.call('POST', 'runs/outputs', { body, repeatable: false, signal });
  } catch (error) {
    // MLflow takes a link only once, and may have taken it before its answer was lost.
    if (!(error instanceof MlflowError) || !(await isLinked())) throw error;
  }
}

/** Removes a logged model. */
export async function deleteLoggedModel(
  mlflow: MlflowConnection,
  modelId: string,
  signal?: AbortSignal,
): Promise<void> {
  await mlflow.call('DELETE', `logged-models/${encodeURIComponent(modelId)}`, { signal });
}
