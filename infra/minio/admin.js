import { createCipheriv, pbkdf2Sync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AwsClient } from 'aws4fetch';

/**
 * A user of MinIO and the one policy that it has, made or made anew.
 * @param {{ endpoint: string, accessKeyId: string, secretAccessKey: string }} administrator
 * @param {{ name: string, secret: string, policy: string, document: string }} user `policy` names it, `document` is its JSON
 */
export async function createUser(administrator, { name, secret, policy, document }) {
  const seal = (value) => sealed(administrator.secretAccessKey, JSON.stringify(value));
  await ask(administrator, 'PUT', `add-canned-policy?name=${policy}`, document);
  await ask(
    administrator,
    'PUT',
    `add-user?accessKey=${name}`,
    seal({ secretKey: secret, status: 'enabled' }),
  );
  await ask(
    administrator,
    'PUT',
    `set-user-or-group-policy?policyName=${policy}&userOrGroup=${name}&isGroup=false`,
  );
}

/** The policy of the trainer: infra/minio/trainer-policy.json. */
export const trainerPolicy = () => readFileSync(new URL('trainer-policy.json', import.meta.url), 'utf8');

async function ask({ endpoint, ...login }, method, path, body = '') {
  const client = new AwsClient({ ...login, service: 's3', region: 'us-east-1', retries: 0 });
  const answer = await client.fetch(`${endpoint}/minio/admin/v3/${path}`, { method, body });
  if (!answer.ok) {
    const { Message: said = '' } = await answer.json().catch(() => ({}));
    throw new Error(`MinIO at ${endpoint} refuses ${path.split('?')[0]}: status ${answer.status} ${said}`);
  }
}

/**
 * What MinIO's administration takes secrets as (madmin's EncryptData): salt, the id of PBKDF2 with AES-256-GCM, a nonce,
 * and the text as one package of secure-io's stream, whose associated data is the tag of an empty package before it.
 */
function sealed(password, text) {
  const [salt, nonce] = [randomBytes(32), randomBytes(8)];
  const key = pbkdf2Sync(password, salt, 8192, 32, 'sha256');
  const seal = (number, associated, data) => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32LE(number);
    const cipher = createCipheriv('aes-256-gcm', key, Buffer.concat([nonce, counter]));
    cipher.setAAD(associated);
    return Buffer.concat([cipher.update(data), cipher.final(), cipher.getAuthTag()]);
  };
  const last = Buffer.concat([Buffer.from([0x80]), seal(0, Buffer.alloc(0), Buffer.alloc(0))]);
  return Buffer.concat([salt, Buffer.from([2]), nonce, seal(1, last, Buffer.from(text))]);
}
