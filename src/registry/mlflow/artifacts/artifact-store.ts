import { ConfigError } from '../../../core/errors.js';
import type { MlflowConnection } from '../connection.js';
import { proxiedArtifacts } from './proxied.js';
import type { ArtifactStore } from './store.js';

/**
 * The store behind an `artifact_uri` of MLflow, by its scheme: through the server, or straight to the object store.
 * @throws {ConfigError} for a place that this program cannot reach, naming the flag of the server that changes it
 */
export async function openArtifactStore(
  mlflow: MlflowConnection,
  artifactUri: string,
): Promise<ArtifactStore> {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(artifactUri)?.[1].toLowerCase() ?? 'file';
  if (scheme === 's3') {
    // The SDK is large: only who needs it waits for it.
    const { s3Artifacts } = await import('./s3.js');
    return s3Artifacts(artifactUri, mlflow.settings.s3 ?? {});
  }
  if (['mlflow-artifacts', 'http', 'https'].includes(scheme)) return proxiedArtifacts(mlflow, artifactUri);
  throw new ConfigError(
    `MLflow keeps artifacts at ${scheme}:, which only the server itself can reach; start mlflow server with --artifacts-destination (and --serve-artifacts), or with --default-artifact-root s3://…`,
  );
}
