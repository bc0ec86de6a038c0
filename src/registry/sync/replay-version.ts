import { readFile } from 'node:fs/promises';
import { sha256 } from '../../core/record.js';
import { openArtifactStore } from '../mlflow/artifacts/artifact-store.js';
import type { ArtifactContent } from '../mlflow/artifacts/store.js';
import type { MlflowConnection } from '../mlflow/connection.js';
import { limits, mlflowText } from '../mlflow/keys.js';
import {
  createLoggedModel,
  deleteLoggedModel,
  findLoggedModelsByTag,
  finishLoggedModel,
  lacksLoggedModels,
  linkLoggedModel,
} from '../mlflow/logged-models.js';
import { modelDirectory } from '../mlflow/model-directory.js';
import type { ModelFacts } from '../mlflow/model-facts.js';
import {
  createModelVersion,
  deleteModelVersion,
  getModelVersion,
  listModelVersions,
  setVersionDescription,
  setVersionTag,
  type MlflowModelVersion,
} from '../mlflow/model-versions.js';
import { ensureRegisteredModel } from '../mlflow/registered-models.js';
import type { MlflowRun } from '../mlflow/runs.js';
import { verifyArtifact, type ModelVersion } from '../model-version.js';
import type { Artifact } from '../run-record.js';
import { createOnce } from './create-once.js';
import { putVerified } from './put-verified.js';

/** Names of the tags of a version. */
export const versionTags = Object.freeze({
  /** The key of the run and the number in the local store. */
  key: 'kol.version_key',
  /** Set when everything about the version is there. */
  complete: 'kol.synced',
});

/** A version of the local registry on its way to MLflow. */
export interface LocalVersion {
  readonly version: ModelVersion;
  /** Key of its run. */
  readonly runKey: string;
  /** What MLflow is told of it; undefined where it is no graph. */
  readonly facts: ModelFacts | undefined;
  readonly fileOf: (path: string) => string;
}

/** Tells a version from those of the same number in other stores. */
export function versionKey(runKey: string, { version }: Pick<ModelVersion, 'version'>): string {
  return `${runKey}/${version}`;
}

/** The key of the run in a key of a version. */
export function runKeyOf(versionKey: string | undefined): string | undefined {
  return versionKey?.replace(/\/\d+$/, '');
}

/**
 * Makes the version in MLflow where it is not there: its files are stored and read back first, the version comes
 * last, so that there is none without files.
 * @param run the run in MLflow that made it
 * @throws {DataError} for a file that is not what was logged
 */
export async function replayVersion(
  mlflow: MlflowConnection,
  local: LocalVersion,
  run: MlflowRun,
  signal?: AbortSignal,
): Promise<MlflowModelVersion> {
  const { version, facts } = local;
  const { name } = version;
  const key = versionKey(local.runKey, version);
  const known = async (): Promise<readonly MlflowModelVersion[]> =>
    (await listModelVersions(mlflow, name, signal))
      .filter(({ tags }) => tags[versionTags.key] === key)
      // One that everything was done for stays the one.
      .sort((a, b) => Number(versionTags.complete in b.tags) - Number(versionTags.complete in a.tags));
  const [before] = await known();
  if (before !== undefined && versionTags.complete in before.tags) return before;

  const { source, modelId } =
    before === undefined
      ? await storeFiles(mlflow, local, run, key, signal)
      : { source: before.source, modelId: undefined };
  await ensureRegisteredModel(mlflow, name, facts && { description: facts.about }, signal);
  const made = await createOnce(
    mlflow,
    {
      find: known,
      create: () =>
        createModelVersion(
          mlflow,
          { name, source, runId: run.runId, modelId, tags: { [versionTags.key]: key } },
          signal,
        ),
      discard: async (extra) => {
        const { aliases = [] } = (await getModelVersion(mlflow, name, extra.version, signal)) ?? {};
        if (aliases.length === 0) await deleteModelVersion(mlflow, name, extra.version, signal);
      },
    },
    signal,
  );
  await describe(mlflow, local, made, signal);
  return made;
}

/** Stores every file of a version as a logged model, or within the run where the server knows no such thing. */
async function storeFiles(
  mlflow: MlflowConnection,
  local: LocalVersion,
  run: MlflowRun,
  key: string,
  signal: AbortSignal | undefined,
): Promise<{ source: string; modelId?: string | undefined }> {
  // Without a graph there is nothing to load: the version names the files that the run has.
  if (local.facts === undefined) return { source: run.artifactUri };
  const model = await ensureLoggedModel(mlflow, local, run, key, signal);
  const folder = `model-${local.version.name}-${local.version.version}`;
  const uri = model?.artifactUri ?? `${run.artifactUri.replace(/\/$/, '')}/${folder}`;
  await storeDirectory(
    mlflow,
    local,
    local.facts,
    uri,
    { key, runId: run.runId, folder, modelId: model?.modelId },
    signal,
  );
  if (model === undefined) return { source: uri };
  const { modelId } = model;
  if (!/READY/.test(model.status)) await finishLoggedModel(mlflow, modelId, 'LOGGED_MODEL_READY', signal);
  await linkLoggedModel(mlflow, run.runId, modelId, signal);
  return { source: `models:/${modelId}`, modelId };
}

async function ensureLoggedModel(
  mlflow: MlflowConnection,
  { version: { name } }: LocalVersion,
  { experimentId, runId }: MlflowRun,
  key: string,
  signal: AbortSignal | undefined,
): Promise<{ modelId: string; artifactUri: string; status: string } | undefined> {
  const tags = { [versionTags.key]: key };
  try {
    return await createOnce(
      mlflow,
      {
        find: async () =>
          [...(await findLoggedModelsByTag(mlflow, experimentId, runId, versionTags.key, key, signal))].sort(
            (a, b) => Number(/READY/.test(b.status)) - Number(/READY/.test(a.status)),
          ),
        create: () => createLoggedModel(mlflow, { experimentId, name, runId, tags }, signal),
        discard: ({ modelId }) => deleteLoggedModel(mlflow, modelId, signal),
      },
      signal,
    );
  } catch (error) {
    if (lacksLoggedModels(error)) return undefined;
    throw error;
  }
}

async function storeDirectory(
  mlflow: MlflowConnection,
  { version, fileOf }: LocalVersion,
  facts: ModelFacts,
  uri: string,
  place: {
    readonly key: string;
    readonly runId: string;
    readonly folder: string;
    readonly modelId: string | undefined;
  },
  signal: AbortSignal | undefined,
): Promise<void> {
  const wanted = new Set([facts.graph, ...facts.beside]);
  const released = version.artifacts.filter(({ path }) => wanted.has(path));
  const generated = modelDirectory(facts, {
    ...{ key: place.key, runId: place.runId, createdAt: version.createdAt },
    size: released.reduce((sum, { size }) => sum + size, 0),
    ...(place.modelId === undefined ? { artifactPath: place.folder } : { modelId: place.modelId }),
  });
  const files: [Artifact, ArtifactContent][] = [];
  for (const artifact of released) {
    const file = fileOf(artifact.path);
    await verifyArtifact(file, artifact);
    files.push([artifact, artifact.size < 2 ** 20 ? await readFile(file) : { file, size: artifact.size }]);
  }
  for (const [path, text] of Object.entries(generated)) {
    const bytes = Buffer.from(text);
    files.push([{ path, sha256: sha256(bytes), size: bytes.length }, bytes]);
  }
  const store = await openArtifactStore(mlflow, uri);
  const there = new Map((await store.list(signal)).map(({ path, size }) => [path, size]));
  // MLmodel is what a loader reads first, so it comes last.
  const ordered = [...files].sort(([a], [b]) => Number(a.path === 'MLmodel') - Number(b.path === 'MLmodel'));
  for (const [artifact, content] of ordered)
    await putVerified(store, artifact, content, there.get(artifact.path) === artifact.size, signal);
}

/** What the pages of MLflow show of the version; the mark that it is complete comes last. */
async function describe(
  mlflow: MlflowConnection,
  { version, facts }: LocalVersion,
  { version: number }: MlflowModelVersion,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { name } = version;
  const text = [version.description, facts?.card ?? ''].filter((part) => part !== '').join('\n\n');
  if (text !== '') await setVersionDescription(mlflow, name, number, mlflowText(text, 4_900), signal);
  const hashes = Object.fromEntries(
    version.artifacts.map(({ path, sha256: hash }) => [`sha256.${path}`, hash]),
  );
  const tags: Record<string, string> = {
    ...version.tags,
    ...hashes,
    'kol.local_version': String(version.version),
    'kol.created_by': version.createdBy,
    [versionTags.complete]: new Date(version.createdAt).toISOString(),
  };
  for (const [tag, value] of Object.entries(tags))
    await setVersionTag(mlflow, name, number, tag, mlflowText(value, limits.modelTagValue), signal);
}
