import { ServiceError } from '../../core/errors.js';
import { readBack, type ArtifactContent, type ArtifactStore } from '../mlflow/artifacts/store.js';
import type { Artifact } from '../run-record.js';

const attempts = 3;

/**
 * Stores content and reads it back until what lies there is what was meant.
 * @param isThere something of that size lies there already: it is read first, and stays when it is the same
 * @throws {ServiceError} when the store keeps giving back something else
 */
export async function putVerified(
  store: ArtifactStore,
  { path, sha256, size }: Artifact,
  content: ArtifactContent,
  isThere: boolean,
  signal?: AbortSignal,
): Promise<void> {
  const isSame = async (): Promise<boolean> => {
    const found = await readBack(store, path, signal);
    return found?.sha256 === sha256 && found.size === size;
  };
  if (isThere && (await isSame())) return;
  for (let tries = 0; tries < attempts; tries++) {
    await store.put(path, content, signal);
    if (await isSame()) return;
  }
  throw new ServiceError(
    `${path} was put into ${store.location} ${attempts} times and each time read back as something else; see the log of the store`,
  );
}
