import { createHash } from 'node:crypto';
import type { Dataset } from '../run-record.js';
import type { MlflowConnection } from './connection.js';
import { limits, mlflowText } from './keys.js';

/** A table that a run read, as MLflow's page of the run shows it. */
export interface MlflowDataset {
  readonly name: string;
  readonly digest: string;
  readonly sourceType: string;
  /** JSON: table, snapshot, statement. */
  readonly source: string;
  /** JSON in MLflow's own form. */
  readonly schema: string;
  /** Such as `training`. */
  readonly context: string;
}

/** A dataset of the run store in MLflow's form; its snapshot stands in the source. */
export function mlflowDataset({ name, digest, source, schema, role }: Dataset): MlflowDataset {
  return {
    name: mlflowText(name, limits.datasetName),
    // Digests that are too long are told apart by their hash, not by their beginning.
    digest: digest.length <= limits.datasetDigest ? digest : hash(digest),
    sourceType: 'kol',
    source: mlflowText(jsonOf(source), 60_000),
    schema: JSON.stringify({
      mlflow_colspec: Object.entries(schema).map(([column, type]) => ({
        name: column,
        type: columnTypes[type] ?? 'string',
        required: false,
      })),
    }),
    context: role,
  };
}

/** Links datasets to a run; those that it has already stay as they are. */
export async function logDatasets(
  mlflow: MlflowConnection,
  runId: string,
  datasets: readonly MlflowDataset[],
  signal?: AbortSignal,
): Promise<void> {
  if (datasets.length === 0) return;
  await mlflow.call('POST', 'runs/log-inputs', {
    body: {
      run_id: runId,
      datasets: datasets.map(({ context, sourceType, ...dataset }) => ({
        tags: [{ key: 'mlflow.data.context', value: context }],
        dataset: { ...dataset, source_type: sourceType },
      })),
    },
    signal,
  });
}

const columnTypes: Readonly<Record<string, string>> = {
  number: 'double',
  integer: 'long',
  boolean: 'boolean',
  string: 'string',
  timestamp: 'datetime',
  date: 'datetime',
};

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** The source as JSON, which the page of the run reads. */
function jsonOf(source: string): string {
  try {
    JSON.parse(source);
    return source;
  } catch {
    return JSON.stringify({ source });
  }
}
