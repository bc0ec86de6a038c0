import type { ReasonRule } from '../../ensemble/fuse.js';

/**
 * What may be said of a score, most weighty first. Bounds of shrunk rates and ratios are logarithms: 0.22 is a quarter
 * more. docs/scores.md explains the codes to those who read them.
 */
export function scoreReasons(trustThreshold: number): readonly ReasonRule[] {
  return [
    {
      code: 'LOW_TRUST',
      column: 'trust_probability',
      when: 'below',
      bound: trustThreshold,
      description: 'the account is not trusted enough: nothing is expected of it',
    },
    {
      code: 'FOLLOWER_JUMP',
      column: 'largest_follower_jump',
      when: 'above',
      bound: 0.1,
      description: 'followers grew by more than a tenth from one day to the next within 90 days',
    },
    {
      code: 'FEW_COMMENTS',
      column: 'comments_per_like_90',
      when: 'below',
      bound: 0.02,
      description: 'fewer than one comment to fifty likes over 90 days',
    },
    {
      code: 'STRONG_PAST_CONVERSION',
      column: 'known_conversion',
      when: 'above',
      bound: 0.22,
      description: 'converts at least a quarter better than the category, shrunk for few clicks',
    },
    {
      code: 'WEAK_PAST_CONVERSION',
      column: 'known_conversion',
      when: 'below',
      bound: -0.36,
      description: 'converts at least three tenths worse than the category, shrunk for few clicks',
    },
    {
      code: 'FEW_PAST_CAMPAIGNS',
      column: 'log_past_campaigns',
      when: 'below',
      bound: Math.log1p(1.5),
      description: 'fewer than two past campaigns with known results',
    },
    {
      code: 'UNKNOWN_SALES',
      column: 'tracks_sales',
      when: 'below',
      bound: 0.5,
      description: 'the platform does not see clicks and orders of this account',
    },
    {
      code: 'OUTSIDE_OWN_CATEGORY',
      column: 'own_category',
      when: 'below',
      bound: 0.5,
      description: 'the product is of another category than the account',
    },
    {
      code: 'PRICE_ABOVE_CATEGORY',
      column: 'log_price_to_category',
      when: 'above',
      bound: 0.22,
      description: 'the price is at least a quarter above what is usual in the category',
    },
    {
      code: 'RISING_VIEWS',
      column: 'view_trend',
      when: 'above',
      bound: 0.3,
      description: 'views of the last 28 days are far above those of 90 days',
    },
    {
      code: 'FALLING_VIEWS',
      column: 'view_trend',
      when: 'below',
      bound: -0.3,
      description: 'views of the last 28 days are far below those of 90 days',
    },
    {
      code: 'SALE_DAYS_AHEAD',
      column: 'sale_days',
      when: 'above',
      bound: 0,
      description: 'a sale day (9.9, 10.10, 11.11, 12.12) falls into the planned days',
    },
    {
      code: 'TET_AHEAD',
      column: 'tet_share',
      when: 'above',
      bound: 0,
      description: 'the week of Tet, when people rest, falls into the planned days',
    },
  ];
}
