import type { InputColumn } from '../../champion/model.js';
import { DataError } from '../../core/errors.js';
import { Table } from '../../core/table.js';
import { requiredColumns } from '../../features/required-columns.js';
import { campaignCategories, campaignFeaturesOf } from './features.js';

/** Fewer finished campaigns than this teach nothing. */
const leastRows = 200;
const monthDays = 30;
const day = 86_400_000;

/** Finished campaigns, ready to learn from. */
export interface CampaignRows {
  readonly table: Table;
  /** `[nRows]` distinct. */
  readonly keys: readonly string[];
  /** `[nRows]` the KOL: nobody is on both sides of a random split. */
  readonly groups: readonly string[];
  readonly categories: readonly string[];
  /** `[nRows]` milliseconds since 1970 UTC: the moment of the prediction, and when its result was known. */
  readonly asOf: Float64Array;
  readonly resultAt: Float64Array;
  /** `[nRows]` number of the 30-day period of the prediction. */
  readonly periods: Float64Array;
  /** `[nRows]` conversions per click, 0 without clicks. */
  readonly rates: Float64Array;
  readonly orders: Float64Array;
  readonly revenue: Float64Array;
}

/**
 * Takes the rows of `finishedCampaignsQuery` apart.
 * @throws {DataError} for too few campaigns, or one whose results cannot be
 */
export function campaignRows(table: Table): CampaignRows {
  if (table.nRows < leastRows) {
    throw new DataError(
      `kol_silver.kol_campaigns has ${table.nRows} finished campaigns; training needs at least ${leastRows}`,
    );
  }
  const keys = Table.strings(table, 'offer_id').map(String);
  const [clicks, orders, revenue] = ['clicks', 'conversions', 'revenue'].map((name) => {
    const values = Table.numbers(table, name);
    values.forEach((value, i) => {
      if (value >= 0 && Number.isFinite(value)) return;
      throw new DataError(
        `kol_silver.kol_campaigns: ${name} of campaign ${keys[i]} is ${value}, expected at least 0; mend the row or leave it out`,
      );
    });
    return values;
  });
  const asOf = Table.numbers(table, 'as_of');
  return {
    table,
    keys,
    groups: Table.strings(table, 'kol_id').map(String),
    categories: Table.strings(table, 'category').map((category) => category ?? ''),
    asOf,
    resultAt: Table.numbers(table, 'result_at'),
    periods: asOf.map((time) => Math.floor(time / (monthDays * day))),
    rates: orders.map((count, i) => (clicks[i] > 0 ? count / clicks[i] : 0)),
    orders,
    revenue,
  };
}

/** The raw columns that features and encoders read, in the order of the table. */
export function campaignInputs(table: Table): InputColumn[] {
  const read = new Set([
    ...requiredColumns(campaignFeaturesOf(table)).map(({ name }) => name),
    ...campaignCategories,
  ]);
  return Object.entries(table.columns).flatMap(([name, { type }]) =>
    read.has(name) ? [{ name, type }] : [],
  );
}
