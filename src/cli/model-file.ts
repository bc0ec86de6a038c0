import { readFile, stat } from 'node:fs/promises';
import { ConfigError, DataError } from '../core/errors.js';
import { sha256 } from '../core/record.js';
import { dirname, join } from 'node:path';
import { fetchFile } from '../registry/download/fetch-file.js';
import {
  findReleasedVersion,
  openReleasedFiles,
  unknownModel,
  type ReleasedVersion,
} from '../registry/download/released-version.js';
import type { MlflowConnection } from '../registry/mlflow/connection.js';
import type { ModelRegistry } from '../registry/model-registry.js';
import { parseModelUri } from '../registry/model-uri.js';
import type { ServingCard } from '../release/card.js';
import { readCard } from '../release/read-card.js';
import { withMlflow } from './mlflow-sync.js';
import type { CliSession } from './session.js';

/** A graph ready to be opened, and what it says of itself. */
export interface ModelFile {
  readonly onnx: Uint8Array;
  readonly card: ServingCard;
  /** Another file of the same release. */
  sibling(name: string): Promise<Uint8Array>;
}

/** A model of a registry, with its number there. */
export interface RegisteredModelFile extends ModelFile {
  readonly version: number;
}

/**
 * The model behind `models:/name@alias`, `models:/name/3`, a model.onnx, or the folder that holds one. Models are
 * those of MLflow where one is named, whose numbers and champion are the ones that count, and of the local store where
 * MLflow has none of that name yet.
 * @throws {ConfigError} when there is no such model
 * @throws {DataError} when the file was changed or is not one of ours
 * @throws {ServiceError} when MLflow does not answer
 */
export async function openModel(uri: string, session: CliSession): Promise<ModelFile> {
  return uri.startsWith('models:/') ? openRegisteredModel(uri, session) : openFile(uri);
}

/** The same for an address that must be `models:/…`. */
export async function openRegisteredModel(uri: string, session: CliSession): Promise<RegisteredModelFile> {
  const { environment, models, progress } = session;
  if (environment.mlflow === undefined) return openLocalModel(uri, models);
  const found = await releasedVersion(uri, session);
  if (found !== undefined) return openReleased(uri, found, session);
  progress.note(`${uri} is not in MLflow yet: this is the one of ${environment.store}; kol sync sends it`);
  return openLocalModel(uri, models);
}

/** The same for a model of the local store, whatever MLflow has. */
export async function openLocalModel(uri: string, models: ModelRegistry): Promise<RegisteredModelFile> {
  const { files, version } = await models.resolve(uri);
  const sibling = async (name: string): Promise<Uint8Array> => {
    const found = files.find(({ path }) => path === name);
    if (found === undefined) throw new DataError(`${uri} has no file ${name}`);
    return readFile(found.file);
  };
  const onnx = await sibling('model.onnx');
  return { onnx, card: readCard(onnx, uri), version, sibling };
}

/** The version in MLflow; undefined where only the local store has a model of that name. */
async function releasedVersion(uri: string, session: CliSession): Promise<ReleasedVersion | undefined> {
  const reference = parseModelUri(uri);
  const { signal, models } = session;
  return withMlflow(session, async (mlflow) => {
    const found = await findReleasedVersion(mlflow, reference, signal);
    if (found !== undefined) return found;
    const local = await models.names();
    if (local.includes(reference.name)) return undefined;
    throw await unknownModel(mlflow, reference.name, local, signal);
  });
}

async function openReleased(
  uri: string,
  release: ReleasedVersion,
  session: CliSession,
): Promise<RegisteredModelFile> {
  const { runs, signal, progress } = session;
  const { name, version, hashes } = release;
  const sibling = async (path: string): Promise<Uint8Array> => {
    const sha256 = hashes.get(path);
    if (sha256 === undefined)
      throw new DataError(`${uri} (version ${version} of ${name}) has no file ${path}`);
    const open = (mlflow: MlflowConnection) => {
      progress.note(`fetching ${path} of ${name} version ${version} from ${mlflow.address.base}`);
      return openReleasedFiles(mlflow, release, signal);
    };
    return withMlflow(session, (mlflow) =>
      fetchFile(runs.folder, { path, sha256 }, () => open(mlflow), signal),
    );
  };
  const onnx = await sibling('model.onnx');
  return { onnx, card: readCard(onnx, uri), version, sibling };
}

/** A model.onnx, or the folder that holds one. Where a model.json stands beside it, the SHA-256 must be the one it names. */
async function openFile(uri: string): Promise<ModelFile> {
  const isFolder = await stat(uri).then(
    (status) => status.isDirectory(),
    () => false,
  );
  const path = isFolder ? join(uri, 'model.onnx') : uri;
  const onnx = await readFile(path).catch((cause: unknown) => {
    throw new ConfigError(
      `--model ${uri}: there is no file ${path}; name a model.onnx or models:/name@champion`,
      { cause },
    );
  });
  const sibling = (name: string): Promise<Uint8Array> => readFile(join(dirname(path), name));
  const beside = await sibling('model.json').catch(() => undefined);
  if (beside !== undefined) {
    const expected = hashIn(Buffer.from(beside).toString('utf8'));
    if (expected !== undefined && expected !== sha256(onnx)) {
      throw new DataError(
        `${path} is not the file that model.json beside it describes (SHA-256 differs); copy both again`,
      );
    }
  }
  return { onnx, card: readCard(onnx, path), sibling };
}

function hashIn(json: string): string | undefined {
  try {
    return (JSON.parse(json) as { sha256?: Record<string, string> }).sha256?.['model.onnx'];
  } catch {
    return undefined;
  }
}
