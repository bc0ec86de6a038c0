import type { MlflowConnection } from './connection.js';
import { limits } from './keys.js';
import { metricToWire } from './metric-value.js';
import { asKeyValues } from './pages.js';

/** One value of a metric on its way to MLflow. */
export interface MetricEntry {
  readonly key: string;
  readonly value: number;
  readonly step: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly at: number;
}

/** Any number of params, metrics and tags. */
export interface RunData {
  readonly params?: Readonly<Record<string, string>>;
  readonly metrics?: readonly MetricEntry[];
  readonly tags?: Readonly<Record<string, string>>;
}

/** The body of one log-batch call, without the run. */
export interface Batch {
  readonly params?: readonly { readonly key: string; readonly value: string }[];
  readonly tags?: readonly { readonly key: string; readonly value: string }[];
  readonly metrics?: readonly {
    readonly key: string;
    readonly value: number | string;
    readonly step: number;
    readonly timestamp: number;
  }[];
}

/** Cuts run data into batches within MLflow's limits of number and size: params, then metrics, then tags. */
export function batchesOf({ params = {}, metrics = [], tags = {} }: RunData): readonly Batch[] {
  const rows = metrics.map(({ key, value, step, at }) => ({
    ...{ key, value: metricToWire(value), step },
    timestamp: at,
  }));
  return [
    ...chunks(asKeyValues(params), limits.paramsPerBatch).map((chunk) => ({ params: chunk })),
    ...chunks(rows, limits.metricsPerBatch).map((chunk) => ({ metrics: chunk })),
    ...chunks(asKeyValues(tags), limits.tagsPerBatch).map((chunk) => ({ tags: chunk })),
  ];
}

/**
 * Logs run data, batch after batch. Params that are there already must have the same value.
 * Sent twice, params and tags stay as they are; so do metrics where MLflow keeps them in a database.
 */
export async function logRunData(
  mlflow: MlflowConnection,
  runId: string,
  data: RunData,
  signal?: AbortSignal,
): Promise<void> {
  for (const batch of batchesOf(data)) {
    await mlflow.call('POST', 'runs/log-batch', { body: { run_id: runId, ...batch }, signal });
  }
}

function chunks<Item>(items: readonly Item[], most: number): Item[][] {
  const found: Item[][] = [];
  let bytes = 0;
  for (const item of items) {
    const size = Buffer.byteLength(JSON.stringify(item)) + 1;
    const last = found.at(-1);
    if (last === undefined || last.length >= most || bytes + size > limits.batchBytes) {
      found.push([item]);
      bytes = size;
    } else {
      last.push(item);
      bytes += size;
    }
  }
  return found;
}
