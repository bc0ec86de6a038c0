import { ConfigError, DataError } from '../../core/errors.js';
import { listNames, nearestHint } from '../../core/nearest-name.js';
import type { ModelUri } from '../model-uri.js';
import { versionTags } from '../sync/replay-version.js';
import { openArtifactStore } from '../mlflow/artifacts/artifact-store.js';
import type { ArtifactStore } from '../mlflow/artifacts/store.js';
import type { MlflowConnection } from '../mlflow/connection.js';
import { getModelVersion, listModelVersions, type MlflowModelVersion } from '../mlflow/model-versions.js';
import { getRegisteredModel, listRegisteredModels } from '../mlflow/registered-models.js';
import { getRun } from '../mlflow/runs.js';

/** A version that a sync has wholly sent, with the SHA-256 of each of its files. */
export interface ReleasedVersion {
  readonly name: string;
  readonly version: number;
  readonly runId: string;
  /** SHA-256 by path. */
  readonly hashes: ReadonlyMap<string, string>;
}

const hashTag = 'sha256.';

/**
 * The released version behind `models:/name@alias` or `models:/name/3` in MLflow; undefined where MLflow knows no
 * model of that name.
 * @throws {ConfigError} where the alias or version is missing, naming those that there are
 * @throws {DataError} for a version that nobody released with this toolkit
 */
export async function findReleasedVersion(
  mlflow: MlflowConnection,
  { name, alias, version }: ModelUri,
  signal?: AbortSignal,
): Promise<ReleasedVersion | undefined> {
  const place = `MLflow at ${mlflow.address.base}`;
  const model = await getRegisteredModel(mlflow, name, signal);
  if (model === undefined) return undefined;
  const { aliases } = model;
  if (alias !== null && !Object.hasOwn(aliases, alias)) {
    const known = Object.entries(aliases).map(([key, number]) => `${key} (version ${number})`);
    throw new ConfigError(
      known.length === 0
        ? `model ${name} has no alias yet in ${place}; promote a version first: kol promote --model ${name}`
        : `model ${name} has no alias ${alias} in ${place}${nearestHint(alias, Object.keys(aliases))}; it has ${listNames(known)}`,
    );
  }
  const number = alias === null ? version : aliases[alias];
  const found = await getModelVersion(mlflow, name, number, signal);
  if (found !== undefined) return releasedOf(found, place);
  const known = (await listModelVersions(mlflow, name, signal)).map((one) => String(one.version));
  throw new ConfigError(`model ${name} has no version ${number} in ${place}; it has ${listNames(known)}`);
}

function releasedOf(found: MlflowModelVersion, place: string): ReleasedVersion {
  const { name, version, runId, tags } = found;
  const hashes = new Map(
    Object.entries(tags)
      .filter(([tag]) => tag.startsWith(hashTag))
      .map(([tag, hash]) => [tag.slice(hashTag.length), hash]),
  );
  if (versionTags.key in tags && !(versionTags.complete in tags))
    throw new ConfigError(
      `version ${version} of ${name} is not wholly in ${place} yet; run kol sync where it was trained`,
    );
  if (!hashes.has('model.onnx'))
    throw new DataError(
      `version ${version} of ${name} in ${place} was not released by kol: it carries no tag ${hashTag}model.onnx to hold its graph against; name its model.onnx as a file`,
    );
  return Object.freeze({ name, version, runId, hashes });
}

/** Where the files of a released version lie: those of its run, which a sync has read back. */
export async function openReleasedFiles(
  mlflow: MlflowConnection,
  { runId }: ReleasedVersion,
  signal?: AbortSignal,
): Promise<ArtifactStore> {
  return openArtifactStore(mlflow, (await getRun(mlflow, runId, signal)).artifactUri);
}

/** What to say where there is no model of that name. */
export async function unknownModel(
  mlflow: MlflowConnection,
  name: string,
  local: readonly string[],
  signal?: AbortSignal,
): Promise<ConfigError> {
  const known = [...new Set([...(await listRegisteredModels(mlflow, signal)), ...local])].sort();
  return new ConfigError(
    `there is no model ${name} in MLflow at ${mlflow.address.base}, nor in the local store${nearestHint(name, known)}; there are ${listNames(known)}`,
  );
}
