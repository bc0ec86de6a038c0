import type { Column, Table } from '../../../src/core/table.js';

/** A row of any table: numbers (times in milliseconds), texts, or nothing. */
export type Row = Readonly<Record<string, number | string | null>>;

const day = 86_400_000;

/** The rows of a table as objects. */
export function rowsOf(table: Table): Row[] {
  const cell = (column: Column, i: number): number | string | null => {
    const value = column.values[i];
    return typeof value === 'number' && Number.isNaN(value) ? null : value;
  };
  return Array.from({ length: table.nRows }, (_, i) =>
    Object.fromEntries(Object.entries(table.columns).map(([name, column]) => [name, cell(column, i)])),
  );
}

/** Everything a platform knows. */
export interface Lake {
  readonly profiles: readonly Row[];
  readonly days: readonly Row[];
  readonly posts: readonly Row[];
  readonly campaigns: readonly Row[];
}

const number = (row: Row, name: string): number => row[name] as number;

/** The newest version of every thing that was processed by `asOf`. */
function newest(rows: readonly Row[], asOf: number, key: (row: Row) => string): Row[] {
  const found = new Map<string, Row>();
  for (const row of rows) {
    if (number(row, 'processed_at') > asOf) continue;
    const held = found.get(key(row));
    if (held === undefined || number(held, 'processed_at') < number(row, 'processed_at'))
      found.set(key(row), row);
  }
  return [...found.values()];
}

const sum = (rows: readonly Row[], name: string): number =>
  rows.reduce((total, row) => total + ((row[name] as number | null) ?? 0), 0);

/** Some columns of a campaign row by their definitions, one raw row at a time. */
export function slowHistory(lake: Lake, offer: Row): Record<string, number | string | null> {
  const asOf = number(offer, 'as_of');
  const kol = offer.kol_id;
  const own = (row: Row): boolean => row.kol_id === kol;
  const known = newest(lake.days.filter(own), asOf, (row) => String(row.metric_date))
    .filter((row) => number(row, 'metric_date') + day <= asOf)
    .sort((a, b) => number(a, 'metric_date') - number(b, 'metric_date'));
  const recent = (days: number): Row[] =>
    known.filter((row) => number(row, 'metric_date') + day > asOf - days * day);
  const followers = (days: number): number | null => {
    const old = recent(97).filter(
      (row) => number(row, 'metric_date') + day <= asOf - days * day && row.followers_count !== null,
    );
    return (old.at(-1)?.followers_count as number | undefined) ?? null;
  };
  const jumps = recent(97).flatMap((row, i, all) =>
    i === 0 ? [] : [number(row, 'followers_count') / number(all[i - 1], 'followers_count') - 1],
  );

  const posts = newest(lake.posts.filter(own), asOf, (row) => String(row.content_id)).filter(
    (row) => number(row, 'posted_at') <= asOf && number(row, 'posted_at') > asOf - 90 * day,
  );

  const finished = lake.campaigns.filter(
    (row) => row.clicks !== null && row.conversions !== null && number(row, 'ended_at') <= asOf,
  );
  const results = newest(finished, asOf, (row) => `${row.campaign_id}/${row.kol_id}`);
  const past = results.filter(own).filter((row) => row.campaign_id !== offer.campaign_id);
  const category = results.filter((row) => row.category === offer.category);
  const rated = category.filter((row) => number(row, 'clicks') >= 50);
  const mean = (rows: readonly Row[], value: (row: Row) => number): number | null =>
    rows.length === 0 ? null : rows.reduce((total, row) => total + value(row), 0) / rows.length;
  const rate = (row: Row): number => number(row, 'conversions') / number(row, 'clicks');
  const logPrice = mean(category, (row) => Math.log(number(row, 'product_price')));

  const profile = lake.profiles
    .filter(own)
    .filter((row) => number(row, 'valid_from') <= asOf && number(row, 'processed_at') <= asOf)
    .sort((a, b) => number(a, 'valid_from') - number(b, 'valid_from'))
    .at(-1);
  const seen = (days: number): Row[] => recent(days).filter((row) => row.views !== null);
  const sold = (days: number): Row[] =>
    recent(days).filter((row) => row.clicks !== null && row.orders !== null);
  return {
    platform: profile?.platform ?? null,
    kol_verified: profile?.verified ?? null,
    followers_count: followers(0),
    followers_28_days_ago: followers(28),
    followers_90_days_ago: followers(90),
    largest_follower_jump: jumps.length === 0 ? null : Math.max(...jumps),
    days_28: recent(97).length === 0 ? null : recent(28).length,
    views_90: seen(90).length === 0 ? null : sum(seen(90), 'views'),
    likes_28: seen(28).length === 0 ? null : sum(seen(28), 'likes'),
    orders_90: sold(90).length === 0 ? null : sum(sold(90), 'orders'),
    content_90: posts.length === 0 ? null : posts.length,
    content_views_90: posts.length === 0 ? null : sum(posts, 'views'),
    past_campaigns: past.length,
    past_conversions: past.length === 0 ? null : sum(past, 'conversions'),
    past_ended_at: past.length === 0 ? null : Math.max(...past.map((row) => number(row, 'ended_at'))),
    category_campaigns: category.length,
    category_orders: mean(category, (row) => number(row, 'conversions')),
    category_rate: mean(rated, rate),
    category_squared_rate: mean(rated, (row) => rate(row) ** 2),
    category_inverse_clicks: mean(rated, (row) => 1 / number(row, 'clicks')),
    category_price: logPrice === null ? null : Math.exp(logPrice),
  };
}
