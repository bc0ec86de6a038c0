import {
  groupedHoldOut,
  keepGroupsApart,
  randomHoldOut,
  timeHoldOut,
  type Split,
} from '../ensemble/folds.js';
import type { TrustConfig } from './config.js';
import type { TrustRows } from './rows.js';

/** Accounts drawn at random, and the newest ones, each against all others. */
export function trustSplits(
  { data, months }: TrustRows,
  { holdOut, seed }: Pick<TrustConfig, 'holdOut' | 'seed'>,
): { readonly random: Split; readonly forward: Split } {
  const { groups } = data;
  const newest = timeHoldOut(months, holdOut);
  return {
    random: groups ? groupedHoldOut(groups, holdOut, seed) : randomHoldOut(data.keys, data.y, holdOut, seed),
    forward: groups ? keepGroupsApart(newest, groups) : newest,
  };
}
