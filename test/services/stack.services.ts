import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import {
  killService,
  serviceNames,
  servicesState,
  startService,
  startServices,
  stopServices,
  type ServiceName,
  type ServiceState,
} from '../../infra/services/services.js';
import { serviceSettings } from '../../infra/services/settings.js';
import { runStatement } from '../../infra/services/trino-statement.js';

const settings = serviceSettings();
const trinoUrl = `http://${settings.host}:${settings.ports.trino}`;
const mlflowUrl = `http://${settings.host}:${settings.ports.mlflow}`;

const byName = async (): Promise<Map<ServiceName, ServiceState>> =>
  new Map((await servicesState()).map((service) => [service.name, service]));

const pids = async (): Promise<(number | null)[]> => (await servicesState()).map(({ pid }) => pid);

const sql = (text: string): Promise<unknown[][]> => runStatement(trinoUrl, text);

/** The command line, which must not throw: its exit code is looked at. */
async function command(...args: string[]): Promise<{ code: number; output: string }> {
  const program = [process.execPath, ['infra/services/main.js', ...args]] as const;
  return promisify(execFile)(...program).then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      output: error.stdout + error.stderr,
    }),
  );
}

const folders: string[] = [];
function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kol-services-test-'));
  folders.push(folder);
  return folder;
}
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('the services', () => {
  it('all answer real requests', async () => {
    const states = await servicesState();
    expect(states.map(({ name, state, reason }) => [name, state, reason])).toEqual(
      serviceNames.map((name) => [name, 'ready', null]),
    );
    const catalogs = (await sql('SHOW CATALOGS')).flat();
    expect(catalogs).toEqual(expect.arrayContaining(['iceberg', 'postgres', 'tpch']));
    expect(await sql(`SELECT count(*) > 0 FROM postgres.information_schema.tables`)).toEqual([[true]]);
  });

  it('keep tables, their history and experiments over a stop and a start', async () => {
    const name = `kept_${Date.now()}`;
    const table = `iceberg.${name}.numbers`;
    await sql(`CREATE SCHEMA iceberg.${name} WITH (location = 's3://gold/${name}')`);
    await sql(`CREATE OR REPLACE TABLE ${table} AS SELECT 1 AS n`);
    await sql(`CREATE OR REPLACE TABLE ${table} AS SELECT varchar 'other type' AS n`);
    const made = await fetch(`${mlflowUrl}/api/2.0/mlflow/experiments/create`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name }),
    });
    expect(made.status).toBe(200);

    const before = await pids();
    await stopServices();
    expect((await servicesState()).map(({ state }) => state)).toEqual(serviceNames.map(() => 'down'));
    await startServices();

    expect((await pids()).some((pid) => before.includes(pid))).toBe(false);
    expect(await sql(`SELECT n FROM ${table}`)).toEqual([['other type']]);
    expect(await sql(`SELECT count(*) FROM iceberg.${name}."numbers$snapshots"`)).toEqual([[2]]);
    const found = await fetch(`${mlflowUrl}/api/2.0/mlflow/experiments/get-by-name?experiment_name=${name}`);
    expect(found.status).toBe(200);
    await sql(`DROP SCHEMA iceberg.${name} CASCADE`);
  });

  it('show a killed one as down, and start it alone again', async () => {
    const before = await byName();
    await killService('mlflow');
    const status = await command('status', '--json');
    expect(status.code).toBe(1);
    const down = (JSON.parse(status.output) as ServiceState[]).filter(({ state }) => state !== 'ready');
    expect(down.map(({ name, state }) => [name, state])).toEqual([['mlflow', 'down']]);

    await startService('mlflow');
    const after = await byName();
    expect(after.get('mlflow')?.state).toBe('ready');
    expect(after.get('mlflow')?.pid).not.toBe(before.get('mlflow')?.pid);
    expect(after.get('trino')?.pid).toBe(before.get('trino')?.pid);
  });

  it('are started once by two that start them at once', async () => {
    await killService('mlflow');
    const [one, other] = await Promise.all([command('up'), command('up')]);
    expect([one.code, other.code], one.output + other.output).toEqual([0, 0]);
    const outputs = [one.output, other.output].join();
    expect(outputs.match(/mlflow \S+ ready after/g)).toHaveLength(1);
    expect(outputs.match(/mlflow \S+ runs already/g)).toHaveLength(1);
    expect(outputs).not.toContain(settings.trino.password);
    expect((await command('status')).code).toBe(0);
  });
});

describe('another state folder', () => {
  it('is refused a port that is taken, by the name of its holder and how to move', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const { port } = holder.address() as AddressInfo;
    const moved = serviceSettings({
      ...process.env,
      KOL_SERVICES_DIR: emptyFolder(),
      KOL_PORT_OFFSET: '1000',
      KOL_POSTGRES_PORT: String(port),
    });
    const start = startServices({ settings: moved, names: ['postgres'] });
    await expect(start).rejects.toThrow(new RegExp(`port ${port} of postgres is taken.*KOL_POSTGRES_PORT`));
    if (process.platform === 'linux') await expect(start).rejects.toThrow(`(process ${process.pid})`);
    expect((await servicesState({ settings: moved })).every(({ state }) => state === 'down')).toBe(true);
    await new Promise((resolve) => holder.close(resolve));
  });

  it('does not take a process that only bears a recorded id for its service', async () => {
    const moved = serviceSettings({ ...process.env, KOL_SERVICES_DIR: emptyFolder() });
    mkdirSync(join(moved.state, 'minio'));
    const record = { pid: process.pid, mark: 'another start', version: '1', since: '', ports: {}, log: '' };
    writeFileSync(join(moved.state, 'minio', 'process.json'), JSON.stringify(record));
    const states = await servicesState({ settings: moved });
    expect(states.find(({ name }) => name === 'minio')).toMatchObject({ state: 'down', pid: null });
    await expect(killService('minio', { settings: moved })).rejects.toThrow('minio does not run');
  });

  it('is told which variable is no port', () => {
    expect(() => serviceSettings({ KOL_TRINO_PORT: '80a' })).toThrow(
      'KOL_TRINO_PORT=80a must be a whole number',
    );
    expect(() => serviceSettings({ KOL_PORT_OFFSET: '60000' })).toThrow(
      /KOL_\w+_PORT=6\d+ must lie in 1 to 65535/,
    );
  });
});
