import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resetServices, servicesState, startServices } from '../services/services.js';
import { serviceSettings } from '../services/settings.js';

// make test-flink: starts Kafka, Cassandra and MLflow in a folder of their own, trains small releases and runs Maven.
// A stack that KOL_SERVICES_DIR names is used where it runs, and left as it is; so are releases of KOL_CONSUMER_RELEASES
// that are newer than the toolkit.
//   node infra/flink/test.js [test|bench] [further arguments of Maven]

const here = fileURLToPath(new URL('.', import.meta.url));
const repository = fileURLToPath(new URL('../..', import.meta.url));
const [goal = 'test', ...more] = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), 'kol-flink-'));
const say = (line) => process.stdout.write(`${line}\n`);

const champions = resolve(process.env.KOL_CONSUMER_RELEASES ?? join(scratch, 'releases'));
execFileSync(process.execPath, [join(here, '../consumer-releases.js'), champions], { stdio: 'inherit' });

const maven = (settings, goals) => {
  const args = ['--batch-mode', '--no-transfer-progress', '--file', join(here, 'pom.xml')];
  const properties = Object.entries(settings).map(([name, value]) => `-D${name}=${value}`);
  const { status, error } = spawnSync('mvn', [...args, ...properties, ...goals, ...more], {
    stdio: 'inherit',
  });
  if (error)
    throw new Error(`mvn does not run (${error.message}): apt-get install maven, or brew install maven`);
  return status ?? 1;
};

async function test() {
  if (!process.env.KOL_SERVICES_DIR) {
    process.env.KOL_SERVICES_DIR = join(scratch, 'services');
    process.env.KOL_PORT_OFFSET ||= '12000';
  }
  const settings = serviceSettings();
  const names = ['kafka', 'cassandra', 'mlflow'];
  const states = await servicesState({ settings });
  const isOurs = states.every(({ state }) => state === 'down');
  try {
    const { environment } = await startServices({ settings, names, say });
    const addresses = {
      'kol.champions': champions,
      'kol.repository': repository,
      'kol.kafka': environment.KAFKA_BOOTSTRAP_SERVERS,
      'kol.cassandra': environment.CASSANDRA_CONTACT_POINTS,
      'kol.mlflow': environment.MLFLOW_TRACKING_URI,
    };
    return maven(addresses, ['test']);
  } finally {
    if (isOurs) await resetServices({ settings });
  }
}

const bench = () =>
  maven({ 'kol.champions': champions, 'kol.repository': repository }, ['test-compile', 'exec:exec@bench']);

try {
  process.exitCode = goal === 'bench' ? bench() : await test();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
