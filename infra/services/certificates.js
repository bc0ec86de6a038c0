import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

// X.509 written by hand: Node makes no certificates, and neither openssl nor keytool is there on every machine.

const der = (tag, ...parts) => {
  const body = Buffer.concat(parts);
  const long =
    body.length < 128
      ? []
      : [...Buffer.from(body.length.toString(16).padStart(body.length < 256 ? 2 : 4, '0'), 'hex')];
  const length = long.length === 0 ? [body.length] : [0x80 + long.length, ...long];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
};
const sequence = (...parts) => der(0x30, ...parts);
const identifier = (hex) => der(0x06, Buffer.from(hex, 'hex'));
const ecdsaWithSha256 = sequence(identifier('2a8648ce3d040302'));
const commonName = (name) =>
  sequence(der(0x31, sequence(identifier('550403'), der(0x0c, Buffer.from(name)))));
const time = (date) => der(0x18, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`));
const yes = der(0x01, Buffer.from([0xff]));
const extension = (id, critical, value) =>
  sequence(identifier(id), ...(critical ? [yes] : []), der(0x04, value));

const day = 24 * 3600 * 1000;

/**
 * Makes an authority of its own and a certificate for this machine that it signs, valid for ten years.
 * @returns {{ authority: string, certificate: string, key: string }} PEM texts; the authority's key is not kept
 */
export function makeCertificates(now = Date.now()) {
  const [authority, server] = [keys(), keys()];
  const name = 'KOL trainer development authority';
  const validity = sequence(time(new Date(now - day)), time(new Date(now + 3650 * day)));
  const certify = (subject, publicKey, extensions) => {
    const body = sequence(
      der(0xa0, der(0x02, Buffer.from([2]))),
      der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
      ecdsaWithSha256,
      commonName(name),
      validity,
      commonName(subject),
      publicKey,
      der(0xa3, sequence(...extensions)),
    );
    const signature = sign('sha256', body, createPrivateKey(authority.key));
    const bytes = sequence(body, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature));
    return pem('CERTIFICATE', bytes);
  };
  // Subject alternative names: a DNS name (2) and an address (7).
  const here = sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1])));
  return {
    authority: certify(name, authority.publicKey, [
      extension('551d13', true, sequence(yes)),
      // Key usage: signs certificates.
      extension('551d0f', true, der(0x03, Buffer.from([2, 0x04]))),
    ]),
    certificate: certify('localhost', server.publicKey, [extension('551d11', false, here)]),
    key: server.key,
  };
}

function keys() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { publicKey, key: privateKey };
}

const pem = (label, bytes) =>
  `-----BEGIN ${label}-----\n${bytes.toString('base64').replace(/.{64}/g, '$&\n').trim()}\n-----END ${label}-----\n`;
