import { DataError } from '../../core/errors.js';
import { sha256 } from '../../core/record.js';
import { Table, type Column } from '../../core/table.js';
import { fuse, reasonCodes } from '../../ensemble/fuse.js';
import { computeFeatures } from '../../features/columns.js';
import { openSession } from '../../onnx/session.js';
import { readCard } from '../../release/read-card.js';
import { runBatches } from '../../release/run-batches.js';
import type { BatchTarget } from '../../sources/batch-target.js';
import { readAll, tablesOf, type Query, type TableSource } from '../../sources/table-source.js';
import type { WriteColumn } from '../../sources/table-writer.js';
import { accountsQuery } from './accounts-sql.js';
import type { CampaignConfig } from './config.js';
import { featureBatch, type RawColumns } from './feature-batch.js';
import { campaignFeaturesOf, readsComments } from './features.js';
import { withTypicalPrice } from './typical-price.js';
import { withPlannedDays } from './planned-days.js';
import { nextCampaignsQuery } from './query.js';
import { scoreReasons } from './reasons.js';
import { trustRows } from './trust-rows.js';

const day = 86_400_000;

/** A graph and what it is called. */
export interface ScoringModel {
  readonly name: string;
  readonly version: number;
  readonly onnx: Uint8Array;
}

/** What scoring the current KOLs is given. */
export interface ScoringInput {
  readonly config: CampaignConfig;
  readonly source: TableSource;
  readonly success: ScoringModel;
  /** Left out: the trust columns stay empty, and so does the expected value. */
  readonly trust?: ScoringModel;
  readonly target: BatchTarget;
  readonly signal?: AbortSignal;
}

/** What was written. */
export interface WrittenScores {
  /** The file or table. */
  readonly where: string;
  readonly nRows: number;
  readonly asOf: string;
  /** KOLs held by the trust threshold. */
  readonly held: number;
  /** Columns the trust champion reads that the lakehouse does not hold for KOLs. */
  readonly unknown: readonly string[];
}

const scoresTable = 'kol_gold.kol_scores';

/** The columns of `kol_gold.kol_scores`. */
export const scoreColumns: readonly WriteColumn[] = [
  { name: 'kol_id', type: 'string' },
  { name: 'scored_at', type: 'timestamp' },
  { name: 'trust_score', type: 'number' },
  { name: 'trust_probability', type: 'number' },
  { name: 'anomaly_score', type: 'number' },
  { name: 'success_score', type: 'number' },
  { name: 'expected_value', type: 'number' },
  { name: 'reason_codes', type: 'string' },
  { name: 'model_name', type: 'string' },
  { name: 'model_version', type: 'string' },
  { name: 'source_snapshot', type: 'string' },
];

/**
 * Scores every KOL known at the moment of scoring (`asOf` of the configuration, else a day after the end of the newest
 * recorded day) for a campaign of its own category, and writes `kol_gold.kol_scores`, and the raw columns that were
 * scored into `kol_gold.kol_features`. The batch is named by the moment:
 * scoring the same moment again replaces it, whole or not at all.
 *
 * @throws {ConfigError} when the lakehouse cannot be written
 * @throws {DataError} when it has no recorded day
 */
export async function writeKolScores(input: ScoringInput): Promise<WrittenScores> {
  const { config, source, success, trust, target, signal } = input;
  const withComments = readsComments(readCard(success.onnx, success.name).inputs.map(({ name }) => name));
  // The tables of these queries hold those of accountsQuery and newestDay: all are read in one state.
  const nextQuery = (asOf: string): Query => nextCampaignsQuery(asOf, config.campaignDays, withComments);
  const tables = tablesOf(nextQuery('2000-01-01'), source.dialect);
  const snapshots = await source.snapshot(tables, config.snapshots, signal);
  const read = (query: Query): Promise<Table> =>
    readAll(source, query, { snapshots, ...(signal && { signal }) });
  const asOf = config.asOf ?? dayAfterNewest(await read(newestDay));
  const next = withTypicalPrice(withPlannedDays(await read(nextQuery(asOf))));
  const accounts = await read(accountsQuery(asOf));
  const ids = Table.strings(next, 'kol_id').map(String);
  const promise = await answers(success, next);
  const {
    scores: trusted,
    unknown,
    columns: trustColumns,
  } = await trustOf(trust, accounts, ids, Date.parse(asOf));

  const fused = ids.map((_, i) => fuse(promise.expected_revenue[i], trusted.trust_probability[i], config));
  const features = computeFeatures(campaignFeaturesOf(next), next);
  const reasons = reasonCodes(
    scoreReasons(config.trustThreshold),
    {
      ...Object.fromEntries(features.names.map((name, j) => [name, features.columns[j]])),
      trust_probability: trusted.trust_probability,
    },
    ids.length,
  );
  const text = (value: string): Column => ({ type: 'string', values: ids.map(() => value) });
  const models = trust === undefined ? [success] : [success, trust];
  const table = Table.fromColumns({
    kol_id: { type: 'string', values: ids },
    scored_at: { type: 'timestamp', values: new Float64Array(ids.length).fill(Date.parse(asOf)) },
    trust_score: { type: 'number', values: trusted.trust_score },
    trust_probability: { type: 'number', values: trusted.trust_probability },
    anomaly_score: { type: 'number', values: trusted.score_isolation_forest },
    success_score: { type: 'number', values: Float64Array.from(promise.success_score) },
    expected_value: {
      type: 'number',
      values: Float64Array.from(fused, ({ expectedValue }) => expectedValue),
    },
    reason_codes: { type: 'string', values: reasons.map((codes) => codes.join(',')) },
    model_name: text(models.map(({ name }) => name).join('+')),
    model_version: text(models.map(({ version }) => version).join('+')),
    source_snapshot: text(sha256(snapshots.map(({ table: name, id }) => `${name}@${id}`).join('\n'))),
  });
  const { where, nRows } = await target.replace(
    { table: scoresTable, columns: scoreColumns, within: ['scored_at'], key: ['kol_id'], rows: table },
    signal,
  );
  const { kol_id, scored_at, reason_codes } = table.columns;
  const raw = [{ inputs: readCard(success.onnx, success.name).inputs, table: next }, ...trustColumns];
  await target.replace(featureBatch({ kol_id, scored_at, reason_codes }, raw), signal);
  const held = fused.filter(({ state }) => state === 'held').length;
  return { where, nRows, asOf, held, unknown };
}

/** When the newest recorded day is. */
export const newestDay: Query = {
  sql: ({ table }) =>
    `SELECT max(CAST(metric_date AS timestamp)) AS newest FROM ${table('kol_silver.kol_daily_metrics')}`,
};

/** By then the newest day has ended and was processed. */
function dayAfterNewest(table: Table): string {
  const [newest] = Table.numbers(table, 'newest');
  if (Number.isNaN(newest))
    throw new DataError('kol_silver.kol_daily_metrics is empty: there is no KOL to score');
  return new Date(newest + 2 * day).toISOString();
}

async function answers({ onnx, name }: ScoringModel, table: Table): Promise<Record<string, Float32Array>> {
  const session = await openSession(onnx);
  try {
    return await runBatches(session, readCard(onnx, name).inputs, table);
  } finally {
    await session.close();
  }
}

const trustOutputs = ['trust_probability', 'trust_score', 'score_isolation_forest'] as const;

/** What the trust champion says of the KOLs named, in that order; NaN where it says nothing. */
async function trustOf(
  trust: ScoringModel | undefined,
  accounts: Table,
  ids: readonly string[],
  asOf: number,
): Promise<{
  readonly scores: Record<(typeof trustOutputs)[number], Float64Array>;
  readonly unknown: readonly string[];
  /** What was read, in the order of `ids`; empty without a champion. */
  readonly columns: readonly RawColumns[];
}> {
  const inputs = trust && readCard(trust.onnx, trust.name).inputs;
  const rows = inputs && trustRows(accounts, inputs, asOf);
  const outputs: Readonly<Record<string, Float32Array | undefined>> =
    trust && rows ? await answers(trust, rows.table) : {};
  const place = new Map(Table.strings(accounts, 'kol_id').map((id, i) => [id, i]));
  const column = (name: string): Float64Array =>
    Float64Array.from(ids, (id) => outputs[name]?.[place.get(id) ?? -1] ?? NaN);
  const [probability, score, anomaly] = trustOutputs.map(column);
  return {
    scores: { trust_probability: probability, trust_score: score, score_isolation_forest: anomaly },
    unknown: rows?.unknown ?? [],
    columns:
      inputs && rows
        ? [
            {
              inputs,
              table: Table.rows(
                rows.table,
                Int32Array.from(ids, (id) => place.get(id) ?? -1),
              ),
            },
          ]
        : [],
  };
}
