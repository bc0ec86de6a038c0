import { newestFirst } from '../../core/sql/newest-first.js';
import type { SqlEngine } from '../../sources/table-source.js';

/** Scored comments, as `kol score comments` writes them. */
export const commentScoresTable = 'kol_gold.kol_comment_scores';

/** Windows that comments are read over, in days. */
export const commentWindows = [7, 28, 90] as const;
const longest = Math.max(...commentWindows);

/** Days within which bad hours are looked for. */
const badHourDays = 28;

const read = [
  'posted_at',
  'lang',
  'probability_negative',
  'sentiment',
  'spam_probability',
  'text_key',
  'near_key_1',
  'near_key_2',
  'near_key_3',
  'near_key_4',
] as const;

/**
 * What stood below the posts of each offer's KOL in the 7, 28 and 90 days before `as_of`: a comment counts when it was
 * posted and processed by then, in its newest version known by then. Who is scored by which model does not move with
 * time: the scores say what a text says, and know no outcome.
 *
 * Scores are added in whole thousandths and hundredths, whose sums do not depend on the order. A bad hour is one in
 * which most comments are more likely negative than not. A comment is repeated when another one of the window has the
 * same normalised text, and nearly repeated when it shares a MinHash key with another one.
 */
export const comments = ({ table }: SqlEngine): string => `comment_versions AS (
  SELECT o.offer_id, o.as_of, ${read.map((name) => `c.${name}`).join(', ')},
    row_number() OVER (
      PARTITION BY o.offer_id, c.comment_id ORDER BY ${newestFirst(read, 'c')}
    ) AS place
  FROM offers o
  JOIN ${table(commentScoresTable)} c
    ON c.kol_id = o.kol_id AND c.posted_at <= o.as_of AND c.posted_at > o.as_of - INTERVAL '${longest}' DAY
    AND c.processed_at <= o.as_of
),
known_comments AS (
  SELECT offer_id, as_of, posted_at, coalesce(lang, '') AS lang,
    round(1000 * probability_negative) AS negative, round(100 * sentiment) AS mood,
    round(1000 * spam_probability) AS spam, probability_negative > 0.5 AS is_negative,
    count(*) OVER (PARTITION BY offer_id, text_key) > 1 AS is_repeated,
    ${[1, 2, 3, 4].map((k) => `count(*) OVER (PARTITION BY offer_id, near_key_${k}) > 1`).join('\n    OR ')} AS is_near
  FROM comment_versions WHERE place = 1
),
comment_sums AS (
  SELECT offer_id,
    ${commentWindows.flatMap(sums).join(',\n    ')},
    count(*) FILTER (WHERE is_repeated) AS comments_repeated_90,
    count(*) FILTER (WHERE is_near) AS comments_near_90,
    sum(spam) / 1000 AS comments_spam_90, count(spam) AS comments_spam_known_90
  FROM known_comments GROUP BY offer_id
),
comment_languages AS (
  SELECT offer_id, sum(CAST(n AS double) * CAST(n AS double)) AS comments_language_squares_90
  FROM (SELECT offer_id, lang, count(*) AS n FROM known_comments GROUP BY offer_id, lang) AS languages
  GROUP BY offer_id
),
bad_hours AS (
  SELECT offer_id, count(*) FILTER (WHERE two_before = at_hour - INTERVAL '2' HOUR) AS bad_runs_${badHourDays}
  FROM (
    SELECT offer_id, at_hour, lag(at_hour, 2) OVER (PARTITION BY offer_id ORDER BY at_hour) AS two_before
    FROM (
      SELECT offer_id, date_trunc('hour', posted_at) AS at_hour
      FROM known_comments WHERE posted_at > as_of - INTERVAL '${badHourDays}' DAY
      GROUP BY offer_id, date_trunc('hour', posted_at)
      HAVING 2 * count(*) FILTER (WHERE is_negative) > count(*)
    ) AS hours
  ) AS runs
  GROUP BY offer_id
)`;

function sums(days: number): string[] {
  const within = days === longest ? '' : ` FILTER (WHERE posted_at > as_of - INTERVAL '${days}' DAY)`;
  return [
    `count(*)${within} AS comments_known_${days}`,
    `sum(negative)${within} / 1000 AS comments_negative_${days}`,
    `sum(mood)${within} / 100 AS comments_mood_${days}`,
    `sum(mood * mood)${within} / 10000 AS comments_mood_squares_${days}`,
  ];
}

/** The columns that the queries give of comments. */
export const commentColumns: readonly string[] = [
  ...commentWindows.flatMap((days) =>
    ['known', 'negative', 'mood', 'mood_squares'].map((name) => `m.comments_${name}_${days}`),
  ),
  ...['repeated', 'near', 'spam', 'spam_known'].map((name) => `m.comments_${name}_90`),
  'l.comments_language_squares_90',
  `CASE WHEN m.comments_known_90 > 0 THEN coalesce(b.bad_runs_${badHourDays}, 0) END AS comments_bad_runs_${badHourDays}`,
];

/** How the subqueries join an offer. */
export const commentJoins = `LEFT JOIN comment_sums m ON m.offer_id = o.offer_id
LEFT JOIN comment_languages l ON l.offer_id = o.offer_id
LEFT JOIN bad_hours b ON b.offer_id = o.offer_id`;
