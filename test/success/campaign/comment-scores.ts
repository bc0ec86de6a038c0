import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from '../../sources/scratch.js';

/**
 * Writes `kol_gold.kol_comment_scores` of the comments of a lakehouse as a sentiment model might: scores by the hash of
 * the text, so that no model is needed. With corrected versions, versions of one moment, unknown languages, missing spam
 * probabilities, keys that texts share, and hours on end in which all comments are bad.
 */
export async function writeSomeCommentScores(lakehouse: string): Promise<void> {
  const folder = join(lakehouse, 'kol_gold', 'kol_comment_scores');
  await mkdir(folder, { recursive: true });
  const part = (n: number): string => `CAST(hash(text, ${n}) % 10007 AS DOUBLE) / 10006`;
  const scored = `SELECT comment_id, content_id, kol_id, lang, posted_at, processed_at,
    CAST(date_trunc('month', posted_at) AS DATE) AS posted_month,
    ${part(1)} AS probability_negative, (1 - ${part(1)}) / 2 AS probability_neutral,
    (1 - ${part(1)}) / 2 AS probability_positive, (1 - 3 * ${part(1)}) / 2 AS sentiment,
    CASE WHEN hash(text, 2) % 5 > 0 THEN ${part(2)} END AS spam_probability,
    CAST(hash(text, 3) % 9007199254740992 AS BIGINT) AS text_key,
    ${[1, 2, 3, 4].map((k) => `CAST(hash(text, ${k + 10}) % ${40 + k} AS BIGINT) AS near_key_${k}`).join(', ')},
    'kol-sentiment' AS model_name, '1' AS model_version
    FROM (SELECT DISTINCT ON (comment_id, processed_at) * FROM read_parquet('${lakehouse}/kol_silver/kol_comments/*.parquet'))`;
  const corrected = (every: number, columns: string): string =>
    `SELECT * REPLACE (${columns}) FROM t WHERE hash(comment_id, ${every}) % ${every} = 0`;
  const angry = (hours: number): string =>
    `SELECT * REPLACE (comment_id || '-${hours}' AS comment_id, 0.95 AS probability_negative,
      posted_at + INTERVAL '${hours}' HOUR AS posted_at, processed_at + INTERVAL '${hours}' HOUR AS processed_at)
      FROM t WHERE hash(comment_id, 11) % 11 = 0`;
  await sql(`COPY (WITH t AS (${scored}) SELECT * FROM t
    UNION ALL ${corrected(5, "0.9 AS probability_negative, -0.8 AS sentiment, processed_at + INTERVAL '40' DAY AS processed_at")}
    UNION ALL ${corrected(7, "7 AS text_key, processed_at + INTERVAL '3' DAY AS processed_at")}
    UNION ALL ${corrected(9, "NULL AS lang, processed_at + INTERVAL '1' MINUTE AS processed_at")}
    ${[1, 2, 3].map((hours) => `UNION ALL ${angry(hours)}`).join('\n    ')}
    ) TO '${join(folder, 'part-00000.parquet')}' (FORMAT parquet)`);
}
