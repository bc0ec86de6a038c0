import { groupedHoldOut, timeHoldOut, type Split } from '../../ensemble/folds.js';
import { DataError } from '../../core/errors.js';
import type { CampaignRows } from './rows.js';

/** Fewer training rows than this leave the newest ones unjudged. */
const leastRows = 100;

/**
 * Whole KOLs drawn at random, and the newest campaigns against those whose results were known before the first of
 * them was judged: a campaign that was still running then had nothing to teach.
 * @throws {DataError} when too few results were known by then
 */
export function campaignSplits(
  { groups, periods, asOf, resultAt }: CampaignRows,
  share: number,
  seed: number,
): { readonly random: Split; readonly forward: Split } {
  const newest = timeHoldOut(periods, share);
  const first = newest.test.reduce((least, row) => Math.min(least, asOf[row]), Infinity);
  const train = newest.train.filter((row) => resultAt[row] <= first);
  if (train.length < leastRows) {
    throw new DataError(
      `kol_silver.kol_campaigns: only ${train.length} results were known on ${new Date(first).toISOString().slice(0, 10)}, when the newest ${100 * share} % of the campaigns begin; training needs at least ${leastRows}`,
    );
  }
  return { random: groupedHoldOut(groups, share, seed), forward: { train, test: newest.test } };
}

/** Columns whose values are slices that no new champion may harm. */
export const campaignSlices = ['platform', 'category', 'verified', 'followers_count'] as const;
