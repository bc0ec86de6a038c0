import type { ColumnType } from '../core/table.js';

/** A raw column of the trust training table. */
export interface TrustColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** A required column must be there and hold values; an optional one may be absent or entirely null. */
  readonly required: boolean;
  /** What the column is for; only inputs may reach a feature. */
  readonly role: 'id' | 'time' | 'input' | 'label' | 'note';
}

/** Columns whose values are slices that no new champion may harm: platform, language and size of the account. */
export const trustSlices = ['platform', 'lang', 'verified', 'followers_count', 'account_age_days'] as const;

/** The table that trust models are trained on, one row per account and labelled moment. */
export const trustTrainingTable = 'kol_gold.ml_trust_training';

/** The columns of `kol_gold.ml_trust_training`; label 1 = untrustworthy, 0 = trustworthy. */
export const trustColumns: readonly TrustColumn[] = [
  { name: 'kol_id', type: 'string', required: true, role: 'id' },
  { name: 'platform', type: 'string', required: false, role: 'note' },
  { name: 'as_of', type: 'timestamp', required: false, role: 'time' },
  { name: 'followers_count', type: 'number', required: true, role: 'input' },
  { name: 'following_count', type: 'number', required: true, role: 'input' },
  { name: 'post_count', type: 'number', required: true, role: 'input' },
  { name: 'favorites_count', type: 'number', required: false, role: 'input' },
  { name: 'verified', type: 'boolean', required: false, role: 'input' },
  { name: 'default_profile', type: 'boolean', required: false, role: 'input' },
  { name: 'default_profile_image', type: 'boolean', required: false, role: 'input' },
  { name: 'has_url', type: 'boolean', required: false, role: 'input' },
  { name: 'has_bio', type: 'boolean', required: false, role: 'input' },
  { name: 'geo_enabled', type: 'boolean', required: false, role: 'input' },
  { name: 'lang', type: 'string', required: false, role: 'input' },
  { name: 'location', type: 'string', required: false, role: 'input' },
  { name: 'account_age_days', type: 'number', required: true, role: 'input' },
  { name: 'bio', type: 'string', required: false, role: 'input' },
  { name: 'username', type: 'string', required: false, role: 'input' },
  { name: 'display_name', type: 'string', required: false, role: 'input' },
  { name: 'label', type: 'number', required: true, role: 'label' },
  { name: 'label_source', type: 'string', required: false, role: 'note' },
];
