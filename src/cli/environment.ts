import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { ConfigError } from '../core/errors.js';
import type { ObjectStoreSettings } from '../sources/object-store.js';
import type { TrinoSettings } from '../sources/trino/settings.js';
import type { MlflowAddress } from './doctor/mlflow.js';

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
  readonly mlflow?: MlflowAddress;
  readonly threads: number;
  /** Whether errors show their stack. */
  readonly debug: boolean;
  /** Whether progress may redraw its line. */
  readonly interactive: boolean;
}

/**
 * Reads the environment once, at the start.
 * @throws {ConfigError} for a file of a secret that cannot be read
 */
export function readEnvironment(): Environment {
  const { KOL_STORE, KOL_LAKEHOUSE, KOL_DEBUG, CI, NO_COLOR, TERM } = process.env;
  const trino = trinoSettings();
  const objectStore = objectStoreSettings();
  const mlflow = mlflowAddress();
  return {
    ...(trino && { trino }),
    ...(objectStore && { objectStore }),
    ...(mlflow && { mlflow }),
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

function mlflowAddress(): MlflowAddress | undefined {
  const trackingUri = variable('MLFLOW_TRACKING_URI');
  if (trackingUri === undefined) return undefined;
  return {
    trackingUri,
    username: variable('MLFLOW_TRACKING_USERNAME'),
    password: secret('MLFLOW_TRACKING_PASSWORD'),
    token: secret('MLFLOW_TRACKING_TOKEN'),
  };
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
