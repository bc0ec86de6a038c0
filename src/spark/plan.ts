import { join } from 'node:path';
import type { BoosterRequest } from '../champion/booster-engine.js';
import type { TrainingData } from '../champion/design.js';
import type { ColumnType } from '../core/table.js';
import { Table, type Column } from '../core/table.js';
import { requiredColumns } from '../features/required-columns.js';
import { selectFeatures } from '../features/sql.js';
import type { SparkSettings } from './settings.js';
import { xgboostBooster, type XgboostBooster } from './xgboost-parameters.js';

/** Where Spark takes the features from: tables it reads itself, or columns that are sent with the rows. */
export type PlanSource =
  | { readonly kind: 'iceberg'; readonly table: string; readonly snapshot: string }
  | { readonly kind: 'parquet'; readonly path: string }
  | { readonly kind: 'sent' };

/** What infra/spark/train_gbm.py does, as JSON. */
export interface SparkPlan {
  readonly format: 1;
  readonly executors: number;
  readonly patience: number;
  readonly source: PlanSource;
  /** Columns of `kol_rows`, the source as a view; `key_<name>` in the rows. Timestamps as milliseconds. */
  readonly keys: readonly { readonly name: string; readonly type: 'string' | 'timestamp' }[];
  /** Text columns, to be sanitised before `select` reads them. */
  readonly texts: readonly string[];
  /** Keys and features in Spark's dialect. */
  readonly select: string;
  /** In the order of the matrix. */
  readonly features: readonly string[];
  readonly nRows: number;
  readonly maxBins: number;
  readonly boosters: readonly XgboostBooster[];
  readonly fits: readonly SparkFit[];
}

/** One fit: a column of parts (0 left out, 1 trained on, 2 judged), and columns that this fit alone has. */
export interface SparkFit {
  readonly name: string;
  readonly part: string;
  /** Columns of the rows by name in the matrix, after `features`: what encoders of this fit wrote. */
  readonly own: Readonly<Record<string, string>>;
  readonly seeds: Readonly<Record<string, number>>;
}

/** A plan, and the rows that go with it. */
export interface PlannedJob {
  readonly plan: SparkPlan;
  /** `row`, `label`, `weight`, a part per fit, the keys or else the features, and columns of single fits. */
  readonly rows: Table;
}

const mostBins = 256;

/**
 * Plans the fits of a request: folds and hold-outs are those of the request, row by row, so that Spark judges exactly
 * the rows that the local engine would.
 * @throws {ConfigError} as `xgboostBooster`
 */
export function planJob(request: BoosterRequest, settings: SparkSettings): PlannedJob {
  const { data, features, boosters, fits } = request;
  const { origin } = data;
  const names = features.map(({ name }) => name);
  const own = fits.map(({ design }, k) => {
    const encoded = design.train.X.names.slice(names.length);
    return Object.fromEntries(encoded.map((name, j) => [name, `own_${k}_${j}`]));
  });
  const matrixNames = [...names, ...Object.keys(own[0] ?? {})];
  const keys = (origin?.keys ?? []).map((name) => ({ name, type: keyType(data.table, name) }));
  return {
    plan: {
      format: 1,
      executors: settings.executors,
      patience: settings.patience,
      source: sourceOf(data, settings),
      keys,
      texts: origin
        ? requiredColumns(features).flatMap(({ name, kind }) => (kind === 'string' ? [name] : []))
        : [],
      select: origin
        ? selectFeatures(
            features,
            'kol_rows',
            'spark',
            keys.map(({ name }) => name),
            typesOf(data.table),
          )
        : '',
      features: names,
      nRows: data.y.length,
      maxBins: mostBins,
      boosters: boosters.map((booster) => xgboostBooster(booster, matrixNames, hessianOf(data.y))),
      fits: fits.map(({ label, seeds }, k) => ({
        name: label,
        part: `part_${k}`,
        own: own[k],
        // XGBoost takes 31 bits.
        seeds: Object.fromEntries(boosters.map(({ name }) => [name, seeds[name] >>> 1])),
      })),
    },
    rows: rowsOf(request, own),
  };
}

function sourceOf({ origin }: TrainingData, { tables }: SparkSettings): PlanSource {
  if (origin === undefined) return { kind: 'sent' };
  return 'catalog' in tables
    ? { kind: 'iceberg', table: `${tables.catalog}.${origin.table}`, snapshot: origin.snapshot }
    : { kind: 'parquet', path: join(tables.folder, ...origin.table.split('.')) };
}

function keyType(table: Table, name: string): 'string' | 'timestamp' {
  return Table.column(table, name).type === 'timestamp' ? 'timestamp' : 'string';
}

function typesOf(table: Table): Record<string, ColumnType> {
  return Object.fromEntries(Object.entries(table.columns).map(([name, { type }]) => [name, type]));
}

/** Of the log loss at the mean; classes that are no numbers, and amounts, have one of their own scale. */
function hessianOf(y: Float64Array): number {
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  return y.every((value) => value === 0 || value === 1) ? mean * (1 - mean) : 0;
}

function rowsOf({ data, fits }: BoosterRequest, own: readonly Record<string, string>[]): Table {
  const number = (values: Float64Array): Column => ({ type: 'number', values });
  const columns: Record<string, Column> = {
    row: number(Float64Array.from(data.y.keys())),
    label: number(data.y),
    weight: number(data.weight),
  };
  for (const name of data.origin?.keys ?? []) columns[`key_${name}`] = Table.column(data.table, name);
  if (data.origin === undefined) {
    data.X.names.forEach((name, j) => (columns[name] = number(Float64Array.from(data.X.columns[j]))));
  }
  fits.forEach(({ split, design }, k) => {
    const parts = new Float64Array(data.y.length);
    for (const row of split.train) parts[row] = 1;
    for (const row of split.test) parts[row] = 2;
    columns[`part_${k}`] = number(parts);
    for (const [name, column] of Object.entries(own[k])) {
      const values = new Float64Array(data.y.length).fill(NaN);
      for (const [rows, { X }] of [
        [split.train, design.train],
        [split.test, design.score],
      ] as const) {
        const encoded = X.columns[X.names.indexOf(name)];
        rows.forEach((row, i) => (values[row] = encoded[i]));
      }
      columns[column] = number(values);
    }
  });
  return Table.fromColumns(columns);
}
