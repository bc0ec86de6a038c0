import {
  add,
  clip,
  column,
  ifMissing,
  indicator,
  log,
  log1p,
  maximum,
  missing,
  modulo,
  multiply,
  not,
  ratio,
  subtract,
  type Feature,
  type NumericExpression,
} from '../../features/expression.js';
import type { Table } from '../../core/table.js';
import { commentFeatures } from './comment-features.js';

function define(name: string, description: string, expression: NumericExpression, lookBackDays = 0): Feature {
  return { name, expression, description, owner: 'success', lookBackDays };
}

/** ln(left / right); missing where either is not above 0. */
function logRatio(left: NumericExpression, right: NumericExpression): NumericExpression {
  return log(ratio(left, right));
}

const per = (total: string, base: string): NumericExpression => ratio(column(total), column(base));
const orNothing = (name: string): NumericExpression => ifMissing(column(name), 0);

const followers = maximum(column('followers_count'), 1);
const duration = maximum(subtract(column('ended_at'), column('started_at')), 1);
const viewsPerDay = (days: number): NumericExpression => per(`views_${days}`, `view_days_${days}`);
const clicksPerDay = (days: number): NumericExpression => per(`clicks_${days}`, `sales_days_${days}`);

/**
 * Empirical Bayes (Efron & Morris 1975; method of moments for the beta-binomial, Kleinman 1973): the clicks that what is
 * known of the category is worth. Rates vary between campaigns by more than the noise of so many clicks; the rest of
 * their variance is how much KOLs truly differ, taken for at least a tenth of the mean rate.
 */
const rate = column('category_rate');
const binomial = multiply(rate, subtract(1, rate));
const spread = subtract(column('category_squared_rate'), multiply(rate, rate));
const noise = multiply(binomial, column('category_inverse_clicks'));
const between = maximum(subtract(spread, noise), multiply(0.01, multiply(rate, rate)));
const priorClicks = clip(subtract(ratio(binomial, between), 1), 1, 100_000);
const priorOrders = multiply(priorClicks, rate);

/** Orders per click, drawn toward the category's rate the more the fewer clicks there are; by its logarithm to it. */
function shrunkRate(orders: NumericExpression, clicks: NumericExpression): NumericExpression {
  return logRatio(ratio(add(orders, priorOrders), add(clicks, priorClicks)), rate);
}

const pastOrders = orNothing('past_conversions');
const pastClicks = orNothing('past_clicks');
const ownOrders = orNothing('orders_90');
const ownClicks = orNothing('clicks_90');
const knownRate = shrunkRate(add(pastOrders, ownOrders), add(pastClicks, ownClicks));
const clicksToCome = multiply(ifMissing(clicksPerDay(90), 0), duration);

const terms: readonly Feature[] = [
  define('log_price', 'Price of the product, ln', log(column('product_price'))),
  define(
    'log_price_to_category',
    'Price against the typical one of past campaigns of the category, log ratio',
    logRatio(column('product_price'), column('category_price')),
  ),
  define('duration_days', 'Planned days', duration),
  define('log_budget', 'Budget, ln(1 + amount)', log1p(column('budget'))),
  define('log_budget_per_follower', 'Budget per follower, ln', log(ratio(column('budget'), followers))),
  define('own_category', 'The product is of the category of the KOL', column('own_category')),
  define('sale_days', 'Planned days that are 9.9, 10.10, 11.11 or 12.12', column('sale_days')),
  define('sale_day_share', 'Sale days as a share of the planned days', ratio(column('sale_days'), duration)),
  define(
    'before_tet_share',
    'Days of the three weeks before Tet as a share of the planned days',
    ratio(column('days_before_tet'), duration),
  ),
  define(
    'tet_share',
    'Days of the week of Tet as a share of the planned days',
    ratio(column('tet_days'), duration),
  ),
  define(
    'year_phase',
    'Days into the year of the start, up to a shift',
    modulo(column('started_at'), 365.25),
  ),
];

const audience: readonly Feature[] = [
  define('log_followers', 'Followers, ln', log(followers), 98),
  define(
    'log_followers_to_following',
    'Followers against followed, log ratio',
    logRatio(followers, add(1, column('following_count'))),
    98,
  ),
  ...[28, 90].map((days) =>
    define(
      `follower_growth_${days}`,
      `Growth of followers over ${days} days, log ratio`,
      logRatio(column('followers_count'), column(`followers_${days}_days_ago`)),
      days + 8,
    ),
  ),
  define(
    'largest_follower_jump',
    'Largest growth of followers from one day to the next, as a share',
    column('largest_follower_jump'),
    98,
  ),
  define('verified', 'The platform verified the account', column('verified')),
  define(
    'log_account_age',
    'Age of the account at the start, ln(1 + days)',
    log1p(subtract(column('started_at'), column('account_created_at'))),
  ),
];

const habits: readonly Feature[] = [28, 90].flatMap((days) => [
  define(
    `posts_per_day_${days}`,
    `Posts a day over ${days} days`,
    per(`posts_${days}`, `days_${days}`),
    days + 1,
  ),
  define(
    `log_views_per_follower_${days}`,
    `Daily views per follower over ${days} days, ln`,
    logRatio(viewsPerDay(days), followers),
    days + 1,
  ),
  define(
    `engagement_rate_${days}`,
    `Likes, comments and shares per view over ${days} days`,
    ratio(
      add(add(column(`likes_${days}`), column(`comments_${days}`)), column(`shares_${days}`)),
      column(`views_${days}`),
    ),
    days + 1,
  ),
  define(
    `comments_per_like_${days}`,
    `Comments per like over ${days} days: bought likes do not talk`,
    per(`comments_${days}`, `likes_${days}`),
    days + 1,
  ),
  define(
    `log_clicks_per_day_${days}`,
    `Clicks a day over ${days} days, ln(1 + rate)`,
    log1p(clicksPerDay(days)),
    days + 1,
  ),
]);

const trends: readonly Feature[] = [
  define(
    'view_trend',
    'Views of 28 days against those of 90, log ratio',
    logRatio(viewsPerDay(28), viewsPerDay(90)),
    91,
  ),
  define('clicks_per_view', 'Clicks per view over 90 days', per('clicks_90', 'views_90'), 91),
  define(
    'log_revenue_per_day',
    'Revenue a day over 90 days, ln(1 + amount)',
    log1p(per('revenue_90', 'sales_days_90')),
    91,
  ),
  define(
    'tracks_sales',
    'Clicks and orders of the KOL are known',
    indicator(not(missing(column('clicks_90')))),
  ),
  define(
    'log_views_per_post',
    'Views of a post per follower over 90 days, ln',
    logRatio(per('content_views_90', 'content_90'), followers),
    90,
  ),
  define(
    'best_post',
    'Views of the best post against the mean one over 90 days, log ratio',
    logRatio(column('content_best_views_90'), per('content_views_90', 'content_90')),
    90,
  ),
  define(
    'live_share',
    'Live streams as a share of the posts of 90 days',
    per('content_live_90', 'content_90'),
    90,
  ),
];

/** How far back past campaigns are read: all of them. */
const always = 36_500;

const history: readonly Feature[] = [
  define(
    'log_past_campaigns',
    'Past campaigns with known results, ln(1 + count)',
    log1p(column('past_campaigns')),
    always,
  ),
  define(
    'days_since_campaign',
    'Days from the end of the last campaign with known results',
    subtract(column('started_at'), column('past_ended_at')),
    always,
  ),
  define(
    'past_conversion',
    'Conversion rate of past campaigns, shrunk toward the category, log ratio to it',
    shrunkRate(pastOrders, pastClicks),
    always,
  ),
  define(
    'own_conversion',
    'Conversion rate of the 90 days before, shrunk toward the category, log ratio to it',
    shrunkRate(ownOrders, ownClicks),
    91,
  ),
  define(
    'known_conversion',
    'Conversion rate of past campaigns and the 90 days before, shrunk toward the category, log ratio to it',
    knownRate,
    always,
  ),
  define(
    'log_known_clicks',
    'Clicks that these rates rest on, ln(1 + count)',
    log1p(add(pastClicks, ownClicks)),
    always,
  ),
  define(
    'log_past_orders',
    'Mean orders of past campaigns, the mean of the category counted as one of them, ln(1 + count)',
    log1p(ratio(add(pastOrders, column('category_orders')), add(1, column('past_campaigns')))),
    always,
  ),
  define(
    'log_past_revenue',
    'Mean revenue of past campaigns, ln(1 + amount)',
    log1p(per('past_revenue', 'past_campaigns')),
    always,
  ),
  define(
    'log_category_rate',
    'Mean conversion rate of past campaigns of the category, ln',
    log(rate),
    always,
  ),
  define(
    'log_clicks_to_come',
    'Clicks of 90 days at the planned length, ln(1 + count)',
    log1p(clicksToCome),
    91,
  ),
  define(
    'log_orders_to_come',
    'Those clicks at the known conversion rate, ln(1 + count)',
    log1p(
      multiply(
        clicksToCome,
        ratio(add(add(pastOrders, ownOrders), priorOrders), add(add(pastClicks, ownClicks), priorClicks)),
      ),
    ),
    always,
  ),
];

/**
 * Every feature of a campaign to come. None reads an id or the time itself: ids name KOLs, and a tree that knows the
 * date cannot go on beyond it.
 */
export const campaignFeatures: readonly Feature[] = [...terms, ...audience, ...habits, ...trends, ...history];

/** Those features that the columns of a table are enough for: what comments say is known only where they are scored. */
export function campaignFeaturesOf(table: Table): readonly Feature[] {
  return readsComments(Object.keys(table.columns))
    ? [...campaignFeatures, ...commentFeatures]
    : campaignFeatures;
}

/** Whether columns are those of a query that reads scored comments. */
export function readsComments(columns: readonly string[]): boolean {
  return columns.some((name) => name.startsWith('comments_known_'));
}

/** Text columns read as categories. */
export const campaignCategories = ['category', 'platform'] as const;
