import { z } from 'zod';
import type { MlflowConnection } from './connection.js';
import { keyValues, shaped } from './pages.js';
import { isRefusal, MlflowError } from './refusal.js';

/** A folder of runs. */
export interface Experiment {
  readonly id: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly isDeleted: boolean;
}

const byName = z.object({
  experiment: z
    .object({
      experiment_id: z.string(),
      name: z.string(),
      lifecycle_stage: z.string().default('active'),
      tags: keyValues,
    })
    .transform(({ experiment_id, name, lifecycle_stage, tags }): Experiment =>
      Object.freeze({ id: experiment_id, name, tags, isDeleted: lifecycle_stage !== 'active' }),
    ),
});

/** The experiment of that name, or undefined. */
export async function getExperiment(
  mlflow: MlflowConnection,
  name: string,
  signal?: AbortSignal,
): Promise<Experiment | undefined> {
  try {
    const query = { experiment_name: name };
    const answer = await mlflow.call('GET', 'experiments/get-by-name', { query, signal });
    return shaped(byName, answer, 'experiments/get-by-name').experiment;
  } catch (error) {
    if (isRefusal(error, 'RESOURCE_DOES_NOT_EXIST')) return undefined;
    throw error;
  }
}

/**
 * The id of the experiment of that name, made where there is none.
 * @throws {MlflowError} when somebody deleted it: MLflow takes no runs for it, and gives its name to no other
 */
export async function ensureExperiment(
  mlflow: MlflowConnection,
  name: string,
  signal?: AbortSignal,
): Promise<string> {
  let found = await getExperiment(mlflow, name, signal);
  if (found === undefined) {
    try {
      // The name is unique in MLflow: sent twice, the second one is refused.
      await mlflow.call('POST', 'experiments/create', { body: { name }, signal });
    } catch (error) {
      if (!isRefusal(error, 'RESOURCE_ALREADY_EXISTS')) throw error;
    }
    found = await getExperiment(mlflow, name, signal);
  }
  if (found === undefined || found.isDeleted) {
    throw new MlflowError(
      `experiment ${name} was deleted in MLflow; restore it (mlflow experiments restore), or remove it for ever (mlflow gc)`,
      { status: 400 },
    );
  }
  return found.id;
}

/** Overwrites one tag of an experiment. */
export async function setExperimentTag(
  mlflow: MlflowConnection,
  experimentId: string,
  key: string,
  value: string,
  signal?: AbortSignal,
): Promise<void> {
  const body = { experiment_id: experimentId, key, value };
  await mlflow.call('POST', 'experiments/set-experiment-tag', { body, signal });
}

/**
 * Gives an experiment another name.
 * @throws {MlflowError} where another one has it: names are unique, of several at once one wins
 */
export async function renameExperiment(
  mlflow: MlflowConnection,
  experimentId: string,
  name: string,
  signal?: AbortSignal,
): Promise<void> {
  const body = { experiment_id: experimentId, new_name: name };
  await mlflow.call('POST', 'experiments/update', { body, signal });
}

/** Moves an experiment to MLflow's bin. */
export async function deleteExperiment(
  mlflow: MlflowConnection,
  experimentId: string,
  signal?: AbortSignal,
): Promise<void> {
  await mlflow.call('POST', 'experiments/delete', { body: { experiment_id: experimentId }, signal });
}
