import type { WriteColumn } from '../table-writer.js';

const short = { s: 'string', i: 'integer', n: 'number', b: 'boolean', t: 'timestamp', d: 'date' } as const;

/** `name:letter` pairs, one letter a type, in the order of the lakehouse contract. */
function columns(text: string): readonly WriteColumn[] {
  return text.split(/\s+/).map((pair) => {
    const [name, letter] = pair.split(':');
    return { name, type: short[letter as keyof typeof short] };
  });
}

/** The tables of the sample lakehouse with exactly the columns the platform has. */
export const schemas = {
  'kol_silver.kol_profiles': columns(
    'kol_id:s platform:s username:s display_name:s bio:s followers_count:i following_count:i post_count:i ' +
      'favorites_count:i verified:b default_profile:b default_profile_image:b has_url:b category:s ' +
      'account_created_at:t valid_from:t valid_to:t processed_at:t',
  ),
  'kol_silver.kol_content': columns(
    'content_id:s kol_id:s platform:s content_type:s title:s description:s hashtags:s views:i likes:i comments:i ' +
      'shares:i duration_seconds:i posted_at:t processed_at:t',
  ),
  'kol_silver.kol_comments': columns(
    'comment_id:s content_id:s kol_id:s text:s lang:s likes:i posted_at:t processed_at:t',
  ),
  'kol_silver.kol_daily_metrics': columns(
    'kol_id:s metric_date:d followers_count:i following_count:i posts:i views:i likes:i comments:i shares:i ' +
      'clicks:i orders:i revenue:n processed_at:t',
  ),
  'kol_silver.kol_campaigns': columns(
    'campaign_id:s kol_id:s brand:s category:s product_price:n budget:n started_at:t ended_at:t impressions:i ' +
      'clicks:i conversions:i revenue:n processed_at:t',
  ),
  'kol_gold.dim_kol': columns(
    'kol_sk:i kol_id:s platform:s username:s display_name:s bio:s category:s account_created_at:t valid_from:t ' +
      'valid_to:t is_current:b',
  ),
  'kol_gold.fact_kol_performance': columns(
    'kol_id:s platform:s content_type:s posted_date:d followers_count:i total_views:i total_likes:i ' +
      'total_comments:i total_shares:i engagement_rate:n',
  ),
  'kol_gold.ml_text_sentiment': columns('text_id:s text:s lang:s label:i source:s'),
  'kol_gold.ml_text_spam': columns('text_id:s text:s lang:s label:i source:s'),
} as const satisfies Record<string, readonly WriteColumn[]>;

/** A table the simulator writes. */
export type SampleTable = keyof typeof schemas;

/** Tables that a platform may do without. */
export const optionalTables: readonly string[] = ['kol_gold.ml_text_spam'];
