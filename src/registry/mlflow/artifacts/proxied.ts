import { z } from 'zod';
import { InterruptedError } from '../../../core/errors.js';
import { confinedPath } from '../../confined-path.js';
import type { MlflowConnection } from '../connection.js';
import { shaped } from '../pages.js';
import { isRefusal, unreachableError } from '../refusal.js';
import { contentType } from './content-type.js';
import { putInParts } from './multipart.js';
import {
  encodedPath,
  sizeOf,
  streamOf,
  type ArtifactContent,
  type ArtifactStore,
  type StoredArtifact,
} from './store.js';

const marker = '/mlflow-artifacts/artifacts';
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

/** Where a folder of artifacts lies behind a server. */
export interface ProxiedFolder {
  /** Up to and without `/mlflow-artifacts/…`. */
  readonly api: string;
  /** Within the server's artifacts; no slash at either end. */
  readonly folder: string;
  /** Whether the server is the one that the login is for. */
  readonly withLogin: boolean;
}

/** Takes `mlflow-artifacts:/…`, `mlflow-artifacts://host/…` or an http address apart. */
export function proxiedFolder(
  uri: string,
  { base, origin }: { readonly base: string; readonly origin: string },
): ProxiedFolder {
  const within = (path: string): string => decodeURI(path).replaceAll(/^\/+|\/+$/g, '');
  if (/^https?:/i.test(uri)) {
    const [api, folder = ''] = uri.split(marker);
    return { api, folder: within(folder), withLogin: new URL(uri).origin === origin };
  }
  const [, authority = '', path = ''] = /^mlflow-artifacts:(?:\/\/([^/]*))?(\/.*)?$/i.exec(uri) ?? [];
  const own = new URL(base);
  // Another host keeps the scheme and the path of the tracking address, as in MLflow's own client.
  const server = authority === '' ? base : `${own.protocol}//${authority}${own.pathname.replace(/\/$/, '')}`;
  return { api: `${server}/api/2.0`, folder: within(path), withLogin: new URL(server).origin === origin };
}

/** Artifacts that the MLflow server passes on to wherever it keeps them. */
export function proxiedArtifacts(mlflow: MlflowConnection, artifactUri: string): ArtifactStore {
  const root = proxiedFolder(artifactUri, mlflow.address);
  const { api, folder, withLogin } = root;
  const urlOf = (path: string): string =>
    `${api}${marker}/${encodedPath([folder, confinedPath(path)].filter((part) => part !== '').join('/'))}`;

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
    const url = `${api}${marker}?path=${encodeURIComponent(path)}`;
    const answer = await mlflow.send({ method: 'GET', url, repeatable: true, withLogin, signal });
    const text = await answer.body.text().catch((error: unknown) => {
      throw signal?.aborted ? new InterruptedError() : unreachableError(api, 'GET', marker, error);
    });
    const { files } = shaped(listing, JSON.parse(text), 'mlflow-artifacts/artifacts');
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
    location: `${api}${marker}/${folder}`,
    put,
    list: (signal?: AbortSignal) => listFolder('', signal),
    async read(path: string, signal?: AbortSignal) {
      try {
        const ask = { method: 'GET', url: urlOf(path), repeatable: true, withLogin, signal } as const;
        return (await mlflow.send(ask)).body;
      } catch (error) {
        if (isRefusal(error, 404)) return undefined;
        throw error;
      }
    },
  });
}
