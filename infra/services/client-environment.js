import { existsSync } from 'node:fs';
import { readRecord } from './service-record.js';
import { securityFiles, trinoToken } from './trino-security.js';

/** What clients of the started services are told, under the names that they read. */
export function clientEnvironment(settings) {
  const { host, ports, minio, postgres, trino, state, secure, consumer } = settings;
  const http = secure ? 'https' : 'http';
  const login = `${consumer.user}:${encodeURIComponent(consumer.password)}@`;
  return {
    KOL_SERVICES_DIR: state,
    TRINO_URL: `http://${host}:${ports.trino}`,
    TRINO_USER: trino.user,
    // Made when Trino first starts.
    ...(existsSync(securityFiles(settings).authority) && {
      KOL_TRINO_HTTPS_URL: `https://${host}:${ports.trinoHttps}`,
      KOL_TRINO_CA: securityFiles(settings).authority,
      KOL_TRINO_PASSWORD: trino.password,
      KOL_TRINO_TOKEN: trinoToken(settings),
    }),
    MLFLOW_TRACKING_URI: `http://${host}:${ports.mlflow}`,
    MLFLOW_S3_ENDPOINT_URL: `${http}://${host}:${ports.minio}`,
    AWS_ENDPOINT_URL_S3: `${http}://${host}:${ports.minio}`,
    ...(secure && { AWS_CA_BUNDLE: securityFiles(settings).authority }),
    AWS_ACCESS_KEY_ID: minio.user,
    AWS_SECRET_ACCESS_KEY: minio.password,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    METASTORE_URI: `thrift://${host}:${ports.metastore}`,
    POSTGRES_URL: `postgresql://${[postgres.user, postgres.password].map(encodeURIComponent).join(':')}@${host}:${ports.postgres}`,
    ...(readRecord(settings, 'redis') && {
      REDIS_URL: secure
        ? `rediss://${login}${host}:${ports.redis}/0?ssl_ca_certs=${encodeURIComponent(securityFiles(settings).authority)}`
        : `redis://${host}:${ports.redis}/0`,
    }),
    ...(readRecord(settings, 'cassandra') && {
      CASSANDRA_CONTACT_POINTS: `${host}:${ports.cassandra}`,
    }),
    ...(readRecord(settings, 'kafka') && { KAFKA_BOOTSTRAP_SERVERS: `${host}:${ports.kafka}` }),
  };
}

/** Names whose values are not for a terminal. */
export const isSecret = (name) => /PASSWORD|SECRET|TOKEN|POSTGRES_URL|REDIS_URL/.test(name);

/** Lines for a shell to source. */
export const shellText = (environment) =>
  Object.entries(environment)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'\n`)
    .join('');
