import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installTool } from './install.js';
import { findJava } from './java.js';
import { copyDependencies } from './maven.js';
import { installNodePackages } from './node-packages.js';
import { queryPostgres } from './postgres.js';
import { runProgram } from './run-program.js';
import { thriftDatabases } from './thrift-databases.js';

const version = '4.0.1';
const schemaScript = 'scripts/metastore/upgrade/postgres/hive-schema-4.0.0.postgres.sql';

/** The Hive Metastore: Trino's Iceberg catalog keeps its schemas and table pointers in it. */
export const metastore = {
  name: 'metastore',
  version,
  ports: ['metastore'],
  needs: ['postgres', 'minio'],
  stopSignal: 'SIGTERM',
  startSeconds: 180,

  async install(settings, say) {
    const recipe = readFileSync(new URL('metastore-pom.xml', import.meta.url), 'utf8');
    const [server, packages, java] = await Promise.all([
      installTool(settings, { name: 'metastore', version, recipe, work: download }, say),
      installNodePackages(settings, say),
      // Hadoop 3.3 calls Subject.getSubject, which Java 24 took away.
      findJava(
        settings,
        { preferred: settings.programs.metastoreJava, from: 17, to: 23, fallback: '21.0.8.2' },
        say,
      ),
    ]);
    return { server, packages, java };
  },

  async command(settings, { server, packages, java }, folder) {
    await createSchema(settings, server, packages);
    const configuration = join(folder, 'conf');
    await mkdir(configuration, { recursive: true });
    await writeFile(join(configuration, 'metastore-site.xml'), siteFile(settings), { mode: 0o600 });
    await writeFile(join(configuration, 'log4j2.properties'), logging);
    const opened = ['java.lang', 'java.util', 'java.net', 'java.nio', 'java.util.concurrent'];
    return {
      program: java,
      args: [
        ...['-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', `-Djava.io.tmpdir=${folder}`],
        ...opened.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
        ...['-cp', [configuration, join(server, 'lib', '*')].join(':')],
        'org.apache.hadoop.hive.metastore.HiveMetaStore',
      ],
      env: { METASTORE_HOME: server, METASTORE_CONF_DIR: configuration },
      cwd: folder,
    };
  },

  /** An open port proves nothing: the thread behind it may have died. Ask for the databases. */
  async probe(settings) {
    const names = await thriftDatabases(settings.host, settings.ports.metastore);
    if (!names.includes('default')) throw new Error(`the databases are ${names.join(', ')}, without default`);
  },
};

async function download(scratch) {
  const fetched = join(scratch, 'fetched');
  await copyDependencies('metastore-pom.xml', fetched);
  const archive = readdirSync(fetched).find((name) => name.endsWith('.tar.gz'));
  await runProgram('tar', ['xzf', join(fetched, archive), '-C', scratch, '--strip-components=1']);
  await rm(join(fetched, archive));
  const own = readdirSync(join(scratch, 'lib'));
  for (const jar of readdirSync(fetched)) {
    // Where both bring a library, the distribution's own stays, except for the newer driver.
    const artifact = jar.replace(/-\d.*/, '');
    const rival = own.find((name) => name.replace(/-\d.*/, '') === artifact);
    if (rival !== undefined && artifact !== 'postgresql') continue;
    if (rival !== undefined) await rm(join(scratch, 'lib', rival));
    await writeFile(join(scratch, 'lib', jar), await readFile(join(fetched, jar)));
  }
  await rm(fetched, { recursive: true });
}

/** All tables or none: statements sent as one are one transaction. */
async function createSchema(settings, server, packages) {
  await queryPostgres(settings, packages, 'metastore', async (query) => {
    const { rows } = await query(`SELECT 1 FROM pg_tables WHERE tablename = 'VERSION'`);
    if (rows.length > 0) return;
    await query(await readFile(join(server, schemaScript), 'utf8'));
  });
}

function siteFile({ host, ports, minio, postgres }) {
  const properties = {
    'metastore.thrift.uris': `thrift://${host}:${ports.metastore}`,
    'metastore.thrift.bind.host': host,
    'metastore.thrift.port': ports.metastore,
    'metastore.task.threads.always': 'org.apache.hadoop.hive.metastore.events.EventCleanerTask',
    'metastore.expression.proxy': 'org.apache.hadoop.hive.metastore.DefaultPartitionExpressionProxy',
    // CREATE OR REPLACE TABLE may give a column another type.
    'metastore.disallow.incompatible.col.type.changes': false,
    'metastore.warehouse.dir': 's3a://lakehouse/warehouse',
    'javax.jdo.option.ConnectionURL': `jdbc:postgresql://${host}:${ports.postgres}/metastore`,
    'javax.jdo.option.ConnectionDriverName': 'org.postgresql.Driver',
    'javax.jdo.option.ConnectionUserName': postgres.user,
    'javax.jdo.option.ConnectionPassword': postgres.password,
    'fs.s3a.endpoint': `http://${host}:${ports.minio}`,
    'fs.s3a.access.key': minio.user,
    'fs.s3a.secret.key': minio.password,
    'fs.s3a.path.style.access': true,
    'fs.s3a.connection.ssl.enabled': false,
    // Trino writes s3://.
    'fs.s3.impl': 'org.apache.hadoop.fs.s3a.S3AFileSystem',
  };
  const escape = (value) => String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const lines = Object.entries(properties).map(
    ([name, value]) => `  <property><name>${name}</name><value>${escape(value)}</value></property>`,
  );
  return `<configuration>\n${lines.join('\n')}\n</configuration>\n`;
}

const logging = `status = warn
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{ISO8601} %p [%t] %c{2}: %m%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
`;
