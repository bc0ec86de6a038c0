import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '../core/errors.js';
import type { ObjectStoreSettings } from '../sources/object-store.js';
import type { TrinoSettings } from '../sources/trino/settings.js';
import type { MlflowSettings, S3Settings } from '../registry/mlflow/settings.js';
import { refuseDefaultPassword } from './default-passwords.js';

/** What the environment says where no option does. The only reader of process.env. */
export interface Environment {
  /** Folder of runs and models. */
  readonly store: string;
  /** Folder of the embedded lakehouse. */
  readonly lakehouse: string;
  /** The lakehouse behind Trino, where `TRINO_URL` names one. */
  readonly trino?: TrinoSettings;
  /** Where files of tables are put, where an endpoint is named. */
  readonly objectStore?: ObjectStoreSettings;
  /** MLflow, where `MLFLOW_TRACKING_URI` names one. */
  readonly mlflow?: MlflowSettings;
  /** Where metrics are left for Prometheus, where `KOL_METRICS_DIR` names a folder. */
  readonly metricsFolder?: string;
  /** The cluster, where one is named, and the program that submits to it. */
  readonly spark: { readonly master?: string; readonly submit: string };
  readonly threads: number;
  /** Whether errors show their stack. */
  readonly debug: boolean;
  /** Whether progress may redraw its line. */
  readonly interactive: boolean;
}

/**
 * Reads the environment once, at the start.
 * @throws {ConfigError} for a file of a secret that cannot be read, and a default password away from this machine
 */
export function readEnvironment(): Environment {
  const { KOL_STORE, KOL_LAKEHOUSE, KOL_DEBUG, CI, NO_COLOR, TERM } = process.env;
  const trino = trinoSettings();
  const master = variable('SPARK_MASTER');
  const sparkHome = variable('SPARK_HOME');
  const objectStore = objectStoreSettings();
  const mlflow = mlflowSettings();
  refuseDefaultPassword('TRINO_PASSWORD', trino?.password, trino?.url);
  refuseDefaultPassword('AWS_SECRET_ACCESS_KEY', objectStore?.secretAccessKey, objectStore?.endpoint);
  refuseDefaultPassword('MLFLOW_TRACKING_PASSWORD', mlflow?.password, mlflow?.trackingUri);
  const metricsFolder = variable('KOL_METRICS_DIR');
  // The SDK, which is pinned, announces to whoever runs us what its later versions will need.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  return {
    ...(trino && { trino }),
    ...(objectStore && { objectStore }),
    ...(mlflow && { mlflow }),
    ...(metricsFolder && { metricsFolder }),
    spark: {
      ...(master !== undefined && { master }),
      submit: sparkHome === undefined ? 'spark-submit' : join(sparkHome, 'bin', 'spark-submit'),
    },
    store: KOL_STORE ?? '.kol',
    lakehouse: KOL_LAKEHOUSE ?? 'lakehouse',
    threads: availableParallelism(),
    debug: KOL_DEBUG === '1',
    interactive: process.stderr.isTTY && CI === undefined && NO_COLOR === undefined && TERM !== 'dumb',
  };
}

function trinoSettings(): TrinoSettings | undefined {
  const url = variable('TRINO_URL');
  if (url === undefined) return undefined;
  const caFile = variable('TRINO_CA_FILE');
  const tags = variable('TRINO_CLIENT_TAGS');
  return {
    url,
    user: variable('TRINO_USER') ?? 'kol',
    password: secret('TRINO_PASSWORD'),
    token: secret('TRINO_TOKEN'),
    ca: caFile && readText('TRINO_CA_FILE', caFile),
    catalog: variable('TRINO_CATALOG'),
    clientTags: tags?.split(',').map((tag) => tag.trim()),
  };
}

function objectStoreSettings(): ObjectStoreSettings | undefined {
  const endpoint = variable('AWS_ENDPOINT_URL_S3') ?? variable('MLFLOW_S3_ENDPOINT_URL');
  if (endpoint === undefined) return undefined;
  return {
    endpoint,
    accessKeyId: secret('AWS_ACCESS_KEY_ID') ?? '',
    secretAccessKey: secret('AWS_SECRET_ACCESS_KEY') ?? '',
    region: variable('AWS_REGION') ?? variable('AWS_DEFAULT_REGION') ?? 'us-east-1',
  };
}

function mlflowSettings(): MlflowSettings | undefined {
  const trackingUri = variable('MLFLOW_TRACKING_URI');
  if (trackingUri === undefined) return undefined;
  const caFile = variable('MLFLOW_TRACKING_SERVER_CERT_PATH');
  return {
    trackingUri,
    username: variable('MLFLOW_TRACKING_USERNAME'),
    password: secret('MLFLOW_TRACKING_PASSWORD'),
    token: secret('MLFLOW_TRACKING_TOKEN'),
    ca: caFile && readText('MLFLOW_TRACKING_SERVER_CERT_PATH', caFile),
    insecureTls: isSet('MLFLOW_TRACKING_INSECURE_TLS'),
    timeout: quantity('MLFLOW_HTTP_REQUEST_TIMEOUT', 1, 3_600),
    maxRetries: quantity('MLFLOW_HTTP_REQUEST_MAX_RETRIES', 0, 10),
    firstPause: quantity('MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR', 0, 60),
    multipartFrom: quantity('MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE', 1, Number.MAX_SAFE_INTEGER),
    s3: s3Settings(),
  };
}

/** The object store as MLflow's own client looks for it: an endpoint of its own, else that of AWS. */
function s3Settings(): S3Settings {
  const caFile = variable('AWS_CA_BUNDLE');
  return {
    endpoint: variable('MLFLOW_S3_ENDPOINT_URL') ?? variable('AWS_ENDPOINT_URL_S3'),
    accessKeyId: secret('AWS_ACCESS_KEY_ID'),
    secretAccessKey: secret('AWS_SECRET_ACCESS_KEY'),
    sessionToken: secret('AWS_SESSION_TOKEN'),
    region: variable('AWS_REGION') ?? variable('AWS_DEFAULT_REGION'),
    ca: caFile && readText('AWS_CA_BUNDLE', caFile),
    insecureTls: isSet('MLFLOW_S3_IGNORE_TLS'),
  };
}

function isSet(name: string): boolean {
  return /^(1|true|yes)$/i.test(variable(name) ?? '');
}

function quantity(name: string, low: number, high: number): number | undefined {
  const text = variable(name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value >= low && value <= high))
    throw new ConfigError(`${name}=${text} must be a number from ${low} to ${high}`);
  return value;
}

/** A variable that is set to something. */
function variable(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}

/** A secret, from its variable or from the file that `<name>_FILE` names. */
function secret(name: string): string | undefined {
  const file = variable(`${name}_FILE`);
  return variable(name) ?? (file && readText(`${name}_FILE`, file).trim());
}

function readText(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`${name} names ${path}, which cannot be read: ${(error as Error).message}`);
  }
}
