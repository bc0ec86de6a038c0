import { z } from 'zod';
import type { MlflowConnection } from './connection.js';
import { allPages, asKeyValues, keyValues, shaped } from './pages.js';
import { isRefusal } from './refusal.js';

/** A model's name in MLflow with what hangs on it. */
export interface RegisteredModel {
  readonly name: string;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Version number by alias. */
  readonly aliases: Readonly<Record<string, number>>;
}

const registeredModel = z.object({
  registered_model: z
    .object({
      name: z.string(),
      description: z.string().default(''),
      tags: keyValues,
      aliases: z.array(z.object({ alias: z.string(), version: z.coerce.number().int() })).default([]),
    })
    .transform(({ name, description, tags, aliases }): RegisteredModel =>
      Object.freeze({
        ...{ name, description, tags },
        aliases: Object.freeze(Object.fromEntries(aliases.map(({ alias, version }) => [alias, version]))),
      }),
    ),
});

/** The registered model, its aliases included, or undefined where there is none. */
export async function getRegisteredModel(
  mlflow: MlflowConnection,
  name: string,
  signal?: AbortSignal,
): Promise<RegisteredModel | undefined> {
  try {
    const answer = await mlflow.call('GET', 'registered-models/get', { query: { name }, signal });
    return shaped(registeredModel, answer, 'registered-models/get').registered_model;
  } catch (error) {
    if (isRefusal(error, 'RESOURCE_DOES_NOT_EXIST')) return undefined;
    throw error;
  }
}

const listed = z.object({
  registered_models: z.array(z.object({ name: z.string() })).default([]),
  next_page_token: z.string().optional(),
});

/** The names of all registered models. */
export async function listRegisteredModels(
  mlflow: MlflowConnection,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  return allPages(async (token) => {
    const query = { max_results: 1_000, page_token: token };
    const answer = await mlflow.call('GET', 'registered-models/search', { query, signal });
    const { registered_models, next_page_token } = shaped(listed, answer, 'registered-models/search');
    return { items: registered_models.map(({ name }) => name), next: next_page_token };
  });
}

/** Makes the registered model where there is none; one that is there stays as it is. */
export async function ensureRegisteredModel(
  mlflow: MlflowConnection,
  name: string,
  about: { readonly description?: string; readonly tags?: Readonly<Record<string, string>> } = {},
  signal?: AbortSignal,
): Promise<void> {
  if ((await getRegisteredModel(mlflow, name, signal)) !== undefined) return;
  const { description = '', tags = {} } = about;
  try {
    // The name is unique in MLflow: sent twice, the second one is refused.
    await mlflow.call('POST', 'registered-models/create', {
      body: { name, description, tags: asKeyValues(tags) },
      signal,
    });
  } catch (error) {
    if (!isRefusal(error, 'RESOURCE_ALREADY_EXISTS')) throw error;
  }
}

/** Overwrites one tag of a registered model. */
export async function setModelTag(
  mlflow: MlflowConnection,
  name: string,
  key: string,
  value: string,
  signal?: AbortSignal,
): Promise<void> {
  await mlflow.call('POST', 'registered-models/set-tag', { body: { name, key, value }, signal });
}

/** Removes one tag of a registered model; one that is not there stays so. */
export async function deleteModelTag(
  mlflow: MlflowConnection,
  name: string,
  key: string,
  signal?: AbortSignal,
): Promise<void> {
  await mlflow.call('DELETE', 'registered-models/delete-tag', { body: { name, key }, signal });
}

/** Markdown that MLflow shows on the model's page. */
export async function setModelDescription(
  mlflow: MlflowConnection,
  name: string,
  description: string,
  signal?: AbortSignal,
): Promise<void> {
  await mlflow.call('PATCH', 'registered-models/update', { body: { name, description }, signal });
}
