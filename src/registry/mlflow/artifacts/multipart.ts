import { z } from 'zod';
import { ServiceError } from '../../../core/errors.js';
import type { MlflowConnection } from '../connection.js';
import { shaped } from '../pages.js';
import { isRefusal, MlflowError } from '../refusal.js';
import type { ProxiedFolder } from './proxied.js';
import { encodedPath, sizeOf, streamOf, type ArtifactContent } from './store.js';

/** Bytes of a part, where that makes no more than S3's 10,000 of them. */
const partBytes = 16 * 2 ** 20;
const mostParts = 10_000;

const created = z.object({
  upload_id: z.string().default(''),
  credentials: z.array(
    z.object({
      url: z.string(),
      part_number: z.coerce.number(),
      headers: z.record(z.string(), z.string()).nullish(),
    }),
  ),
});

/**
 * Stores a large file in parts, straight into the object store behind the server, by addresses that the server signs.
 * @returns false where the server cannot do that, or its object store cannot be reached from here: then the file goes
 * through the server
 */
export async function putInParts(
  mlflow: MlflowConnection,
  { api, folder, withLogin }: ProxiedFolder,
  path: string,
  content: ArtifactContent,
  signal?: AbortSignal,
): Promise<boolean> {
  const size = sizeOf(content);
  const bytes = Math.max(partBytes, Math.ceil(size / mostParts));
  const count = Math.ceil(size / bytes);
  const slash = path.lastIndexOf('/');
  const inside = [folder, path.slice(0, Math.max(0, slash))].filter((part) => part !== '').join('/');
  const name = path.slice(slash + 1);

  async function ask(verb: 'create' | 'complete' | 'abort', body: object): Promise<unknown> {
    const answer = await mlflow.send({
      ...{ method: 'POST', url: `${api}/mlflow-artifacts/mpu/${verb}/${encodedPath(inside)}` },
      // Completed twice, the second time there is no such upload: read back what is there instead.
      ...{ repeatable: verb === 'create', withLogin, signal },
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ path: name, ...body }),
    });
    const text = await answer.body.text();
    return text === '' ? {} : (JSON.parse(text) as unknown);
  }

  let upload: z.infer<typeof created>;
  try {
    upload = shaped(created, await ask('create', { num_parts: count }), 'mlflow-artifacts/mpu/create');
  } catch (error) {
    if (isRefusal(error, 501, 404, 405)) return false;
    throw error;
  }
  const { upload_id, credentials } = upload;
  try {
    const parts: { part_number: number; etag: string; url: string }[] = [];
    for (const { url, part_number, headers } of credentials) {
      const start = (part_number - 1) * bytes;
      const end = Math.min(start + bytes, size);
      const answer = await mlflow.send({
        ...{ method: 'PUT', url, repeatable: true, withLogin: false, signal },
        headers: { ...headers, 'content-length': String(end - start) },
        body: () => streamOf(content, start, end),
      });
      await answer.body.dump();
      const { etag } = answer.headers;
      if (typeof etag !== 'string') throw new ServiceError(`part ${part_number} of ${path} came to no ETag`);
      parts.push({ part_number, etag, url });
    }
    await ask('complete', { upload_id, parts });
    return true;
  } catch (error) {
    await ask('abort', { upload_id }).catch(() => undefined);
    // The signed addresses name the object store as the server sees it, which need not be how it is seen from here.
    if (error instanceof MlflowError && error.status === 0) return false;
    throw error;
  }
}
