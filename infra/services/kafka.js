import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { installTool } from './install.js';
import { findJava } from './java.js';
import { copyDependencies } from './maven.js';
import { runProgram } from './run-program.js';

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
    await writeFile(configuration, properties(settings, folder), { mode: 0o600 });
    const classes = ['-cp', join(server, '*')];
    if (!existsSync(join(folder, 'data', 'meta.properties'))) {
      const format = ['format', '--cluster-id', clusterId, '--config', configuration];
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

  probe: (settings, _, signal) => metadata(settings.host, settings.ports.kafka, signal),
};

function properties({ host, ports }, folder) {
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@${host}:${ports.kafkaController}
listeners=PLAINTEXT://${host}:${ports.kafka},CONTROLLER://${host}:${ports.kafkaController}
advertised.listeners=PLAINTEXT://${host}:${ports.kafka}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
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

/** Asks for the brokers (Metadata, version 1, of no topic): there is one once clients may come. */
function metadata(host, port, signal) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const end = (settle, value) => {
      socket.destroy();
      settle(value);
    };
    signal.addEventListener('abort', () => end(reject, new Error('no answer to a metadata request')));
    socket.once('error', (error) => end(reject, error));
    // Length, key 3, version 1, correlation id 1, no client id, no topics.
    const request = [0, 0, 0, 14, 0, 3, 0, 1, 0, 0, 0, 1, 255, 255, 0, 0, 0, 0];
    socket.once('connect', () => socket.write(Buffer.from(request)));
    // Length, correlation id, number of brokers.
    socket.once('data', (data) =>
      data.length >= 12 && data.readInt32BE(8) > 0
        ? end(resolve)
        : end(reject, new Error('the broker has not registered with its controller yet')),
    );
  });
}
