import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Check } from '../../src/cli/doctor/check.js';
import { memory, nodeVersion } from '../../src/cli/doctor/machine.js';
import { scratchFolder } from '../sources/scratch.js';
import { kol, type Outcome } from './kol.js';

const folder = scratchFolder();

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** The port of a server that gives these answers, or none at all. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<number> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

/** A port where nothing listens. */
async function freePort(): Promise<number> {
  const port = await serve(() => undefined);
  await new Promise((resolve) => servers.pop()?.close(resolve));
  return port;
}

/** MLflow as it answers in one state: an answer by path, else 200 with the version. */
async function mlflowLike(
  answers: Readonly<Record<string, readonly [status: number, text: string]>>,
  seen: (request: IncomingMessage) => void = () => undefined,
): Promise<string> {
  const port = await serve((request, response) => {
    seen(request);
    const [status, text] = answers[request.url ?? ''] ?? [200, '3.17.2'];
    response.writeHead(status).end(text);
  });
  return `127.0.0.1:${port}`;
}

/** `kol doctor --json` and what it found, by `service name`. */
async function doctor(
  environment: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<{ outcome: Outcome; checks: Map<string, Check> }> {
  const outcome = await kol(folder, ['doctor', '--json', ...args], { environment });
  const checks = JSON.parse(outcome.stdout) as Check[];
  return { outcome, checks: new Map(checks.map((check) => [`${check.service} ${check.name}`, check])) };
}

describe('kol doctor where no service is configured', () => {
  it('checks the machine and ends well', async () => {
    const { outcome, checks } = await doctor({});
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect([...checks.keys()]).toEqual([
      'machine node',
      'machine onnxruntime-node',
      'machine duckdb',
      'machine worker threads',
      'machine memory',
      'store folder',
      'store free space',
      'lakehouse free space',
      'lakehouse folder',
    ]);
    for (const name of ['node', 'onnxruntime-node', 'duckdb', 'worker threads'])
      expect(checks.get(`machine ${name}`)?.state, name).toBe('ok');
    expect(checks.get('lakehouse folder')?.state).toBe('skipped');
  });

  it('refuses a time limit that is none', async () => {
    expect((await kol(folder, ['doctor', '--timeout', '0'])).code).toBe(2);
  });

  it('names a store that is a file', async () => {
    writeFileSync(join(folder, 'store-file'), '');
    const { outcome, checks } = await doctor({ KOL_STORE: 'store-file' });
    expect(outcome.code).toBe(2);
    expect(checks.get('store folder')).toMatchObject({
      state: 'failed',
      mend: expect.stringMatching(/KOL_STORE/) as string,
    });
  });

  it('says what helps when a secret cannot be read', async () => {
    const outcome = await kol(folder, ['doctor'], {
      environment: { TRINO_URL: 'http://127.0.0.1:1', TRINO_PASSWORD_FILE: 'no-such-file' },
    });
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toMatch(/^kol: TRINO_PASSWORD_FILE names no-such-file/);
  });
});

describe('kol doctor on an embedded lakehouse', () => {
  beforeAll(async () => {
    const made = await kol(folder, ['sample', '--kols', '20', '--lakehouse', 'sample']);
    expect(made.code, made.stderr).toBe(0);
  });

  it('finds every table of the contract with its rows', async () => {
    const { outcome, checks } = await doctor({}, '--lakehouse', 'sample');
    expect(outcome.code, outcome.stdout).toBe(0);
    expect(checks.get('lakehouse tables')).toMatchObject({ state: 'ok', detail: 'all 9 of the contract' });
    expect(checks.get('lakehouse kol_gold.ml_trust_training')?.detail).toBe('33,694 rows, 21 columns');
  });

  it('names what is missing and what cannot be read', async () => {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const connection = await (await DuckDBInstance.create()).connect();
    for (const table of ['kol_content', 'kol_profiles'])
      mkdirSync(join(folder, 'worse/kol_silver', table), { recursive: true });
    await connection.run(
      `COPY (SELECT * EXCLUDE (views, posted_at) FROM '${folder}/sample/kol_silver/kol_content/*.parquet') ` +
        `TO '${folder}/worse/kol_silver/kol_content/part.parquet'`,
    );
    connection.closeSync();
    writeFileSync(join(folder, 'worse/kol_silver/kol_profiles/part.parquet'), 'PAR1 nonsense');
    const { outcome, checks } = await doctor({}, '--lakehouse', 'worse');
    expect(outcome.code).toBe(3);
    expect(checks.get('lakehouse tables')?.state).toBe('warning');
    expect(checks.get('lakehouse tables')?.detail).toContain('kol_gold.dim_kol');
    expect(checks.get('lakehouse tables')?.detail).not.toMatch(/kol_content|kol_profiles/);
    expect(checks.get('lakehouse kol_silver.kol_content')?.detail).toBe('without columns views, posted_at');
    expect(checks.get('lakehouse kol_silver.kol_profiles')).toMatchObject({ state: 'failed', code: 'data' });
    expect(checks.get('lakehouse kol_silver.kol_profiles')?.detail).toContain('part.parquet');
    expect(checks.get('lakehouse kol_silver.kol_profiles')?.mend).toBeTruthy();
  });

  it('fails on a folder that was named and is not there', async () => {
    const { outcome, checks } = await doctor({}, '--lakehouse', 'nowhere');
    expect(outcome.code).toBe(3);
    expect(checks.get('lakehouse folder')?.mend).toContain('kol sample');
  });
});

describe('kol doctor with services that are not there', () => {
  it('runs every check, names each service and fits in 80 columns', async () => {
    const port = await freePort();
    const environment = {
      TRINO_URL: `http://127.0.0.1:${port}`,
      MLFLOW_TRACKING_URI: `http://127.0.0.1:${port}`,
      MLFLOW_S3_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    };
    const { outcome, checks } = await doctor(environment);
    expect(outcome.code).toBe(5);
    expect(outcome.stderr).toMatch(/3 of \d+ checks failed: trino login, mlflow health, s3 health\n$/);
    for (const [name, check] of checks) if (check.state === 'failed') expect(check.mend, name).toBeTruthy();
    for (const name of ['trino login', 'mlflow health', 's3 health']) {
      expect(checks.get(name), name).toMatchObject({ state: 'failed', code: 'service' });
    }
    const { stdout } = await kol(folder, ['doctor'], { environment });
    expect(stdout).toContain('to mend\n  trino login:\n');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('calls addresses that are none a wrong configuration, and shows no password in them', async () => {
    const { outcome, checks } = await doctor({
      TRINO_URL: 'http://kol:hidden-1@127.0.0.1:1',
      MLFLOW_TRACKING_URI: 'postgresql://kol:hidden-2@db/mlflow',
      AWS_ENDPOINT_URL_S3: 'http://kol:hidden-3@minio:9000',
    });
    expect(outcome.code).toBe(2);
    expect(outcome.stdout + outcome.stderr).not.toContain('hidden');
    for (const name of ['trino login', 'mlflow address', 's3 address'])
      expect(checks.get(name), name).toMatchObject({ state: 'failed', code: 'config' });
    const text = await kol(folder, ['doctor'], {
      environment: { MLFLOW_TRACKING_URI: 'http://kol:hidden-2@127.0.0.1:1' },
    });
    expect(text.code).toBe(5);
    expect(text.stdout + text.stderr).not.toContain('hidden');
  });

  it('waits for each no longer than it is told', async () => {
    const port = await serve(() => undefined);
    const address = `http://127.0.0.1:${port}`;
    const { outcome, checks } = await doctor(
      { TRINO_URL: address, MLFLOW_TRACKING_URI: address, AWS_ENDPOINT_URL_S3: address },
      '--timeout',
      '1',
    );
    expect(outcome.code).toBe(5);
    for (const name of ['trino login', 'mlflow health', 's3 health'])
      expect(checks.get(name), name).toMatchObject({ state: 'failed', detail: 'no answer within 1 s' });
  });

  it('stops when it is interrupted', async () => {
    let asked: () => void = () => undefined;
    const waits = new Promise<void>((resolve) => (asked = resolve));
    const port = await serve(() => asked());
    const stop = new AbortController();
    void waits.then(() => stop.abort());
    const outcome = await kol(folder, ['doctor', '--timeout', '600'], {
      environment: { MLFLOW_TRACKING_URI: `http://127.0.0.1:${port}` },
      interruptOn: stop.signal,
    });
    expect(outcome.code).toBe(130);
    expect(outcome.stdout).toBe('');
  });
});

/** States that a real server is in only in odd configuration, with the answers of MLflow 3.17. */
describe('kol doctor before an MLflow', () => {
  it('that does not know its own name says which one to allow', async () => {
    const host = await mlflowLike({
      '/version': [403, 'Invalid Host header - possible DNS rebinding attack detected'],
    });
    const { outcome, checks } = await doctor({ MLFLOW_TRACKING_URI: `http://${host}` });
    expect(outcome.code).toBe(5);
    expect(checks.get('mlflow version')?.mend).toContain(`--allowed-hosts "${host}"`);
    expect(checks.has('mlflow experiments')).toBe(false);
  });

  it('that wants a login names the variables', async () => {
    const host = await mlflowLike({ '/version': [401, '<!doctype html><title>401</title>'] });
    const { outcome, checks } = await doctor({ MLFLOW_TRACKING_URI: `http://${host}` });
    expect(outcome.code).toBe(5);
    expect(checks.get('mlflow version')?.mend).toContain('MLFLOW_TRACKING_PASSWORD');
  });

  it('that lost its database and its artifact store names both', async () => {
    const host = await mlflowLike({
      '/api/2.0/mlflow/experiments/search': [
        503,
        '{"error_code": "TEMPORARILY_UNAVAILABLE", "message": "(psycopg2.OperationalError) …"}',
      ],
      '/api/2.0/mlflow-artifacts/artifacts?path=': [500, '<!doctype html><title>500</title>'],
    });
    const { checks } = await doctor({ MLFLOW_TRACKING_URI: `http://${host}` });
    expect(checks.get('mlflow experiments')?.detail).toContain('HTTP 503, TEMPORARILY_UNAVAILABLE');
    expect(checks.get('mlflow experiments')?.mend).toContain('PostgreSQL');
    expect(checks.get('mlflow artifacts')?.mend).toContain('MinIO');
  });

  it('sends the login of the address in a header, and not to where it is redirected', async () => {
    const seen: (string | undefined)[] = [];
    const elsewhere: string[] = [];
    const other = await mlflowLike({}, ({ url }) => elsewhere.push(url ?? ''));
    const host = await mlflowLike({}, ({ headers }) => seen.push(headers.authorization));
    const { outcome } = await doctor({ MLFLOW_TRACKING_URI: `http://kol:hid%40den@${host}/` });
    expect(outcome.code, outcome.stdout).toBe(0);
    expect(new Set(seen)).toEqual(new Set([`Basic ${Buffer.from('kol:hid@den').toString('base64')}`]));
    expect(outcome.stdout).not.toMatch(/hid(@|%40)den/);

    const port = await serve((_, response) => {
      response.writeHead(302, { location: `http://${other}/health` }).end();
    });
    const { outcome: moved, checks } = await doctor({ MLFLOW_TRACKING_URI: `http://127.0.0.1:${port}` });
    expect(moved.code).toBe(2);
    expect(checks.get('mlflow health')?.detail).toBe(`redirects to http://${other}`);
    expect(elsewhere).toEqual([]);
  });
});

describe('kol doctor with a secret that no header can hold', () => {
  it('does not show it', async () => {
    const host = await mlflowLike({});
    const { outcome, checks } = await doctor({
      MLFLOW_TRACKING_URI: `http://${host}`,
      MLFLOW_TRACKING_TOKEN: 'hid\nden',
      AWS_ENDPOINT_URL_S3: `http://${host}`,
      AWS_ACCESS_KEY_ID: 'hid\nden',
      AWS_SECRET_ACCESS_KEY: 'hidden',
    });
    expect(outcome.code).toBe(2);
    expect(outcome.stdout + outcome.stderr).not.toMatch(/hid|\\nden/);
    expect(checks.get('mlflow health')?.detail).toContain('MLFLOW_TRACKING_TOKEN');
    expect(checks.get('s3 credentials')).toMatchObject({ state: 'failed', code: 'config' });
  });
});

describe('the limits', () => {
  it.each([
    ['18.20.0', 'failed'],
    ['20.18.3', 'failed'],
    ['20.19.0', 'ok'],
    ['22.1.0', 'ok'],
  ])('take Node %s as %s', (version, state) => {
    expect(nodeVersion(version).state).toBe(state);
  });

  it('take less than a gibibyte of memory as scarce', () => {
    expect(memory(2 ** 30 - 1, 2 ** 33).state).toBe('warning');
    expect(memory(2 ** 30, 2 ** 33).state).toBe('ok');
  });
});
