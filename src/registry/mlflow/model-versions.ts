import { z } from 'zod';
import type { MlflowConnection } from './connection.js';
import { allPages, asKeyValues, keyValues, quoted, shaped } from './pages.js';
import { isRefusal } from './refusal.js';

/** A numbered version of a registered model in MLflow. */
export interface MlflowModelVersion {
  readonly name: string;
  readonly version: number;
  readonly source: string;
  readonly runId: string;
  readonly status: string;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly aliases: readonly string[];
}

const modelVersion = z
  .object({
    name: z.string(),
    version: z.coerce.number().int(),
    source: z.string().default(''),
    run_id: z.string().default(''),
    status: z.string().default('READY'),
    description: z.string().default(''),
    tags: keyValues,
    aliases: z.array(z.string()).default([]),
  })
  .transform(({ run_id, ...version }): MlflowModelVersion => Object.freeze({ ...version, runId: run_id }));

/** What the calls about one version answer with. */
export const modelVersionAnswer = z.object({ model_version: modelVersion });
const found = z.object({
  model_versions: z.array(modelVersion).default([]),
  next_page_token: z.string().optional(),
});

/** One version, or undefined where there is none of that number. */
export async function getModelVersion(
  mlflow: MlflowConnection,
  name: string,
  version: number,
  signal?: AbortSignal,
): Promise<MlflowModelVersion | undefined> {
  try {
    const query = { name, version };
    const answer = await mlflow.call('GET', 'model-versions/get', { query, signal });
    return shaped(modelVersionAnswer, answer, 'model-versions/get').model_version;
  } catch (error) {
    if (isRefusal(error, 'RESOURCE_DOES_NOT_EXIST')) return undefined;
    throw error;
  }
}

/** Every version of a model, ascending; none where there is no such model. */
export async function listModelVersions(
  mlflow: MlflowConnection,
  name: string,
  signal?: AbortSignal,
): Promise<readonly MlflowModelVersion[]> {
  const versions = await allPages(async (token) => {
    const query = { filter: `name=${quoted(name)}`, max_results: 1_000, page_token: token };
    const answer = await mlflow.call('GET', 'model-versions/search', { query, signal });
    const { model_versions, next_page_token } = shaped(found, answer, 'model-versions/search');
    return { items: model_versions, next: next_page_token };
  });
  // The search says nothing of aliases in some versions of MLflow: ask `getRegisteredModel` for those.
  return [...versions].sort((a, b) => a.version - b.version);
}

/** What a new version is made of. */
export interface NewModelVersion {
  readonly name: string;
  /** Where its files lie: `models:/<model id>` or the address of a folder of artifacts. */
  readonly source: string;
  readonly runId: string;
  readonly modelId?: string | undefined;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * Makes a version. Not tried again when the server may have acted: look for its tag first.
 * MLflow checks neither the source nor the run, so the files must have been read back before.
 */
export async function createModelVersion(
  mlflow: MlflowConnection,
  { name, source, runId, modelId, description = '', tags = {} }: NewModelVersion,
  signal?: AbortSignal,
): Promise<MlflowModelVersion> {
  const answer = await mlflow.call('POST', 'model-versions/create', {
    body: {
      ...{ name, source, run_id: runId, description, tags: asKeyValues(tags) },
      ...(modelId !== undefined && { model_id: modelId }),
    },
    repeatable: false,
    signal,
  });
  return shaped(modelVersionAnswer, answer, 'model-versions/create').model_version;
}

/** Removes a version for ever. */
export async function deleteModelVersion(
  mlflow: MlflowConnection,
  name: string,
  version: number,
  signal?: AbortSignal,
): Promise<void> {
  try {
    await mlflow.call('DELETE', 'model-versions/delete', {
      body: { name, version: String(version) },
      signal,
    });
  } catch (error) {
    if (!isRefusal(error, 'RESOURCE_DOES_NOT_EXIST')) throw error;
  }
}

/** Overwrites one tag of a version; `getModelVersion` reads them. */
export async function setVersionTag(
  mlflow: MlflowConnection,
  name: string,
  version: number,
  key: string,
  value: string,
  signal?: AbortSignal,
): Promise<void> {
  const body = { name, version: String(version), key, value };
  await mlflow.call('POST', 'model-versions/set-tag', { body, signal });
}

/** Removes one tag of a version. */
export async function deleteVersionTag(
  mlflow: MlflowConnection,
  name: string,
  version: number,
  key: string,
  signal?: AbortSignal,
): Promise<void> {
  const body = { name, version: String(version), key };
  await mlflow.call('DELETE', 'model-versions/delete-tag', { body, signal });
}

/** Markdown that MLflow shows on the page of the version. */
export async function setVersionDescription(
  mlflow: MlflowConnection,
  name: string,
  version: number,
  description: string,
  signal?: AbortSignal,
): Promise<void> {
  const body = { name, version: String(version), description };
  await mlflow.call('PATCH', 'model-versions/update', { body, signal });
}
