import { AwsClient } from 'aws4fetch';
import { openAsBlob } from 'node:fs';
import { ConfigError, InterruptedError, ServiceError } from '../core/errors.js';

/** How to reach MinIO or another store that speaks S3. */
export interface ObjectStoreSettings {
  /** Such as `http://minio:9000`; buckets are paths below it. */
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

/** Objects by bucket and key. */
export interface ObjectStore {
  readonly location: string;
  /**
   * Stores a file as it is on disk, without holding it in memory; a store that is busy is asked again.
   * @throws {ServiceError} when the store cannot be reached or refuses
   * @throws {InterruptedError} once `signal` is aborted
   */
  putFile(bucket: string, key: string, path: string, signal?: AbortSignal): Promise<void>;
}

/** @throws {ConfigError} for an endpoint that is no http address */
export function objectStore(settings: ObjectStoreSettings): ObjectStore {
  const { endpoint, accessKeyId, secretAccessKey, region } = settings;
  if (!/^https?:\/\/[^/@]+\/?$/.test(endpoint))
    throw new ConfigError('the object store must be an address such as http://minio:9000, without a path');
  const location = endpoint.replace(/\/$/, '');
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 4 });
  return {
    location,
    async putFile(bucket, key, path, signal) {
      const url = `${location}/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
      const body = await openAsBlob(path);
      const answer = await client
        .fetch(url, {
          method: 'PUT',
          body,
          headers: { 'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD' },
          ...(signal && { signal }),
        })
        .catch((error: unknown) => {
          if (signal?.aborted) throw new InterruptedError(undefined, { cause: signal.reason });
          throw new ServiceError(`object store ${location} cannot be reached: ${reasonOf(error)}`);
        });
      const text = await answer.text();
      if (!answer.ok) {
        const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? `status ${answer.status}`;
        throw new ServiceError(
          `object store ${location} refused s3://${bucket}/${key}: ${code}${mends[code] ?? ''}`,
        );
      }
    },
  };
}

const mends: Readonly<Record<string, string>> = {
  NoSuchBucket: '; make the bucket first (make init-buckets)',
  InvalidAccessKeyId: '; check AWS_ACCESS_KEY_ID',
  SignatureDoesNotMatch: '; check AWS_SECRET_ACCESS_KEY',
  AccessDenied: '; this key may not write there',
};

/** fetch itself says only that it failed. */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? String(error);
}
