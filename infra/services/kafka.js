import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installTool } from './install.js';
import { findJava } from './java.js';
import { copyDependencies } from './maven.js';
import { runProgram } from './run-program.js';
import { certificatesOf, connectTo } from './secure.js';

const version = '3.9.1';
const clusterId = 'a29sLXNlcnZpY2VzLWthZg';

/** A broker that is its own controller (KRaft). Starts only when it is asked for by name. */
export const kafka = {
  name: 'kafka',
  version,
  ports: ['kafka', 'kafkaController'],
  needs: [],
  onDemand: true,
  stopSignal: 'SIGTERM',
  startSeconds: 120,

  async install(settings, say) {
    const recipe = readFileSync(new URL('kafka-pom.xml', import.meta.url), 'utf8');
    const work = (scratch) => copyDependencies('kafka-pom.xml', scratch);
    const [server, java] = await Promise.all([
      installTool(settings, { name: 'kafka', version, recipe, work }, say),
      findJava(settings, { preferred: settings.programs.java, from: 17, to: 23, fallback: '17.0.9.2' }, say),
    ]);
    return { server, java };
  },

  async command(settings, { server, java }, folder) {
    await mkdir(folder, { recursive: true });
    const configuration = join(folder, 'server.properties');
    const security = settings.secure ? await secured(settings) : open(settings);
    await writeFile(configuration, properties(settings, folder) + security, { mode: 0o600 });
    const classes = ['-cp', join(server, '*')];
    if (!existsSync(join(folder, 'data', 'meta.properties'))) {
      const { user, password } = settings.consumer;
      const login = settings.secure
        ? ['--add-scram', `SCRAM-SHA-512=[name=${user},password=${password}]`]
        : [];
      const format = ['format', '--cluster-id', clusterId, '--config', configuration, ...login];
      await runProgram(java, [...classes, 'kafka.tools.StorageTool', ...format]);
    }
    return {
      program: java,
      args: [
        ...['-Xms192m', '-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
        '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
        ...classes,
        ...['kafka.Kafka', configuration],
      ],
      env: {},
      cwd: folder,
    };
  },

  probe: (settings, _, signal) => answers(settings, signal),
};

function properties({ host, ports }, folder) {
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@${host}:${ports.kafkaController}
controller.listener.names=CONTROLLER
log.dirs=${join(folder, 'data')}
num.partitions=3
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
group.initial.rebalance.delay.ms=0
log.cleaner.dedupe.buffer.size=16777216
`;
}

function listeners({ host, ports }, protocol) {
  return `listeners=${protocol}://${host}:${ports.kafka},CONTROLLER://${host}:${ports.kafkaController}
advertised.listeners=${protocol}://${host}:${ports.kafka}
listener.security.protocol.map=${protocol}:${protocol},CONTROLLER:PLAINTEXT
inter.broker.listener.name=${protocol}
`;
}

const open = (settings) => listeners(settings, 'PLAINTEXT');

/** TLS, and SCRAM logins; the broker is a user like any other, and the only superuser. */
async function secured(settings) {
  const { key, certificate, authority } = await certificatesOf(settings);
  const { user, password } = settings.consumer;
  const line = (pem) => pem.trim().replaceAll('\n', ' \\\n');
  const login = `org.apache.kafka.common.security.scram.ScramLoginModule required username="${user}" password="${password}";`;
  return `${listeners(settings, 'SASL_SSL')}sasl.enabled.mechanisms=SCRAM-SHA-512
sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=${login}
ssl.keystore.type=PEM
ssl.keystore.key=${line(key)}
ssl.keystore.certificate.chain=${line(certificate)}
ssl.truststore.type=PEM
ssl.truststore.certificates=${line(authority)}
`;
}

/**
 * Asks for the brokers (Metadata, version 1, of no topic): there is one once clients may come. A broker that asks for a
 * login first tells its versions alone (ApiVersions, version 0).
 */
function answers(settings, signal) {
  return new Promise((resolve, reject) => {
    const request = settings.secure
      ? [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 255, 255]
      : // Length, key 3, version 1, correlation id 1, no client id, no topics.
        [0, 0, 0, 14, 0, 3, 0, 1, 0, 0, 0, 1, 255, 255, 0, 0, 0, 0];
    const socket = connectTo(settings, settings.ports.kafka, () => socket.write(Buffer.from(request)));
    const end = (settle, value) => {
      socket.destroy();
      settle(value);
    };
    signal.addEventListener('abort', () => end(reject, new Error('no answer to a metadata request')));
    socket.once('error', (error) => end(reject, error));
    // Length, correlation id, then the number of brokers, or an error code and the number of versions.
    socket.once('data', (data) =>
      data.length >= 14 && data.readInt32BE(settings.secure ? 10 : 8) > 0
        ? end(resolve)
        : end(reject, new Error('the broker has not registered with its controller yet')),
    );
  });
}
