/** `t` and, for some of its rows by the hash of `key`, others with `columns` in their stead. */
function also(key: string, ...variants: readonly (readonly [every: number, columns: string])[]): string {
  const more = variants.map(
    ([every, columns], i) => `SELECT * REPLACE (${columns}) FROM t WHERE hash(${key}, ${i}) % ${every} = 0`,
  );
  return ['SELECT * FROM t', ...more].join('\nUNION ALL ');
}

const later = (days: number): string => `processed_at + INTERVAL '${days}' DAY AS processed_at`;

/**
 * What a platform may hold beside the tidy rows of the sample: corrected deliveries, deliveries of one moment that
 * differ in a single column (an engine must not choose between them by chance), nulls, zeros, money below a cent, and
 * moments between two milliseconds.
 */
export const hardRows: Readonly<Record<string, string>> = {
  'kol_silver.kol_campaigns': also(
    'campaign_id, kol_id',
    [5, `clicks + 100 AS clicks, 2 * conversions AS conversions, ${later(40)}`],
    [7, 'conversions + 1 AS conversions'],
    [7, 'clicks + 1 AS clicks'],
    [7, 'revenue + 0.01 AS revenue'],
    [7, 'product_price * 1.1 AS product_price'],
    [7, `ended_at + INTERVAL '1' DAY AS ended_at`],
    [9, `CASE category WHEN 'beauty' THEN 'tech' ELSE 'beauty' END AS category, ${later(1)}`],
    [11, 'budget / 3 AS budget'],
    [13, `0 AS clicks, 0 AS conversions, -0.001 AS revenue, ${later(2)}`],
    [13, `NULL AS product_price, NULL AS budget, ${later(3)}`],
    [13, `0 AS product_price, ${later(4)}`],
    [13, `NULL AS category, ${later(5)}`],
    [17, `started_at + INTERVAL '123' MICROSECOND AS started_at, ${later(6)}`],
  ),
  'kol_silver.kol_daily_metrics': also(
    'kol_id, metric_date',
    ...['followers_count', 'following_count', 'posts', 'views', 'likes', 'comments', 'shares', 'clicks'].map(
      (name) => [40, `${name} + 3 AS ${name}`] as const,
    ),
    [40, 'orders + 2 AS orders'],
    [40, 'revenue + 0.07 AS revenue'],
    [40, 'NULL AS followers_count'],
    [40, 'NULL AS views'],
    [40, `0 AS followers_count, ${later(1)}`],
    [40, `-0.001 AS revenue, processed_at + INTERVAL '999' MICROSECOND AS processed_at`],
  ),
  'kol_silver.kol_content': also(
    'content_id',
    [10, `views + 7 AS views, ${later(20)}`],
    ...['views', 'likes', 'comments'].map((name) => [20, `${name} + 3 AS ${name}`] as const),
    [20, `'live' AS content_type`],
    [20, 'NULL AS views'],
    [20, `posted_at - INTERVAL '80' DAY AS posted_at`],
  ),
  'kol_silver.kol_profiles': also(
    'kol_id, valid_from',
    [4, `'myspace' AS platform`],
    [4, `'tech' AS category`],
    [4, 'NULL AS category'],
    [4, 'NOT verified AS verified'],
    [4, `account_created_at + INTERVAL '1' MICROSECOND AS account_created_at`],
    [4, `'Đánh giá 🎉 ' || username AS bio, NULL AS followers_count`],
    [4, `bio || ' more' AS bio, ${later(9)}`],
  ),
  'kol_gold.ml_trust_training': also(
    'kol_id',
    [
      30,
      `kol_id || '-a' AS kol_id, as_of - INTERVAL '10' YEAR AS as_of, 'Tiếng Việt 👩‍👩‍👧 e\u0301 ①²٣ _a1' || chr(10) || bio AS bio`,
    ],
    [30, `kol_id || '-b' AS kol_id, '' AS bio, NULL AS username, '😀😀😀' AS display_name`],
    [30, `kol_id || '-c' AS kol_id, NULL AS followers_count, 0 AS account_age_days, -1 AS following_count`],
    [30, `kol_id || '-d' AS kol_id, NULL AS verified, NULL AS label, 2147483647 AS followers_count`],
  ),
};
