import { existsSync, readFileSync, statSync } from 'node:fs';
import { chmod, chown, cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { installNodePackages, postgresNative, postgresVersion, requirePackage } from './node-packages.js';
import { runProgram } from './run-program.js';
import { certificatesOf, writeCertificates } from './secure.js';

/** Databases that the other services keep their tables in. */
export const databases = ['metastore', 'mlflow'];

/** The relational store below the metastore and MLflow. */
export const postgres = {
  name: 'postgres',
  version: postgresVersion,
  ports: ['postgres'],
  needs: [],
  // SIGINT is PostgreSQL's fast shutdown: SIGTERM would wait for its clients to leave.
  stopSignal: 'SIGINT',
  startSeconds: 60,

  async install(settings, say) {
    return { packages: await installNodePackages(settings, say) };
  },

  async command(settings, { packages }, folder) {
    const owner = serverUser();
    const home = owner === null ? folder : sharedHome(folder);
    const native = owner === null ? postgresNative(packages) : await sharedPrograms(home, packages);
    const data = join(home, 'data');
    if (!existsSync(join(data, 'PG_VERSION'))) await createCluster(settings, { native, home, data, owner });
    const security = settings.secure ? await secured(settings, home, owner) : {};
    return {
      program: join(native, 'bin', 'postgres'),
      args: ['-D', data, ...serverOptions(settings, security)],
      env: {},
      cwd: home,
      ...owner,
    };
  },

  /** Ready means that every database answers; those that are missing are made. */
  async probe(settings, { packages }) {
    await queryPostgres(settings, packages, 'postgres', async (query) => {
      const { rows } = await query('SELECT datname FROM pg_database');
      const there = rows.map(({ datname }) => datname);
      for (const name of databases) if (!there.includes(name)) await query(`CREATE DATABASE ${name}`);
    });
    for (const name of databases) {
      await queryPostgres(settings, packages, name, (query) => query('SELECT 1'));
    }
  },

  /** Data that lies outside the state folder. */
  async remove(folder) {
    if (serverUser() !== null) await rm(sharedHome(folder), { recursive: true, force: true });
  },
};

/**
 * Runs statements in one database.
 * @template T
 * @param {(query: (sql: string) => Promise<{ rows: Record<string, unknown>[] }>) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function queryPostgres(settings, packages, database, work) {
  const { Client } = requirePackage(packages, 'pg');
  const { user, password } = settings.postgres;
  const client = new Client({
    ...{ host: settings.host, port: settings.ports.postgres, user, password, database },
    ...(settings.secure && { ssl: { ca: (await certificatesOf(settings)).authority } }),
    connectionTimeoutMillis: 5_000,
  });
  // A server that goes away between two statements must not end the supervisor.
  client.on('error', () => {});
  await client.connect();
  try {
    return await work((sql) => client.query(sql));
  } finally {
    await client.end().catch(() => {});
  }
}

function serverOptions({ host, ports }, security) {
  const options = {
    port: ports.postgres,
    listen_addresses: host,
    unix_socket_directories: '',
    shared_buffers: '64MB',
    max_connections: 100,
    // Development data: a crash of the machine may cost it, a crash of the server does not.
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    ...security,
  };
  return Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** TLS alone, with a password that is never sent. */
async function secured(settings, home, owner) {
  const names = { key: 'server.key', certificate: 'server.crt' };
  const { key, certificate } = await writeCertificates(settings, join(home, 'certificates'), names, owner);
  const rules = join(home, 'pg_hba.conf');
  await writeFile(rules, 'hostssl all all 127.0.0.1/32 scram-sha-256\n', { mode: 0o644 });
  return {
    ssl: 'on',
    ssl_cert_file: certificate,
    ssl_key_file: key,
    ssl_min_protocol_version: 'TLSv1.2',
    hba_file: rules,
  };
}

/** The cluster comes to its place only when it is whole. */
async function createCluster(settings, { native, home, data, owner }) {
  const scratch = join(home, 'data.unfinished');
  const passwordFile = join(home, 'password');
  await rm(scratch, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  await mkdir(scratch, { mode: 0o700 });
  await writeFile(passwordFile, settings.postgres.password, { mode: 0o600 });
  if (owner !== null) for (const path of [scratch, passwordFile]) await chown(path, owner.uid, owner.gid);
  const login = ['-U', settings.postgres.user, `--pwfile=${passwordFile}`, '-A', 'scram-sha-256'];
  const options = ['-E', 'UTF8', '--locale=C', '--no-sync'];
  await runProgram(join(native, 'bin', 'initdb'), ['-D', scratch, ...login, ...options], {
    cwd: home,
    ...owner,
  });
  await rm(passwordFile);
  await rename(scratch, data);
}

/** PostgreSQL refuses to run as root: the user that it runs as then, or null. */
function serverUser() {
  if (process.getuid?.() !== 0) return null;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const found = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (found === undefined) {
    throw new Error(
      'PostgreSQL does not run as root, and there is neither a user postgres nor nobody: run as another user',
    );
  }
  return { uid: Number(found[2]), gid: Number(found[3]) };
}

/** A place for a state folder's cluster that another user reaches: root's home is closed to it. */
export function sharedHome(folder) {
  const digest = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  return join('/var/tmp', `kol-postgres-${digest}`);
}

async function sharedPrograms(home, packages) {
  await mkdir(home, { recursive: true, mode: 0o755 });
  if (statSync(home).uid !== 0) throw new Error(`${home} belongs to another user: remove it`);
  await chmod(home, 0o755);
  const native = join(home, `postgres-${postgresVersion}`);
  if (!existsSync(native)) {
    const scratch = `${native}.${process.pid}`;
    await cp(postgresNative(packages), scratch, { recursive: true, verbatimSymlinks: true });
    await rename(scratch, native);
  }
  return native;
}
