import { ConfigError, ServiceError } from '../core/errors.js';
import { connectMlflow, type MlflowConnection } from '../registry/mlflow/connection.js';
import { syncFailure, syncStore, type SyncReport } from '../registry/sync/sync-store.js';
import { modelFacts } from './model-facts.js';
import type { CliSession } from './session.js';

/**
 * Opens MLflow for as long as `work` takes.
 * @throws {ConfigError} where no MLflow is named
 */
export async function withMlflow<Result>(
  { environment, progress }: CliSession,
  work: (mlflow: MlflowConnection) => Promise<Result>,
): Promise<Result> {
  if (environment.mlflow === undefined) {
    throw new ConfigError(
      'MLFLOW_TRACKING_URI is not set; set it to the address of MLflow, such as http://mlflow:5000',
    );
  }
  const mlflow = connectMlflow({ ...environment.mlflow, onRetry: (message) => progress.note(message) });
  try {
    return await work(mlflow);
  } finally {
    await mlflow.close();
  }
}

/**
 * Sends to MLflow what it does not have yet.
 * @throws {ConfigError} where no MLflow is named
 * @throws {ServiceError} when it cannot be reached
 */
export async function syncToMlflow(
  session: CliSession,
  { verify = false, waitMs }: { readonly verify?: boolean; readonly waitMs?: number } = {},
): Promise<SyncReport> {
  const { runs, models, signal, progress } = session;
  return withMlflow(session, (mlflow) =>
    syncStore({
      ...{ runs, models, mlflow, describe: modelFacts, verify, signal },
      onStep: (step) => progress.note(`sending ${step} to ${mlflow.address.base}`),
      ...(waitMs !== undefined && { waitMs }),
    }),
  );
}

/**
 * Sends what a training has just kept, where an MLflow is named.
 * @throws {ServiceError} when it cannot be reached: the training is kept all the same
 */
export async function sendTraining(session: CliSession): Promise<void> {
  if (session.environment.mlflow === undefined) return;
  let report: SyncReport;
  try {
    report = await syncToMlflow(session);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new ServiceError(
      `the training is done and kept in ${session.runs.folder}, but not in MLflow yet: ${error.message}. Nothing is lost: kol sync sends it later`,
      { cause: error },
    );
  }
  for (const { name, reason } of report.held) session.progress.note(`${name}: ${reason}`);
  const failure = syncFailure(report);
  if (failure !== undefined) throw failure;
}
