import type { MlflowConnection } from './connection.js';
import { modelVersionAnswer, type MlflowModelVersion } from './model-versions.js';
import { shaped } from './pages.js';
import { isRefusal } from './refusal.js';

/** The version behind an alias such as `champion`; undefined where there is no such alias or model. */
export async function getAlias(
  mlflow: MlflowConnection,
  name: string,
  alias: string,
  signal?: AbortSignal,
): Promise<MlflowModelVersion | undefined> {
  try {
    const answer = await mlflow.call('GET', 'registered-models/alias', { query: { name, alias }, signal });
    return shaped(modelVersionAnswer, answer, 'registered-models/alias').model_version;
  } catch (error) {
    if (isRefusal(error, 'RESOURCE_DOES_NOT_EXIST') || isMissingAlias(error)) return undefined;
    throw error;
  }
}

/** Makes or moves an alias. MLflow compares nothing: whoever must not overwrite reads before and after. */
export async function setAlias(
  mlflow: MlflowConnection,
  name: string,
  alias: string,
  version: number,
  signal?: AbortSignal,
): Promise<void> {
  await mlflow.call('POST', 'registered-models/alias', {
    body: { name, alias, version: String(version) },
    signal,
  });
}

/** Removes an alias; one that is not there stays so. */
export async function deleteAlias(
  mlflow: MlflowConnection,
  name: string,
  alias: string,
  signal?: AbortSignal,
): Promise<void> {
  try {
    await mlflow.call('DELETE', 'registered-models/alias', { body: { name, alias }, signal });
  } catch (error) {
    if (!isMissingAlias(error)) throw error;
  }
}

/** A missing alias is said with 400 and the name of a wrong parameter. */
function isMissingAlias(error: unknown): boolean {
  return isRefusal(error, 'INVALID_PARAMETER_VALUE') && /alias .* not found/i.test(error.message);
}
