import { z } from 'zod';
import { InterruptedError } from '../../../core/errors.js';
import { confinedPath } from '../../confined-path.js';
import type { MlflowConnection } from '../connection.js';
import { shaped } from '../pages.js';
import { MlflowError, unreachableError } from '../refusal.js';
import { contentType } from './content-type.js';
import { putInParts } from './multipart.js';
import { artifactsPath, proxiedFolder } from './proxied-folder.js';
import {
  encodedPath,
  sizeOf,
  streamOf,
  type ArtifactContent,
  type ArtifactStore,
  type StoredArtifact,
} from './store.js';

const multipartFrom = 100 * 2 ** 20;
const listing = z.object({
  files: z
    .array(
      z.object({
        path: z.string(),
        is_dir: z.boolean().default(false),
        file_size: z.coerce.number().default(0),
      }),
    )
    .default([]),
});

/** Artifacts that the MLflow server passes on to wherever it keeps them. */
export function proxiedArtifacts(mlflow: MlflowConnection, artifactUri: string): ArtifactStore {
  const root = proxiedFolder(artifactUri, mlflow.address);
  const { api, folder, withLogin } = root;
  const urlOf = (path: string): string =>
    `${api}${artifactsPath}/${encodedPath([folder, confinedPath(path)].filter((part) => part !== '').join('/'))}`;

  async function put(path: string, content: ArtifactContent, signal?: AbortSignal): Promise<void> {
    const size = sizeOf(content);
    if (size >= (mlflow.settings.multipartFrom ?? multipartFrom)) {
      if (await putInParts(mlflow, root, confinedPath(path), content, signal)) return;
    }
    const answer = await mlflow.send({
      ...{ method: 'PUT', url: urlOf(path), repeatable: true, withLogin, signal },
      headers: { 'content-type': contentType(path), 'content-length': String(size) },
      body: content instanceof Uint8Array ? content : () => streamOf(content),
    });
    await answer.body.dump();
  }

  async function listFolder(inside: string, signal?: AbortSignal): Promise<StoredArtifact[]> {
    const path = [folder, inside].filter((part) => part !== '').join('/');
    const url = `${api}${artifactsPath}?path=${encodeURIComponent(path)}`;
    const answer = await mlflow.send({ method: 'GET', url, repeatable: true, withLogin, signal });
    const text = await answer.body.text().catch((error: unknown) => {
      throw signal?.aborted ? new InterruptedError() : unreachableError(api, 'GET', artifactsPath, error);
    });
    const { files } = shaped(listing, jsonOf(text), 'mlflow-artifacts/artifacts');
    const found: StoredArtifact[] = [];
    for (const file of files) {
      // Relative to the folder that was asked for.
      const full = inside === '' ? file.path : `${inside}/${file.path}`;
      if (file.is_dir) found.push(...(await listFolder(full, signal)));
      else found.push({ path: full, size: file.file_size });
    }
    return found;
  }

  return Object.freeze({
    location: `${api}${artifactsPath}/${folder}`,
    put,
    list: (signal?: AbortSignal) => listFolder('', signal),
    async read(path: string, signal?: AbortSignal) {
      const ask = { method: 'GET', url: urlOf(path), withLogin, signal } as const;
      try {
        return (await mlflow.send({ ...ask, repeatable: false })).body;
      } catch (error) {
        if (!(error instanceof MlflowError)) throw error;
        if (error.status === 404) return undefined;
        if (!error.mayHaveActed) throw error;
        // Where the server keeps artifacts in S3, one that is not there is a failure inside like any other.
        const files = await listFolder('', signal);
        if (!files.some((file) => file.path === path)) return undefined;
        return (await mlflow.send({ ...ask, repeatable: true })).body;
      }
    },
  });
}

/** Text that is no JSON is a shape of its own, which is refused by the next who looks. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
