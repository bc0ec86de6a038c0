import type { Rng } from '../../core/rng.js';
import type { DayFactors } from './calendar.js';
import { nDays } from './calendar.js';
import { poisson } from './draws.js';
import type { Kol } from './kols.js';

/** What truly happened to one KOL on each day `[nDays]`; the tables record it late, twice or wrongly. */
export interface Activity {
  readonly followers: Float64Array;
  readonly following: Float64Array;
  readonly posts: Float64Array;
  readonly views: Float64Array;
  readonly likes: Float64Array;
  readonly comments: Float64Array;
  readonly shares: Float64Array;
  readonly clicks: Float64Array;
  readonly orders: Float64Array;
}

/**
 * Lets one KOL live through the calendar. Views come from the real audience only; bought followers raise the
 * follower count at once, bring no views, orders or comments, and leave with a half-life of 45 days down to 40 %.
 */
export function simulate(kol: Kol, days: readonly DayFactors[], rng: Rng): Activity {
  const zeros = () => new Float64Array(nDays);
  const activity: Activity = {
    followers: zeros(),
    following: zeros(),
    posts: zeros(),
    views: zeros(),
    likes: zeros(),
    comments: zeros(),
    shares: zeros(),
    clicks: zeros(),
    orders: zeros(),
  };
  let audience = kol.startFollowers;
  // A slow wander of form, and the memory of recent posts: yesterday's post still draws views today.
  let form = 0;
  let fresh = 0.3;
  for (let d = kol.joined; d < nDays; d++) {
    const factors = days[d];
    const active = d < kol.stopped;
    form = 0.97 * form + 0.07 * rng.normal();
    const posts = active ? poisson(kol.postsPerDay * factors.posts, rng) : 0;
    fresh = 0.7 * fresh + (0.3 * Math.min(posts, 4)) / kol.postsPerDay;
    const views =
      audience *
      kol.reach *
      (0.05 + fresh * Math.min(1, kol.postsPerDay)) *
      factors.views *
      Math.exp(form + 0.25 * rng.normal());
    const likes = views * kol.likeRate * Math.exp(0.15 * rng.normal());
    // Those who buy followers also buy likes, not conversations.
    const boughtLikes = kol.trust < 0.5 ? 0.5 * likes * rng.uniform() : 0;
    const clicks = poisson(views * kol.clickRate * (active ? 1 : 0.3), rng);
    audience *= 1 + (active ? kol.growth * Math.exp(form) * (0.5 + 0.5 * factors.views) : -0.0003);

    activity.followers[d] = Math.round(audience + bought(kol, d));
    activity.following[d] = kol.following + Math.floor((d - kol.joined) * (kol.trust < 0.5 ? 0.8 : 0.05));
    activity.posts[d] = posts;
    activity.views[d] = Math.round(views);
    activity.likes[d] = Math.round(likes + boughtLikes);
    activity.comments[d] = poisson(likes * 0.06 * kol.trust, rng);
    activity.shares[d] = poisson(likes * 0.03, rng);
    activity.clicks[d] = clicks;
    activity.orders[d] = poisson(clicks * Math.min(0.5, kol.conversionRate * factors.conversion), rng);
  }
  return activity;
}

function bought(kol: Kol, d: number): number {
  let total = 0;
  for (const burst of kol.bursts) {
    if (d >= burst.day) total += burst.size * (0.4 + 0.6 * 0.5 ** ((d - burst.day) / 45));
  }
  return total;
}
