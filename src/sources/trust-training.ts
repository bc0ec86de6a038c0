import type { WriteColumn } from './table-writer.js';

/** kol_gold.ml_trust_training: one labelled account a row, in the order of the lakehouse contract. */
export const trustTrainingSchema: readonly WriteColumn[] = [
  { name: 'kol_id', type: 'string' },
  { name: 'platform', type: 'string' },
  { name: 'as_of', type: 'timestamp' },
  { name: 'followers_count', type: 'integer' },
  { name: 'following_count', type: 'integer' },
  { name: 'post_count', type: 'integer' },
  { name: 'favorites_count', type: 'integer' },
  { name: 'verified', type: 'boolean' },
  { name: 'default_profile', type: 'boolean' },
  { name: 'default_profile_image', type: 'boolean' },
  { name: 'has_url', type: 'boolean' },
  { name: 'has_bio', type: 'boolean' },
  { name: 'geo_enabled', type: 'boolean' },
  { name: 'lang', type: 'string' },
  { name: 'location', type: 'string' },
  { name: 'account_age_days', type: 'integer' },
  { name: 'bio', type: 'string' },
  { name: 'username', type: 'string' },
  { name: 'display_name', type: 'string' },
  { name: 'label', type: 'integer' },
  { name: 'label_source', type: 'string' },
];
