import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repository, template, variables } from './files.js';

let folder: string;
const file = (stack: string): string => join(folder, `.env.${stack}`);
const written = (stack: string): Map<string, string> => variables(readFileSync(file(stack), 'utf8'));
const init = (): string =>
  execFileSync(process.execPath, [`${repository}infra/init-env.js`, folder], { encoding: 'utf8' });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kol-env-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('make init', () => {
  it('writes every variable, secrets generated, for the owner alone', () => {
    init();
    expect([...written('base').keys()]).toEqual([...template('base').keys()]);
    expect([...written('kol').keys()]).toEqual([...template('kol').keys()]);
    expect(written('base').get('MINIO_ROOT_PASSWORD')).toMatch(/^[0-9a-f]{48}$/);
    expect(written('base').get('AWS_SECRET_ACCESS_KEY')).toBe(written('base').get('MINIO_ROOT_PASSWORD'));
    expect(written('base').get('POSTGRES_PASSWORD')).not.toBe(written('base').get('MINIO_ROOT_PASSWORD'));
    expect([...written('base').values()].filter((value) => /[<$]|undefined/.test(value))).toEqual([]);
    for (const stack of ['base', 'kol']) expect(statSync(file(stack)).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).sort()).toEqual(['.env.base', '.env.kol']);
  });

  it('changes nothing the second time, and shows no secret', () => {
    init();
    const before = readFileSync(file('base'));
    const said = init();
    expect(readFileSync(file('base'))).toEqual(before);
    expect(said).not.toContain(written('base').get('POSTGRES_PASSWORD'));
  });

  it('keeps what was set, and adds what is missing to match', () => {
    writeFileSync(file('base'), 'MINIO_ROOT_USER=me\nMINIO_ROOT_PASSWORD="my own"\nMINE=1');
    const said = init();
    expect(readFileSync(file('base'), 'utf8')).toMatch(
      /^MINIO_ROOT_USER=me\nMINIO_ROOT_PASSWORD="my own"\nMINE=1\n/,
    );
    expect(written('base').get('AWS_ACCESS_KEY_ID')).toBe('me');
    expect(written('base').get('AWS_SECRET_ACCESS_KEY')).toBe('my own');
    expect(said).toContain('added PLATFORM_NETWORK');
    expect(statSync(file('base')).mode & 0o777).toBe(0o600);
  });

  it('closes a file that others could read', () => {
    init();
    chmodSync(file('base'), 0o644);
    init();
    expect(statSync(file('base')).mode & 0o777).toBe(0o600);
  });
});
