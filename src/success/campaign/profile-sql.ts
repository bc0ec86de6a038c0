import { newestFirst } from '../../core/sql/newest-first.js';
import type { SqlEngine } from '../../sources/table-source.js';

/** The profile of each offer's KOL as it was known at `as_of`, one row per offer. */
export const profiles = ({ table }: SqlEngine): string => `profiles AS (
  SELECT offer_id, platform, kol_category, verified, account_created_at
  FROM (
    SELECT o.offer_id, p.platform, p.category AS kol_category, p.verified, p.account_created_at,
      row_number() OVER (
        PARTITION BY o.offer_id ORDER BY p.valid_from DESC,
          ${newestFirst(['platform', 'category', 'verified', 'account_created_at'], 'p')}
      ) AS place
    FROM offers o
    JOIN ${table('kol_silver.kol_profiles')} p
      ON p.kol_id = o.kol_id AND p.valid_from <= o.as_of AND p.processed_at <= o.as_of
  ) AS versions
  WHERE place = 1
)`;
