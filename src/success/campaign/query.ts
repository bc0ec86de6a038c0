import type { Query, SqlEngine } from '../../sources/table-source.js';
import { audience, windows } from './audience-sql.js';
import { commentColumns, commentJoins, comments } from './comments-sql.js';
import { content } from './content-sql.js';
import { campaignVersions, finishedOffers, nextOffers } from './offer.js';
import { pastCampaigns } from './past-sql.js';
import { profiles } from './profile-sql.js';

/**
 * One row per finished campaign: its terms, its results, and what was known of KOL and category at `as_of`.
 * @param asOf results processed later than this moment (ISO 8601) are not seen
 * @param leadDays days before its start at which a campaign is judged
 * @param withComments whether scored comments are read
 */
export function finishedCampaignsQuery(
  asOf: string | undefined,
  leadDays: number,
  withComments = false,
): Query {
  return query((engine) => [campaignVersions(engine, asOf), finishedOffers(leadDays)], withComments);
}

/** One row per KOL known at `asOf`, about a campaign of `days` days from then on. */
export function nextCampaignsQuery(asOf: string, days: number, withComments = false): Query {
  return query((engine) => [campaignVersions(engine, asOf), nextOffers(engine, asOf, days)], withComments);
}

const habits = windows.flatMap((days) =>
  [
    'days',
    'posts',
    'view_days',
    'views',
    'likes',
    'comments',
    'shares',
    'sales_days',
    'clicks',
    'orders',
    'revenue',
  ].map((name) => `a.${name}_${days}`),
);

/** @param offers the leading subqueries, up to `offers` */
function query(offers: (engine: SqlEngine) => readonly string[], withComments: boolean): Query {
  const subqueries = (engine: SqlEngine): string[] => [
    ...offers(engine),
    profiles(engine),
    audience(engine),
    content(engine),
    ...(withComments ? [comments(engine)] : []),
    pastCampaigns,
  ];
  return {
    sql: (engine) => `WITH ${subqueries(engine).join(',\n')}
SELECT o.offer_id, o.campaign_id, o.kol_id, o.as_of, o.result_at, o.clicks, o.conversions, o.revenue,
  o.category, o.product_price, o.budget, o.started_at, o.ended_at,
  p.platform, CASE WHEN o.category = p.kol_category THEN 1 WHEN p.kol_category IS NOT NULL THEN 0 END AS own_category,
  p.verified, p.account_created_at,
  a.followers_count, a.following_count, ${windows.map((days) => `a.followers_${days}_days_ago`).join(', ')},
  a.largest_follower_jump,
  ${habits.join(', ')},
  c.content_90, c.content_views_90, c.content_likes_90, c.content_comments_90, c.content_best_views_90,
  c.content_live_90,${withComments ? `\n  ${commentColumns.join(', ')},` : ''}
  coalesce(h.past_campaigns, 0) AS past_campaigns, h.past_clicks, h.past_conversions, h.past_revenue, h.past_ended_at,
  g.category_campaigns, g.category_orders, g.category_rate, g.category_squared_rate, g.category_inverse_clicks,
  g.category_log_price
FROM offers o
LEFT JOIN profiles p ON p.offer_id = o.offer_id
LEFT JOIN audience a ON a.offer_id = o.offer_id
LEFT JOIN content c ON c.offer_id = o.offer_id
${withComments ? `${commentJoins}\n` : ''}LEFT JOIN past h ON h.offer_id = o.offer_id
LEFT JOIN category_history g ON g.offer_id = o.offer_id
ORDER BY o.as_of, o.offer_id`,
  };
}
