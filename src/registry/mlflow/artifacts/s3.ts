import { GetObjectCommand, ListObjectsV2Command, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { Agent } from 'node:https';
import type { Readable } from 'node:stream';
import { ConfigError, InterruptedError, KolError, ServiceError } from '../../../core/errors.js';
import { confinedPath } from '../../confined-path.js';
import type { S3Settings } from '../settings.js';
import { contentType } from './content-type.js';
import { streamOf, type ArtifactContent, type ArtifactStore, type StoredArtifact } from './store.js';

/**
 * Artifacts at `s3://bucket/prefix`, which every client of MLflow reads and writes itself.
 * @throws {ConfigError} for an address without a bucket
 */
export function s3Artifacts(artifactUri: string, settings: S3Settings): ArtifactStore {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)(?:\/(.*?))?\/*$/i.exec(artifactUri) ?? [];
  if (bucket === undefined) throw new ConfigError(`artifacts at ${artifactUri} have no bucket`);
  const { endpoint, accessKeyId, secretAccessKey, sessionToken, region, ca, insecureTls } = settings;
  const client = new S3Client({
    region: region ?? 'us-east-1',
    maxAttempts: 5,
    // Buckets of MinIO are paths, not names of hosts.
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    ...(accessKeyId !== undefined &&
      secretAccessKey !== undefined && {
        credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
      }),
    ...((ca !== undefined || insecureTls === true) && {
      requestHandler: {
        httpsAgent: new Agent({ rejectUnauthorized: insecureTls !== true, ...(ca !== undefined && { ca }) }),
      },
    }),
  });
  const location = `s3://${bucket}/${prefix}`;
  const keyOf = (path: string): string => (prefix === '' ? path : `${prefix}/${path}`);

  /** Errors of the store in words. */
  async function asked<Answer>(
    signal: AbortSignal | undefined,
    work: () => Promise<Answer>,
  ): Promise<Answer> {
    try {
      return await work();
    } catch (error) {
      if (signal?.aborted) throw new InterruptedError(undefined, { cause: error });
      throw error instanceof KolError ? error : s3Error(error, endpoint, location);
    }
  }

  return Object.freeze({
    location,
    async put(path: string, content: ArtifactContent, signal?: AbortSignal) {
      const upload = new Upload({
        client,
        params: {
          ...{ Bucket: bucket, Key: keyOf(confinedPath(path)), ContentType: contentType(path) },
          Body: content instanceof Uint8Array ? content : streamOf(content),
        },
        partSize: 16 * 2 ** 20,
        queueSize: 2,
      });
      const abort = (): void => void upload.abort();
      signal?.addEventListener('abort', abort, { once: true });
      try {
        await asked(signal, () => upload.done());
      } finally {
        signal?.removeEventListener('abort', abort);
      }
    },
    async list(signal?: AbortSignal) {
      const found: StoredArtifact[] = [];
      for (let token: string | undefined; ;) {
        const answer = await asked(signal, () =>
          client.send(
            new ListObjectsV2Command({
              ...{ Bucket: bucket, Prefix: prefix === '' ? '' : `${prefix}/` },
              ...(token !== undefined && { ContinuationToken: token }),
            }),
            signal && { abortSignal: signal },
          ),
        );
        for (const { Key = '', Size = 0 } of answer.Contents ?? [])
          found.push({ path: prefix === '' ? Key : Key.slice(prefix.length + 1), size: Size });
        token = answer.NextContinuationToken;
        if (token === undefined) return found;
      }
    },
    async read(path: string, signal?: AbortSignal) {
      const command = new GetObjectCommand({ Bucket: bucket, Key: keyOf(confinedPath(path)) });
      try {
        const answer = await client.send(command, signal && { abortSignal: signal });
        return answer.Body as Readable;
      } catch (error) {
        if (error instanceof S3ServiceException && error.name === 'NoSuchKey') return undefined;
        return asked(signal, () => Promise.reject(error as Error));
      }
    },
  });
}

const mends: Readonly<Record<string, string>> = {
  NoSuchBucket: 'make the bucket first',
  InvalidAccessKeyId: 'check AWS_ACCESS_KEY_ID',
  SignatureDoesNotMatch: 'check AWS_SECRET_ACCESS_KEY',
  AccessDenied: 'this key may not write there',
  CredentialsProviderError: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or …_FILE)',
};

function s3Error(error: unknown, endpoint: string | undefined, location: string): ServiceError {
  const { name, message, code } = error as { name?: string; message?: string; code?: string };
  const what = code ?? name ?? 'unknown';
  const mend = mends[what] ?? 'check that it runs and that MLFLOW_S3_ENDPOINT_URL is its address';
  const where = endpoint === undefined ? 'AWS' : new URL(endpoint).origin;
  return new ServiceError(
    `the artifact store at ${where} did not take ${location}: ${what}${message ? ` (${message})` : ''}; ${mend}`,
    {
      cause: error,
    },
  );
}
