import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { installTool } from './install.js';
import { findJava } from './java.js';
import { copyDependencies } from './maven.js';
import { runProgram } from './run-program.js';
import { writeConfiguration } from './trino-configuration.js';
import { runStatement } from './trino-statement.js';

const version = '476';
const plugins = ['iceberg', 'tpch', 'password-authenticators', 'postgresql'];

/** The PostgreSQL connector is no artifact of its own: with it, all of Trino is fetched and most of it thrown away. */
const editions = {
  core: { pom: 'trino-pom.xml', archive: `trino-server-core-${version}.tar.gz`, zips: ['iceberg', 'tpch'] },
  full: { pom: 'trino-full-pom.xml', archive: `trino-server-${version}.tar.gz`, zips: [] },
};

/** The query engine over the lake. */
export const trino = {
  name: 'trino',
  version,
  ports: ['trino', 'trinoHttps'],
  needs: [],
  // Its own start asks nobody; what it answers needs the metastore.
  probeNeeds: ['metastore', 'minio'],
  stopSignal: 'SIGTERM',
  startSeconds: 300,

  async install(settings, say) {
    const edition = settings.trino.postgresCatalog ? editions.full : editions.core;
    const recipe = readFileSync(new URL(edition.pom, import.meta.url), 'utf8');
    const work = (scratch) => download(settings, edition, scratch);
    const [server, java] = await Promise.all([
      installTool(settings, { name: 'trino', version, recipe, work }, say),
      findJava(
        settings,
        { preferred: settings.programs.trinoJava, from: 22, to: 25, fallback: '25.0.2.1' },
        say,
      ),
    ]);
    return { server, java };
  },

  async command(settings, { server, java }, folder) {
    const configuration = await writeConfiguration(settings, server, folder);
    const data = join(folder, 'data');
    await mkdir(data, { recursive: true });
    return {
      program: java,
      args: [
        ...['-server', `-Xmx${settings.trino.heap}`, ...virtualMachine],
        ...['-cp', join(server, 'lib', '*')],
        `-Dconfig=${join(configuration, 'config.properties')}`,
        `-Dlog.levels-file=${join(configuration, 'log.properties')}`,
        ...['-Dnode.id=development', `-Dnode.data-dir=${data}`, `-Dnode.bind-ip=${settings.host}`],
        'io.trino.server.TrinoServer',
      ],
      env: {},
      // Plugins for secrets are looked for here.
      cwd: server,
    };
  },

  /**
   * Ready means that a table goes the whole way: Trino, metastore, database, object store, and back. A schema alone
   * would not do: for some seconds after the start Trino makes schemas, but finds no node to run a query on.
   */
  async probe(settings, _tools, signal) {
    const url = `http://${settings.host}:${settings.ports.trino}`;
    const info = await fetch(`${url}/v1/info`, { signal });
    if (!info.ok || (await info.json()).starting) throw new Error('still starting');
    const name = `services_probe_${randomBytes(4).toString('hex')}`;
    const schema = `iceberg.${name}`;
    await runStatement(url, `CREATE SCHEMA ${schema} WITH (location = 's3://lakehouse/${name}')`);
    try {
      await runStatement(url, `CREATE TABLE ${schema}.probe AS SELECT 1 AS one`);
      await runStatement(url, `DROP TABLE ${schema}.probe`);
    } finally {
      await runStatement(url, `DROP SCHEMA ${schema} CASCADE`);
    }
  },
};

const virtualMachine = [
  '-XX:+UseG1GC',
  '-XX:+ExplicitGCInvokesConcurrent',
  '-XX:+ExitOnOutOfMemoryError',
  '-XX:ReservedCodeCacheSize=256M',
  '-XX:PerMethodRecompilationCutoff=10000',
  '-XX:PerBytecodeRecompilationCutoff=10000',
  '-XX:+EnableDynamicAgentLoading',
  '-Djdk.attach.allowAttachSelf=true',
  '-Djdk.nio.maxCachedBufferSize=2000000',
  '-Dfile.encoding=UTF-8',
];

async function download(settings, edition, scratch) {
  const fetched = join(scratch, 'fetched');
  await copyDependencies(edition.pom, fetched);
  const archive = join(fetched, edition.archive);
  await runProgram('tar', ['xzf', archive, '-C', scratch, '--strip-components=1']);
  await rm(archive);
  const folder = join(scratch, 'plugin');
  for (const name of edition.zips) {
    const zip = join(fetched, `trino-${name}-${version}.zip`);
    await runProgram(settings.programs.python, ['-m', 'zipfile', '-e', zip, folder]);
    await rename(join(folder, `trino-${name}-${version}`), join(folder, name));
    await rm(zip);
  }
  await rm(fetched, { recursive: true });
  for (const name of readdirSync(folder)) {
    if (!plugins.includes(name)) await rm(join(folder, name), { recursive: true });
  }
}
