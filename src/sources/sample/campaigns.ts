import type { Rng } from '../../core/rng.js';
import type { Activity } from './activity.js';
import { firstDay, nDays } from './calendar.js';
import type { DayFactors } from './calendar.js';
import { logNormal, pick, poisson } from './draws.js';
import { money } from './daily-metrics.js';
import type { Kol } from './kols.js';
import { categories, prices } from './kols.js';
import type { PartWriter } from '../part-writer.js';

const day = 86_400_000;
const brands = [
  'Sen Vàng',
  'Moc',
  'LunaCare',
  'Bếp Nhà',
  'Zenly',
  'An Nhiên',
  'Kova',
  'Trăng',
  'Nori',
  'PhinCo',
];

/**
 * Writes the campaigns of one KOL. The fee follows the follower count that everybody sees, sales follow the real
 * audience, talent and trust: brands overpay those who bought their followers. A product outside the KOL's own
 * category sells half as well.
 */
export function addCampaigns(
  kol: Kol,
  activity: Activity,
  days: readonly DayFactors[],
  rng: Rng,
  writer: PartWriter,
): void {
  const count = poisson(3 + Math.max(0, kol.talent), rng);
  for (let k = 0; k < count; k++) {
    const length = 7 + rng.integer(24);
    const start = kol.joined + rng.integer(Math.max(1, nDays - kol.joined - length));
    const fits = rng.uniform() < 0.75;
    const category = fits ? kol.category : pick(categories, rng);
    const price = money(logNormal(prices[category], 0.5, rng));
    let impressions = 0;
    let clicks = 0;
    let conversions = 0;
    for (let d = start; d < Math.min(start + length, nDays); d++) {
      const seen = Math.round(activity.views[d] * 0.35);
      const clicked = Math.min(seen, poisson(seen * kol.clickRate * 1.5, rng));
      const rate =
        kol.conversionRate * days[d].conversion * (category === kol.category ? 1 : 0.5) * (20 / price) ** 0.3;
      impressions += seen;
      clicks += clicked;
      conversions += Math.min(clicked, poisson(clicked * Math.min(0.5, rate), rng));
    }
    const endedAt = firstDay + (start + length) * day;
    const reported = endedAt <= firstDay + nDays * day;
    const processedAt = Math.round(endedAt + (1 + 3 * rng.uniform()) * day);
    const row = [
      `cmp-${kol.id.slice(4)}-${k + 1}`,
      kol.id,
      pick(brands, rng),
      category,
      price,
      money(activity.followers[start] * 0.012 * Math.exp(0.3 * rng.normal())),
      firstDay + start * day,
      endedAt,
      impressions,
      clicks,
      conversions,
      money(conversions * price),
    ];
    // A campaign that still runs has no figures yet.
    if (reported) writer.add([...row, processedAt]);
    else writer.add([...row.slice(0, 8), null, null, null, null, firstDay + start * day + 3_600_000]);
    if (reported && rng.uniform() < 0.01) writer.add([...row, processedAt + day]);
  }
}
