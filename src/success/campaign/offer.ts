import { newestFirst } from '../../core/sql/newest-first.js';
import { timestampLiteral } from '../../core/sql/timestamp.js';
import type { SqlEngine } from '../../sources/table-source.js';

/**
 * The campaigns that are asked about, as SQL. One row each: `offer_id`, `campaign_id`, `kol_id`, `category`,
 * `product_price`, `budget`, `started_at`, `ended_at` (as planned), `as_of`, and the results `clicks`, `conversions`,
 * `revenue`, `result_at` (null where they are still to come).
 *
 * All SQL of this folder keeps to what Trino and DuckDB read alike: casts to double before a division, NULLIF below
 * it, no differences of dates (timestamps are subtracted by features), no function with two dialects.
 */

/** Campaigns as the platform knew them up to `asOf`; every version of a row. */
export function campaignVersions({ table }: SqlEngine, asOf: string | undefined): string {
  const bound = asOf === undefined ? '' : ` WHERE processed_at <= ${timestampLiteral(asOf)}`;
  return `campaign_versions AS (
  SELECT campaign_id, kol_id, category, product_price, budget, started_at, ended_at, clicks, conversions, revenue,
    processed_at
  FROM ${table('kol_silver.kol_campaigns')}${bound}
)`;
}

/** What a campaign's row says, results first. */
const terms = [
  'conversions',
  'clicks',
  'revenue',
  'ended_at',
  'started_at',
  'category',
  'product_price',
  'budget',
] as const;

/**
 * Every finished campaign, once: its newest version with results. Its terms (category, price, budget, planned days)
 * are agreed before it starts, so they are read from that row whenever it was written; the moment of prediction is
 * `leadDays` before the start.
 */
export function finishedOffers(leadDays: number): string {
  return `offers AS (
  SELECT campaign_id || '/' || kol_id AS offer_id, campaign_id, kol_id, category, product_price, budget, started_at,
    ended_at, started_at - INTERVAL '${leadDays}' DAY AS as_of, clicks, conversions, revenue,
    CASE WHEN processed_at > ended_at THEN processed_at ELSE ended_at END AS result_at
  FROM (
    SELECT *, row_number() OVER (
      PARTITION BY campaign_id, kol_id ORDER BY ${newestFirst(terms)}
    ) AS place
    FROM campaign_versions WHERE clicks IS NOT NULL AND conversions IS NOT NULL AND revenue IS NOT NULL
  ) AS versions
  WHERE place = 1
)`;
}

/**
 * One campaign to come for every KOL known at `asOf`, to score who would do well now: a product of the KOL's own
 * category, `days` from `asOf` on, without a named price (the category's typical one) or budget.
 */
export function nextOffers({ table }: SqlEngine, asOf: string, days: number): string {
  const now = timestampLiteral(asOf);
  return `known_kols AS (
  SELECT kol_id, category
  FROM (
    SELECT kol_id, category, row_number() OVER (
      PARTITION BY kol_id ORDER BY valid_from DESC, ${newestFirst(['category'])}
    ) AS place
    FROM ${table('kol_silver.kol_profiles')}
    WHERE valid_from <= ${now} AND processed_at <= ${now} AND category IS NOT NULL
  ) AS versions
  WHERE place = 1
),
offers AS (
  SELECT 'next/' || k.kol_id AS offer_id, 'next' AS campaign_id, k.kol_id, k.category,
    CAST(NULL AS double) AS product_price, CAST(NULL AS double) AS budget, ${now} AS started_at, ${now} + INTERVAL '${days}' DAY AS ended_at, ${now} AS as_of,
    CAST(NULL AS double) AS clicks, CAST(NULL AS double) AS conversions, CAST(NULL AS double) AS revenue,
    CAST(NULL AS timestamp) AS result_at
  FROM known_kols k
)`;
}
