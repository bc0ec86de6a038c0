import { resolve, join } from 'node:path';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** Where each service listens unless the environment says otherwise: the ports that the platform documents. */
const documentedPorts = {
  minio: ['KOL_MINIO_PORT', 9000],
  minioConsole: ['KOL_MINIO_CONSOLE_PORT', 9001],
  postgres: ['KOL_POSTGRES_PORT', 5432],
  metastore: ['KOL_METASTORE_PORT', 9083],
  trino: ['KOL_TRINO_PORT', 8080],
  trinoHttps: ['KOL_TRINO_HTTPS_PORT', 8443],
  mlflow: ['KOL_MLFLOW_PORT', 5000],
  redis: ['KOL_REDIS_PORT', 6379],
  cassandra: ['KOL_CASSANDRA_PORT', 9042],
  cassandraStorage: ['KOL_CASSANDRA_STORAGE_PORT', 9044],
  kafka: ['KOL_KAFKA_PORT', 19092],
  kafkaController: ['KOL_KAFKA_CONTROLLER_PORT', 19093],
};

/** Buckets of the platform's object store. */
export const buckets = ['bronze', 'silver', 'gold', 'mlflow', 'lakehouse', 'dbt'];

/**
 * Reads all that the services are told from outside.
 * @param {Record<string, string | undefined>} env
 * @returns {import('./services.js').ServiceSettings}
 */
export function serviceSettings(env = process.env) {
  const read = (name, fallback) => env[name] || fallback;
  const offset = wholeNumber(env, 'KOL_PORT_OFFSET', 0);
  const ports = {};
  for (const [name, [variable, port]] of Object.entries(documentedPorts)) {
    ports[name] = wholeNumber(env, variable, port + offset);
    if (ports[name] < 1 || ports[name] > 65_535) {
      throw new Error(`${variable}=${ports[name]} must lie in 1 to 65535`);
    }
  }
  const cache = join(read('XDG_CACHE_HOME', join(homedir(), '.cache')), 'kol-trainer');
  return {
    host: '127.0.0.1',
    // TLS and logins for MinIO, PostgreSQL, Redis, Cassandra and Kafka; Trino has them anyway.
    secure: read('KOL_SERVICES_SECURE', '') === '1',
    // What the API and the Flink jobs say who they are, where it is asked.
    consumer: { user: 'kol-api', password: read('KOL_CONSUMER_PASSWORD', 'kol-dev-password') },
    ports,
    state: resolve(read('KOL_SERVICES_DIR', join(repository, '.kol', 'services'))),
    cache: join(resolve(read('KOL_CACHE', cache)), 'services'),
    minio: {
      user: read('MINIO_ROOT_USER', 'minioadmin'),
      password: read('MINIO_ROOT_PASSWORD', 'minioadmin'),
    },
    postgres: { user: read('POSTGRES_USER', 'kol'), password: read('POSTGRES_PASSWORD', 'kol') },
    trino: {
      user: read('KOL_TRINO_USER', 'kol'),
      password: read('KOL_TRINO_PASSWORD', 'kol-dev-password'),
      heap: read('KOL_TRINO_HEAP', '1536M'),
      // A file of rules: who may see which rows.
      rules: env.KOL_TRINO_RULES || undefined,
    },
    programs: {
      python: read('PYTHON', 'python3'),
      trinoJava: env.TRINO_JAVA_HOME,
      metastoreJava: env.METASTORE_JAVA_HOME,
      cassandraJava: env.CASSANDRA_JAVA_HOME,
      java: env.JAVA_HOME,
    },
  };
}

/** The variable that moves a port. */
export const portVariable = (name) => documentedPorts[name][0];

function wholeNumber(env, name, fallback) {
  const text = env[name];
  if (text === undefined || text === '') return fallback;
  if (!/^\d+$/.test(text)) throw new Error(`${name}=${text} must be a whole number`);
  return Number(text);
}
