import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { serviceSettings } from '../../infra/services/settings.js';
import { trinoToken } from '../../infra/services/trino-security.js';
import { ServiceError } from '../../src/core/errors.js';
import { trinoLakehouse } from '../../src/sources/trino/lakehouse.js';
import type { TrinoSettings } from '../../src/sources/trino/settings.js';
import { readColumns } from './trino-session.js';

const services = serviceSettings();
const { user, password } = services.trino;
const door = {
  url: process.env['KOL_TRINO_HTTPS_URL'] ?? '',
  ca: readFileSync(process.env['KOL_TRINO_CA'] ?? '', 'utf8'),
};

/** Who the server takes us for. */
async function whoAmI(settings: TrinoSettings): Promise<unknown> {
  const told: string[] = [];
  const lake = await trinoLakehouse(settings, { retry: { onRetry: (message) => told.push(message) } });
  try {
    return (await readColumns(lake, 'SELECT current_user AS name')).name[0];
  } finally {
    // None of these is worth waiting for.
    expect(told).toEqual([]);
  }
}

describe('a Trino that wants proof', () => {
  it('lets in with a password, and with a token that names the user', async () => {
    expect(await whoAmI({ ...door, user, password })).toBe(user);
    expect(await whoAmI({ ...door, token: trinoToken(services) })).toBe(user);
  });

  const expired = trinoToken(services, { seconds: -600 });
  it.each<[string, TrinoSettings, RegExp]>([
    [
      'a wrong password',
      { ...door, user, password: 'hunter2' },
      /does not accept the password or token: HTTP 401/,
    ],
    ['an expired token', { ...door, token: expired }, /does not accept the password or token: HTTP 401/],
    ['no proof', { ...door, user }, /does not accept the password or token: HTTP 401/],
    [
      'another authority',
      { url: door.url, user, password },
      /self-signed certificate.*name the certificate authority/,
    ],
    [
      'another user than the token’s',
      { ...door, token: trinoToken(services), user: 'somebody' },
      /somebody|403/,
    ],
  ])('keeps out %s at once, without repeating the secret', async (_, settings, text) => {
    const failure: unknown = await whoAmI(settings).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ServiceError);
    const error = failure as ServiceError;
    expect(error.message).toMatch(text);
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
      const all = `${cause.stack} ${JSON.stringify(Object.entries(cause))}`;
      expect(all).not.toContain('hunter2');
      expect(all).not.toContain(expired);
      expect(all).not.toContain(Buffer.from(`${user}:hunter2`).toString('base64'));
    }
  });

  it('is not spoken to in https where it speaks http', async () => {
    const url = (process.env['TRINO_URL'] ?? '').replace('http:', 'https:');
    await expect(whoAmI({ url, user, password })).rejects.toThrow(
      /could not be reached: it does not speak https there/,
    );
  });
});
