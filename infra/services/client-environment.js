import { existsSync } from 'node:fs';
import { securityFiles, trinoToken } from './trino-security.js';

/** What clients of the started services are told, under the names that they read. */
export function clientEnvironment(settings) {
  const { host, ports, minio, postgres, trino, state } = settings;
  return {
    KOL_SERVICES_DIR: state,
    TRINO_URL: `http://${host}:${ports.trino}`,
    TRINO_USER: trino.user,
    KOL_TRINO_HTTPS_URL: `https://${host}:${ports.trinoHttps}`,
    KOL_TRINO_CA: securityFiles(settings).authority,
    KOL_TRINO_PASSWORD: trino.password,
    // The key is made when Trino first starts, which may be not at all: `up mlflow`.
    ...(existsSync(securityFiles(settings).tokenKey) && { KOL_TRINO_TOKEN: trinoToken(settings) }),
    MLFLOW_TRACKING_URI: `http://${host}:${ports.mlflow}`,
    MLFLOW_S3_ENDPOINT_URL: `http://${host}:${ports.minio}`,
    AWS_ENDPOINT_URL_S3: `http://${host}:${ports.minio}`,
    AWS_ACCESS_KEY_ID: minio.user,
    AWS_SECRET_ACCESS_KEY: minio.password,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    METASTORE_URI: `thrift://${host}:${ports.metastore}`,
    POSTGRES_URL: `postgresql://${[postgres.user, postgres.password].map(encodeURIComponent).join(':')}@${host}:${ports.postgres}`,
  };
}

/** Names whose values are not for a terminal. */
export const isSecret = (name) => /PASSWORD|SECRET|TOKEN|POSTGRES_URL/.test(name);

/** Lines for a shell to source. */
export const shellText = (environment) =>
  Object.entries(environment)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'\n`)
    .join('');
