import { newestFirst } from '../../core/sql/newest-first.js';
import { timestampLiteral } from '../../core/sql/timestamp.js';
import type { Query } from '../../sources/table-source.js';

/** Where comments are read. */
export const commentsTable = 'kol_silver.kol_comments';

/**
 * Every version of every comment, in the order of posting; of versions of one moment, one. Comments without an author's
 * page, a time of posting or a time of processing cannot be placed in any window and are left out.
 * @param since comments posted before this moment (ISO 8601) are left out
 */
export function commentsQuery(since: string | undefined): Query {
  const bound = since === undefined ? '' : ` AND posted_at >= ${timestampLiteral(since)}`;
  return {
    sql: ({ table }) => `SELECT comment_id, content_id, kol_id, text, lang, posted_at, processed_at
FROM (
  SELECT *, row_number() OVER (
    PARTITION BY comment_id, processed_at ORDER BY ${newestFirst(['posted_at', 'text', 'lang', 'kol_id', 'content_id'])}
  ) AS place
  FROM ${table(commentsTable)}
  WHERE comment_id IS NOT NULL AND kol_id IS NOT NULL AND posted_at IS NOT NULL AND processed_at IS NOT NULL${bound}
) AS versions
WHERE place = 1
ORDER BY posted_at, comment_id, processed_at`,
  };
}
