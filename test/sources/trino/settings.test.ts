import { describe, expect, it } from 'vitest';
import { toolkitVersion } from '../../../src/version.js';
import { onServer } from '../../../src/sources/trino/connection.js';
import { checkReadOnly } from '../../../src/sources/trino/lakehouse.js';
import { checkTrinoSettings, type TrinoSettings } from '../../../src/sources/trino/settings.js';

const base: TrinoSettings = { url: 'https://trino:8443/', user: 'ana' };

describe('checkTrinoSettings', () => {
  it('makes the headers', () => {
    const session = { query_max_memory: '10MB', 'iceberg.tag': 'a b,c=ü' };
    const { url, catalog, headers } = checkTrinoSettings({
      ...base,
      clientTags: ['kol', 'nightly'],
      session,
    });
    expect({ url, catalog }).toEqual({ url: 'https://trino:8443', catalog: 'iceberg' });
    expect(headers).toEqual({
      'X-Trino-User': 'ana',
      'X-Trino-Source': `kol-trainer/${toolkitVersion}`,
      'X-Trino-Time-Zone': 'UTC',
      'X-Trino-Client-Capabilities': 'PARAMETRIC_DATETIME',
      'X-Trino-Client-Tags': 'kol,nightly',
      'X-Trino-Session': 'query_max_memory=10MB,iceberg.tag=a%20b%2Cc%3D%C3%BC',
    });
  });

  it('proves who we are', () => {
    expect(checkTrinoSettings({ ...base, password: 'mật khẩu' }).headers.Authorization).toBe(
      `Basic ${Buffer.from('ana:mật khẩu').toString('base64')}`,
    );
    expect(checkTrinoSettings({ url: base.url, token: 'a.b.c' }).headers).toMatchObject({
      Authorization: 'Bearer a.b.c',
      'X-Trino-User': '',
    });
  });

  it.each<[string, TrinoSettings, RegExp]>([
    [
      'a password over http',
      { ...base, url: 'http://localhost:8080', password: 'hunter2' },
      /password is sent over https only/,
    ],
    [
      'a token over http',
      { ...base, url: 'http://127.0.0.1:8080', token: 'hunter2' },
      /token is sent over https only/,
    ],
    ['both', { ...base, password: 'hunter2', token: 'hunter2' }, /both set/],
    ['no user', { url: base.url }, /the user is missing/],
    [
      'a password in the url',
      { ...base, url: 'https://ana:hunter2@trino' },
      /must not hold a user or password/,
    ],
    ['no url', { ...base, url: 'hunter2' }, /must look like/],
    ['another protocol', { ...base, url: 'trino://hunter2@host' }, /must look like/],
    ['a token with a line break', { ...base, token: 'hunter2\n' }, /line break/],
    ['a session property that is no name', { ...base, session: { 'a=b': 'x' } }, /must be a name/],
    ['a time limit of nothing', { ...base, timeouts: { silence: 0 } }, /timeouts.silence=0/],
  ])('refuses %s', (_, settings, text) => {
    expect(() => checkTrinoSettings(settings)).toThrow(text);
    expect(() => checkTrinoSettings(settings)).not.toThrow(/hunter2/);
  });
});

describe('onServer', () => {
  it.each([
    [
      'https://trino:8443',
      'http://10.0.0.7:8080/v1/statement/x?a=1',
      'https://trino:8443/v1/statement/x?a=1',
    ],
    ['https://gate/trino', 'http://10.0.0.7:8080/v1/statement/x', 'https://gate/trino/v1/statement/x'],
    ['https://gate/trino', 'https://gate/trino/v1/statement/x', 'https://gate/trino/v1/statement/x'],
  ])('keeps the address %s', (url, uri, expected) => {
    expect(onServer(url, uri)).toBe(expected);
  });
});

describe('checkReadOnly', () => {
  it.each([
    'SELECT 1;',
    ' -- why\n/* and\nhow */ with a as (select 1) select * from a',
    '(VALUES 1)',
    'table t',
  ])('lets %j pass', (sql) => {
    expect(checkReadOnly(sql)).toBe(sql.trim().replace(/;$/, ''));
  });

  it.each([
    'INSERT INTO t SELECT 1',
    'DROP TABLE t',
    '-- SELECT\nDELETE FROM t',
    '/* x */ CALL p()',
    'selection',
  ])('refuses %j', (sql) => {
    expect(() => checkReadOnly(sql)).toThrow(/must read only/);
  });
});
