import type { Rng } from '../../core/rng.js';
import type { Activity } from './activity.js';
import type { DayFactors } from './calendar.js';
import { nDays } from './calendar.js';
import { exponential, logNormal } from './draws.js';
import type { Kol } from './kols.js';
import { prices } from './kols.js';
import type { PartWriter } from '../part-writer.js';

const hour = 3_600_000;
const day = 24 * hour;

/**
 * Records one KOL's days as the platform did: written about 26 hours after the day begins, 3 % of them days later;
 * 0.4 % of days never; 0.5 % first too low and corrected three days later; 0.3 % delivered twice; a few values null.
 */
export function addDailyMetrics(
  kol: Kol,
  activity: Activity,
  days: readonly DayFactors[],
  rng: Rng,
  writer: PartWriter,
): void {
  for (let d = kol.joined; d < nDays; d++) {
    const fate = rng.uniform();
    const orders = activity.orders[d];
    const revenue = orders === 0 ? 0 : money(orders * logNormal(prices[kol.category], 0.25, rng));
    if (fate < 0.004) continue;
    const { time } = days[d];
    const late = fate >= 0.004 && fate < 0.034 ? (1 + 9 * rng.uniform()) * day : 0;
    const processed = Math.round(time + 26 * hour + exponential(1.5 * hour, rng) + late);
    const viewsLost = fate > 0.995;
    const record = (share: number, processedAt: number): void => {
      const part = (count: number) => Math.round(count * share);
      writer.add([
        kol.id,
        time,
        activity.followers[d],
        activity.following[d],
        activity.posts[d],
        viewsLost ? null : part(activity.views[d]),
        part(activity.likes[d]),
        part(activity.comments[d]),
        part(activity.shares[d]),
        kol.tracksSales ? part(activity.clicks[d]) : null,
        kol.tracksSales ? part(orders) : null,
        kol.tracksSales ? money(revenue * share) : null,
        processedAt,
      ]);
    };
    const corrected = fate >= 0.04 && fate < 0.045;
    record(corrected ? 0.6 : 1, processed);
    if (corrected) record(1, processed + 3 * day);
    if (fate >= 0.05 && fate < 0.053) record(1, processed + hour);
  }
}

/** Cents are the smallest unit of money. */
export function money(amount: number): number {
  return Math.round(amount * 100) / 100;
}
