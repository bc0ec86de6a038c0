import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { passwordLine, prepareSecurity, securityFiles } from './trino-security.js';

/** Writes Trino's configuration folder anew; the passwords in it are for the owner's eyes. */
export async function writeConfiguration(settings, server, folder) {
  await prepareSecurity(settings);
  const configuration = join(folder, 'etc');
  await rm(configuration, { recursive: true, force: true });
  await mkdir(join(configuration, 'catalog'), { recursive: true, mode: 0o700 });
  const write = (name, text) => writeFile(join(configuration, name), text, { mode: 0o600 });
  await write('config.properties', properties(await serverProperties(settings, server, configuration)));
  await write('log.properties', properties({ 'io.trino': 'WARN', 'io.airlift': 'WARN' }));
  await write('password.db', passwordLine(settings.trino.user, settings.trino.password));
  await write(
    'password-authenticator.properties',
    properties({
      'password-authenticator.name': 'file',
      'file.password-file': join(configuration, 'password.db'),
    }),
  );
  if (settings.trino.rules !== undefined) {
    const rules = { 'access-control.name': 'file', 'security.config-file': resolve(settings.trino.rules) };
    await write('access-control.properties', properties(rules));
  }
  for (const [name, catalog] of Object.entries(catalogs(settings))) {
    await write(join('catalog', `${name}.properties`), properties(catalog));
  }
  return configuration;
}

async function serverProperties(settings, server, configuration) {
  const { host, ports } = settings;
  const files = securityFiles(settings);
  return {
    coordinator: true,
    'node-scheduler.include-coordinator': true,
    'node.environment': 'development',
    'node.internal-address': host,
    'discovery.uri': `http://${host}:${ports.trino}`,
    'plugin.dir': join(server, 'plugin'),
    'catalog.config-dir': join(configuration, 'catalog'),
    'query.max-memory': '600MB',
    'query.max-memory-per-node': '600MB',
    'memory.heap-headroom-per-node': '300MB',
    'http-server.http.port': ports.trino,
    'http-server.log.enabled': false,
    // Plain HTTP takes any user name without a password; HTTPS wants a password or a token.
    'http-server.authentication.allow-insecure-over-http': true,
    'http-server.authentication.type': 'PASSWORD,JWT',
    'http-server.authentication.jwt.key-file': files.tokenPublicKey,
    'http-server.https.enabled': true,
    'http-server.https.port': ports.trinoHttps,
    'http-server.https.keystore.path': files.keystore,
    'password-authenticator.config-files': join(configuration, 'password-authenticator.properties'),
    ...(settings.trino.rules !== undefined && {
      'access-control.config-files': join(configuration, 'access-control.properties'),
    }),
    'internal-communication.shared-secret': await readFile(files.secret, 'utf8'),
    'web-ui.authentication.type': 'FIXED',
    'web-ui.user': settings.trino.user,
  };
}

function catalogs({ host, ports, minio, postgres }) {
  return {
    iceberg: {
      'connector.name': 'iceberg',
      'iceberg.catalog.type': 'hive_metastore',
      'hive.metastore.uri': `thrift://${host}:${ports.metastore}`,
      'iceberg.add-files-procedure.enabled': true,
      'iceberg.register-table-procedure.enabled': true,
      // Old snapshots may go at once: what a reader says then is worth a test.
      'iceberg.expire-snapshots.min-retention': '0s',
      'iceberg.remove-orphan-files.min-retention': '0s',
      'fs.native-s3.enabled': true,
      's3.endpoint': `http://${host}:${ports.minio}`,
      's3.region': 'us-east-1',
      's3.path-style-access': true,
      's3.aws-access-key': minio.user,
      's3.aws-secret-key': minio.password,
    },
    postgres: {
      'connector.name': 'postgresql',
      'connection-url': `jdbc:postgresql://${host}:${ports.postgres}/metastore`,
      'connection-user': postgres.user,
      'connection-password': postgres.password,
    },
    tpch: { 'connector.name': 'tpch' },
  };
}

const properties = (values) =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
