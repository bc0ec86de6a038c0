import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { describe, expect, it } from 'vitest';
import { serviceSettings } from '../../infra/services/settings.js';
import { trinoToken } from '../../infra/services/trino-security.js';

const settings = serviceSettings();
const authority = readFileSync(process.env['KOL_TRINO_CA'] ?? '', 'utf8');

/** The status with which Trino answers a statement over HTTPS. */
function statusOf(authorization: string | undefined, ca: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = authorization === undefined ? {} : { authorization };
    const options = { method: 'POST', headers, ...(ca === undefined ? {} : { ca }) };
    request(`${process.env['KOL_TRINO_HTTPS_URL']}/v1/statement`, options, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end('SELECT 1');
  });
}

const basic = (password: string): string =>
  `Basic ${Buffer.from(`${settings.trino.user}:${password}`).toString('base64')}`;

describe("Trino's HTTPS door", () => {
  it('opens to the password and to nothing else', async () => {
    expect(await statusOf(basic(settings.trino.password), authority)).toBe(200);
    expect(await statusOf(basic('wrong'), authority)).toBe(401);
    expect(await statusOf(undefined, authority)).toBe(401);
  });

  it('opens to a token until it has run out', async () => {
    expect(await statusOf(`Bearer ${trinoToken(settings)}`, authority)).toBe(200);
    expect(await statusOf(`Bearer ${trinoToken(settings, { seconds: -600 })}`, authority)).toBe(401);
  });

  it('is not trusted without its authority', async () => {
    await expect(statusOf(basic(settings.trino.password), undefined)).rejects.toThrow(
      /self-signed certificate/,
    );
  });
});
