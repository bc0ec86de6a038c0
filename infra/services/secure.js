import { readFileSync } from 'node:fs';
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { connect as connectSecurely } from 'node:tls';
import { prepareSecurity, securityFiles } from './trino-security.js';

/** Key, certificate and authority of this machine as PEM texts; one authority signs for all services of a state folder. */
export async function certificatesOf(settings) {
  await prepareSecurity(settings);
  const { authority, keystore } = securityFiles(settings);
  const [key, certificate] = readFileSync(keystore, 'utf8').match(/-----BEGIN[^]*?-----END [^\n]*\n/g);
  return { key, certificate, authority: readFileSync(authority, 'utf8') };
}

/**
 * Writes them as files of a service.
 * @param {{ key: string, certificate: string, authority: string, both?: string }} names of the files; `both`: key and chain
 * @param {{ uid: number, gid: number } | null} owner who must be able to read the key
 */
export async function writeCertificates(settings, folder, names, owner = null) {
  const texts = await certificatesOf(settings);
  const both = `${texts.key}${texts.certificate}${texts.authority}`;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const files = {};
  for (const [what, name] of Object.entries(names)) {
    files[what] = join(folder, name);
    await writeFile(files[what], { ...texts, both }[what], { mode: 0o600 });
    if (owner !== null) await chown(files[what], owner.uid, owner.gid);
  }
  if (owner !== null) await chown(folder, owner.uid, owner.gid);
  return files;
}

/** A connection to a port of ours, encrypted where the stack is secure; `ready` is called once one may write. */
export function connectTo(settings, port, ready) {
  const { host, secure } = settings;
  if (!secure) return connect({ host, port }).once('connect', ready);
  const ca = readFileSync(securityFiles(settings).authority, 'utf8');
  return connectSecurely({ host, port, ca }).once('secureConnect', ready);
}
