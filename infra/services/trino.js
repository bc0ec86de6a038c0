import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { installTool } from './install.js';
import { findJava } from './java.js';
import { copyDependencies } from './maven.js';
import { runProgram } from './run-program.js';
import { writeConfiguration } from './trino-configuration.js';
import { runStatement } from './trino-statement.js';

const version = '476';
/** What stays of all the plugins. The PostgreSQL connector does not start without the geospatial types. */
const plugins = ['iceberg', 'postgresql', 'geospatial', 'tpch', 'password-authenticators'];

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
    const recipe = readFileSync(new URL('trino-pom.xml', import.meta.url), 'utf8') + plugins.join();
    const [server, java] = await Promise.all([
      installTool(settings, { name: 'trino', version, recipe, work: download }, say),
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
      cwd: folder,
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

async function download(scratch) {
  const fetched = join(scratch, 'fetched');
  await copyDependencies('trino-pom.xml', fetched);
  const archive = join(fetched, `trino-server-${version}.tar.gz`);
  await runProgram('tar', ['xzf', archive, '-C', scratch, '--strip-components=1']);
  await rm(fetched, { recursive: true });
  const folder = join(scratch, 'plugin');
  for (const name of readdirSync(folder)) {
    if (!plugins.includes(name)) await rm(join(folder, name), { recursive: true });
  }
}
