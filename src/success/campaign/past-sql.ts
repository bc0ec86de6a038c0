import { newestFirst } from '../../core/sql/newest-first.js';

/** Clicks from which on a campaign's conversion rate speaks for its category: below, it is 0 or a stroke of luck. */
const leastClicks = 50;

/** What is added up over the campaigns of a category. */
const summed = [
  'campaigns',
  'conversions',
  'rated',
  'rate',
  'squared_rate',
  'inverse_clicks',
  'priced',
  'log_price',
] as const;

/**
 * What was known at `as_of` of the earlier campaigns of each offer's KOL, and of all campaigns of the product's
 * category. A campaign counts from the moment its results were processed, under its newest version by then.
 *
 * The category's figures are running sums over a stream of events and questions, so that the cost grows with the
 * number of campaigns and not with its square: a corrected version adds its difference to the one before. Rates are
 * added in billionths, logarithms in millionths: sums of whole numbers, exact in any order. Its typical price is the
 * geometric mean, which for prices (about log-normal) is the median, and can be kept as a running sum; its exponential
 * is taken outside (`withTypicalPrice`).
 */
export const pastCampaigns = `past AS (
  SELECT offer_id, count(*) AS past_campaigns, sum(CAST(clicks AS double)) AS past_clicks,
    sum(CAST(conversions AS double)) AS past_conversions, sum(round(100 * revenue)) / 100 AS past_revenue,
    max(ended_at) AS past_ended_at
  FROM (
    SELECT o.offer_id, c.clicks, c.conversions, c.revenue, c.ended_at, row_number() OVER (
      PARTITION BY o.offer_id, c.campaign_id ORDER BY ${newestFirst(['conversions', 'clicks', 'revenue', 'ended_at'], 'c')}
    ) AS place
    FROM offers o
    JOIN campaign_versions c
      ON c.kol_id = o.kol_id AND c.campaign_id <> o.campaign_id
      AND c.processed_at <= o.as_of AND c.ended_at <= o.as_of
      AND c.clicks IS NOT NULL AND c.conversions IS NOT NULL
  ) AS versions
  WHERE place = 1
  GROUP BY offer_id
),
results AS (
  SELECT campaign_id, kol_id, category, processed_at,
    CASE WHEN processed_at > ended_at THEN processed_at ELSE ended_at END AS known_at,
    clicks, 1 AS campaigns, CAST(conversions AS double) AS conversions,
    CASE WHEN clicks >= ${leastClicks} THEN 1 ELSE 0 END AS rated,
    ${rated('CAST(conversions AS double) / clicks')} AS rate,
    ${rated('CAST(conversions AS double) / clicks * conversions / clicks')} AS squared_rate,
    ${rated('1 / CAST(clicks AS double)')} AS inverse_clicks,
    CASE WHEN product_price > 0 THEN 1 ELSE 0 END AS priced,
    CASE WHEN product_price > 0 THEN round(1e6 * ln(product_price)) ELSE 0 END AS log_price
  FROM campaign_versions WHERE clicks IS NOT NULL AND conversions IS NOT NULL
),
category_events AS (
  SELECT category, known_at AS moment, 0 AS turn, CAST(NULL AS varchar) AS offer_id,
    ${added()}
  FROM results
  UNION ALL
  SELECT category, as_of, 1, offer_id, ${summed.map(() => '0').join(', ')} FROM offers
),
category_sums AS (
  SELECT offer_id, turn,
    ${running()}
  FROM category_events
),
category_history AS (
  SELECT offer_id, campaigns AS category_campaigns, conversions / NULLIF(campaigns, 0) AS category_orders,
    rate / NULLIF(rated, 0) / 1e9 AS category_rate,
    squared_rate / NULLIF(rated, 0) / 1e9 AS category_squared_rate,
    inverse_clicks / NULLIF(rated, 0) / 1e9 AS category_inverse_clicks,
    log_price / NULLIF(priced, 0) / 1e6 AS category_log_price
  FROM category_sums WHERE turn = 1
)`;

/** The value in billionths where a campaign had clicks enough for its rate to say something. */
function rated(value: string): string {
  return `CASE WHEN clicks >= ${leastClicks} THEN round(1e9 * ${value}) ELSE 0 END`;
}

/** Each column less its value in the version before. */
function added(): string {
  // Versions of one moment in an order of their own, so that the last of them is the same in every engine.
  const versions = 'known_at, processed_at, conversions, clicks, priced, log_price';
  const before = `OVER (PARTITION BY campaign_id, kol_id, category ORDER BY ${versions})`;
  return summed.map((name) => `${name} - coalesce(lag(${name}) ${before}, 0) AS ${name}`).join(',\n    ');
}

/** Each column's sum over all events of the category up to the row, those of the same moment included. */
function running(): string {
  const soFar = 'OVER (PARTITION BY category ORDER BY moment, turn ROWS UNBOUNDED PRECEDING)';
  return summed.map((name) => `sum(CAST(${name} AS double)) ${soFar} AS ${name}`).join(',\n    ');
}
