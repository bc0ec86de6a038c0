import { AwsClient } from 'aws4fetch';
import { beforeAll, describe, expect, it } from 'vitest';
import { createUser, trainerPolicy } from '../../infra/minio/admin.js';
import { s3Artifacts } from '../../src/registry/mlflow/artifacts/s3.js';

const endpoint = process.env['AWS_ENDPOINT_URL_S3']!;
const administrator = {
  endpoint,
  accessKeyId: process.env['AWS_ACCESS_KEY_ID']!,
  secretAccessKey: process.env['AWS_SECRET_ACCESS_KEY']!,
};
const trainer = { accessKeyId: 'kol-trainer-test', secretAccessKey: 'a-secret-of-the-trainer' };

async function ask(login: typeof trainer, method: string, path: string, body?: string): Promise<string> {
  const client = new AwsClient({ ...login, service: 's3', region: 'us-east-1', retries: 0 });
  const answer = await client.fetch(`${endpoint}/${path}`, { method, ...(body !== undefined && { body }) });
  const text = await answer.text();
  return /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? String(answer.status);
}

beforeAll(async () => {
  const user = { name: trainer.accessKeyId, secret: trainer.secretAccessKey };
  await createUser(administrator, { ...user, policy: 'kol-trainer-test', document: trainerPolicy() });
  await ask(administrator, 'PUT', 'gold/policy-test/a.parquet', 'rows');
  await ask(administrator, 'PUT', 'mlflow/elsewhere/a.txt', 'of others');
});

describe('the policy of the trainer in MinIO', () => {
  it('lets it keep artifacts and read them back, in parts too', async () => {
    const store = s3Artifacts('s3://mlflow/artifacts/policy-test', { endpoint, ...trainer });
    await store.put('small.txt', Buffer.from('kept'));
    await store.put('large.bin', Buffer.alloc(40 * 2 ** 20, 7));
    expect(await ask(trainer, 'GET', 'mlflow/artifacts/policy-test/small.txt')).toBe('200');
    expect((await store.list()).map(({ path }) => path).sort()).toEqual(['large.bin', 'small.txt']);
  });

  it('lets it read the lake', async () => {
    expect(await ask(trainer, 'GET', 'gold/policy-test/a.parquet')).toBe('200');
    expect(await ask(trainer, 'GET', 'gold?list-type=2&prefix=policy-test/')).toBe('200');
  });

  it.each([
    ['DELETE', 'mlflow', 'a bucket'],
    ['DELETE', 'mlflow/artifacts/policy-test/small.txt', 'an artifact that is kept'],
    ['GET', 'mlflow/elsewhere/a.txt', 'what others keep'],
    ['PUT', 'mlflow/elsewhere/b.txt', 'another prefix'],
    ['PUT', 'gold/policy-test/b.parquet', 'the lake'],
    ['DELETE', 'gold/policy-test/a.parquet', 'a file of the lake'],
    ['GET', 'bronze?list-type=2', 'raw data'],
    ['PUT', 'mlflow?policy', "a bucket's policy"],
    ['GET', 'minio/admin/v3/list-users', 'the administration'],
  ])('forbids %s %s: %s', async (method, path) => {
    expect(await ask(trainer, method, path, method === 'PUT' ? 'x' : undefined)).toMatch(/AccessDenied|403/);
  });

  it('leaves all of it where it was', async () => {
    for (const path of [
      'mlflow/elsewhere/a.txt',
      'gold/policy-test/a.parquet',
      'mlflow/artifacts/policy-test/small.txt',
    ])
      expect(await ask(administrator, 'HEAD', path), path).toBe('200');
  });
});
