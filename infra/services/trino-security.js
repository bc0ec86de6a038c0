import { createPrivateKey, generateKeyPairSync, pbkdf2Sync, randomBytes, sign } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCertificates } from './certificates.js';

/** Where the files of a state folder lie with which Trino proves itself and knows its users. */
export function securityFiles(settings) {
  const folder = join(settings.state, 'trino-security');
  const file = (name) => join(folder, name);
  return {
    folder,
    authority: file('authority.pem'),
    keystore: file('server.pem'),
    tokenKey: file('token-key.pem'),
    tokenPublicKey: file('token-public-key.pem'),
    secret: file('shared-secret'),
  };
}

/** State folders for which this process is making them. */
const underWay = new Map();

/** Makes keys and certificates once for a state folder, all or none. */
export async function prepareSecurity(settings) {
  const { folder } = securityFiles(settings);
  if (existsSync(folder)) return;
  // Services share them and start at the same time.
  if (!underWay.has(folder))
    underWay.set(
      folder,
      makeSecurity(settings).finally(() => underWay.delete(folder)),
    );
  await underWay.get(folder);
}

async function makeSecurity(settings) {
  const { folder } = securityFiles(settings);
  const scratch = `${folder}.${process.pid}`;
  const inScratch = securityFiles({ state: join(settings.state, `scratch.${process.pid}`) });
  const place = (path) => path.replace(inScratch.folder, scratch);
  const { authority, certificate, key } = makeCertificates();
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  await mkdir(scratch, { recursive: true, mode: 0o700 });
  const write = (path, text) => writeFile(place(path), text, { mode: 0o600 });
  await write(inScratch.authority, authority);
  await write(inScratch.keystore, `${key}${certificate}${authority}`);
  await write(inScratch.tokenKey, privateKey);
  await write(inScratch.tokenPublicKey, publicKey);
  await write(inScratch.secret, randomBytes(32).toString('hex'));
  await rename(scratch, folder).catch(async (error) => {
    await rm(scratch, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  });
}

/** A line of Trino's password file: user, and iterations, salt and hash as its PBKDF2 reader takes them. */
export function passwordLine(user, password) {
  const [iterations, salt] = [10_000, randomBytes(16)];
  const hash = pbkdf2Sync(password, salt, iterations, 32, 'sha1');
  return `${user}:${iterations}:${salt.toString('hex')}:${hash.toString('hex')}\n`;
}

/**
 * A JSON web token that the started Trino accepts.
 * @param {import('./services.js').ServiceSettings} settings
 * @param {{ subject?: string, seconds?: number }} options `seconds`: how long it is valid, negative for one that has run out
 */
export function trinoToken(settings, { subject = settings.trino.user, seconds = 24 * 3600 } = {}) {
  const now = Math.floor(Date.now() / 1000);
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ sub: subject, iat: now, exp: now + seconds })}`;
  const key = createPrivateKey(readFileSync(securityFiles(settings).tokenKey));
  return `${body}.${sign('sha256', Buffer.from(body), key).toString('base64url')}`;
}
