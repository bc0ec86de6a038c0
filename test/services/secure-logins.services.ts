import { mkdtempSync, readFileSync } from 'node:fs';
import { connect as connectPlainly } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type ConnectionOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installNodePackages } from '../../infra/services/node-packages.js';
import { queryPostgres } from '../../infra/services/postgres.js';
import { runProgram } from '../../infra/services/run-program.js';
import { resetServices, startServices } from '../../infra/services/services.js';
import { serviceSettings } from '../../infra/services/settings.js';
import { s3Artifacts } from '../../src/registry/mlflow/artifacts/s3.js';
import { kol, type Outcome } from '../cli/kol.js';
import { scratchFolder } from '../sources/scratch.js';

/** MinIO, PostgreSQL and Redis with TLS and logins, beside the stack of the other suites. */
const settings = serviceSettings({
  ...process.env,
  KOL_SERVICES_SECURE: '1',
  KOL_SERVICES_DIR: mkdtempSync(join(tmpdir(), 'kol-secure-')),
  KOL_PORT_OFFSET: String(Number(process.env['KOL_PORT_OFFSET'] ?? 0) + 600),
});
const folder = scratchFolder();
let told: Readonly<Record<string, string>> = {};
let ca = '';

beforeAll(async () => {
  const { environment } = await startServices({ settings, names: ['postgres', 'minio', 'redis'] });
  told = environment;
  ca = readFileSync(told['AWS_CA_BUNDLE'], 'utf8');
}, 300_000);
afterAll(() => resetServices({ settings }), 60_000);

describe('MinIO with TLS', () => {
  const doctor = (more: Readonly<Record<string, string>> = {}): Promise<Outcome> =>
    kol(folder, ['doctor', '--json'], {
      environment: {
        AWS_ENDPOINT_URL_S3: told['AWS_ENDPOINT_URL_S3'],
        AWS_ACCESS_KEY_ID: told['AWS_ACCESS_KEY_ID'],
        AWS_SECRET_ACCESS_KEY: told['AWS_SECRET_ACCESS_KEY'],
        ...more,
      },
    });
  interface Check {
    readonly service: string;
    readonly name: string;
    readonly state: string;
    readonly detail: string;
    readonly mend?: string;
  }
  const ofS3 = ({ stdout }: Outcome, name: string): Check =>
    (JSON.parse(stdout) as Check[]).find((check) => check.service === 's3' && check.name === name)!;

  it('is not believed without its authority, and is with it', async () => {
    const unknown = ofS3(await doctor(), 'health');
    expect(unknown.state).toBe('failed');
    expect(unknown.detail).toContain('its certificate is not trusted');
    expect(unknown.mend).toContain('NODE_EXTRA_CA_CERTS');
    const trusted = await doctor({ NODE_EXTRA_CA_CERTS: told['AWS_CA_BUNDLE'] });
    expect(ofS3(trusted, 'health').state).toBe('ok');
  });

  it('keeps artifacts for a client that knows its authority, and for no other', async () => {
    const login = {
      endpoint: told['AWS_ENDPOINT_URL_S3'],
      accessKeyId: settings.minio.user,
      secretAccessKey: settings.minio.password,
    };
    await createBucket('mlflow');
    const store = s3Artifacts('s3://mlflow/artifacts/tls', { ...login, ca });
    await store.put('a.txt', Buffer.from('kept'));
    await expect(
      s3Artifacts('s3://mlflow/artifacts/tls', login).put('b.txt', Buffer.from('x')),
    ).rejects.toThrow(/certificate|authority|verify/i);
    expect((await plainly(settings.ports.minio, 'GET / HTTP/1.0\r\n\r\n')).toString()).toContain('400');
  });

  it('is administered over TLS too, by a program that is told of its authority', async () => {
    const said = await runProgram(process.execPath, ['infra/minio/trainer-user.js'], {
      env: {
        ...process.env,
        NODE_EXTRA_CA_CERTS: told['AWS_CA_BUNDLE'],
        AWS_ENDPOINT_URL_S3: told['AWS_ENDPOINT_URL_S3'],
        MINIO_ROOT_USER: settings.minio.user,
        MINIO_ROOT_PASSWORD: settings.minio.password,
        KOL_TRAINER_ACCESS_KEY: 'kol-trainer',
        KOL_TRAINER_SECRET_KEY: 'a-secret-of-the-trainer',
      },
    });
    expect(said).toBe('user kol-trainer has the policy kol-trainer\n');
  });

  /** By the program that fetch's trust can be set for: a process of its own. */
  async function createBucket(name: string): Promise<void> {
    const script = `const { AwsClient } = await import('aws4fetch');
      const client = new AwsClient({ accessKeyId: process.env.USER_, secretAccessKey: process.env.SECRET_, service: 's3', region: 'us-east-1' });
      const { status } = await client.fetch(process.argv[1], { method: 'PUT' });
      process.stdout.write(String(status));`;
    const url = `${told['AWS_ENDPOINT_URL_S3']}/${name}`;
    const said = await runProgram(process.execPath, ['--input-type=module', '-e', script, url], {
      env: {
        ...process.env,
        NODE_EXTRA_CA_CERTS: told['AWS_CA_BUNDLE'],
        USER_: settings.minio.user,
        SECRET_: settings.minio.password,
      },
    });
    expect(['200', '409']).toContain(said);
  }
});

describe('PostgreSQL with TLS and SCRAM', () => {
  it('answers over TLS alone, to the right password alone, and keeps no password', async () => {
    await queryPostgres(settings, await packages(), 'postgres', async (query) => {
      const { rows: encrypted } = await query(
        'SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl',
      );
      expect(encrypted[0].version).toMatch(/^TLSv1\.[23]$/);
      const { rows } = await query(`SELECT rolpassword FROM pg_authid WHERE rolname = current_user`);
      expect(rows[0].rolpassword).toMatch(/^SCRAM-SHA-256\$/);
    });
    const refused = (changed: object): Promise<unknown> =>
      packages().then((found) =>
        queryPostgres({ ...settings, ...changed }, found, 'postgres', (query) => query('SELECT 1')),
      );
    await expect(refused({ secure: false })).rejects.toThrow(/no pg_hba.conf entry .*no encryption/);
    await expect(refused({ postgres: { ...settings.postgres, password: 'guessed' } })).rejects.toThrow(
      /password authentication failed/,
    );
  });

  async function packages(): Promise<string> {
    return installNodePackages(settings, () => undefined);
  }
});

describe('Redis with TLS and a list of rights', () => {
  const login = `AUTH ${settings.consumer.user} ${settings.consumer.password}\r\n`;

  it('lets the API read and write its own keys, and nothing else', async () => {
    const own = 'SET kol:features:a 1 EX 5\r\nMGET kol:features:a\r\n';
    expect(await securely(login + own)).toMatch(/^\+OK\r\n\+OK\r\n\*1\r\n\$1\r\n1\r\n/);
    for (const other of ['GET kol:features:a', 'SET secret 1', 'FLUSHALL', 'CONFIG GET *', 'KEYS *'])
      expect(await securely(`${login}${other}\r\n`), other).toMatch(/^\+OK\r\n-NOPERM/);
  });

  it('lets nobody in without a login, with a guessed one, or in plain text', async () => {
    expect(await securely('PING\r\n')).toContain('-NOAUTH');
    expect(await securely(`AUTH ${settings.consumer.user} guessed\r\n`)).toContain('-WRONGPASS');
    expect((await plainly(settings.ports.redis, 'PING\r\n')).toString('latin1')).not.toContain('PONG');
    await expect(securely('PING\r\n', { ca: undefined })).rejects.toThrow(/certificate|verify/);
  });

  function securely(text: string, more: ConnectionOptions = {}): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: settings.host, port: settings.ports.redis, ca, ...more }, () =>
        socket.write(text),
      );
      let said = '';
      socket.setEncoding('utf8').on('data', (data: string) => (said += data));
      socket.once('error', reject);
      setTimeout(() => {
        socket.destroy();
        resolve(said);
      }, 500);
    });
  }
});

/** What a port answers to plain text, until it closes or half a second is over. */
function plainly(port: number, text: string): Promise<Buffer> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    const end = (): void => resolve(Buffer.concat(parts));
    const socket = connectPlainly({ host: settings.host, port }, () => socket.write(text));
    socket.on('data', (data) => parts.push(data));
    socket.once('error', end).once('close', end);
    setTimeout(() => socket.destroy(), 500);
  });
}
