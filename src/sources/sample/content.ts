import type { Rng } from '../../core/rng.js';
import type { Activity } from './activity.js';
import { firstDay, nDays } from './calendar.js';
import { exponential, pick } from './draws.js';
import type { Kol, Platform } from './kols.js';
import type { PartWriter } from '../part-writer.js';
import { topic } from './words.js';

const day = 86_400_000;

/** A post others can comment on. */
export interface Post {
  readonly id: string;
  readonly postedAt: number;
  readonly comments: number;
}

const types: Readonly<Record<Platform, readonly string[]>> = {
  tiktok: ['video', 'video', 'video', 'live'],
  facebook: ['photo', 'video', 'live', 'text'],
  youtube: ['video', 'short', 'live'],
  instagram: ['photo', 'reel', 'reel', 'story'],
};

/**
 * Writes every post of one KOL. Views, likes and comments are what a post had gathered when it was processed, one to
 * three days after it was posted, never what it had at once: a trap for features that ignore `processed_at`.
 */
export function addContent(kol: Kol, activity: Activity, rng: Rng, writer: PartWriter): Post[] {
  const posts: Post[] = [];
  for (let d = kol.joined; d < nDays; d++) {
    const count = activity.posts[d];
    for (let k = 0; k < count; k++) {
      // People post in the evening, Vietnam time (UTC+7).
      const hour = (13 + 3 * rng.normal() + 24) % 24;
      const postedAt = Math.round(firstDay + d * day + (hour / 24) * day);
      const share = (0.7 / count) * Math.exp(0.3 * rng.normal());
      const views = Math.round(activity.views[d] * share);
      const type = pick(types[kol.platform], rng);
      const id = `${kol.id}-${String(d).padStart(3, '0')}-${k}`;
      const processedAt = Math.round(
        postedAt + (1 + 2 * rng.uniform()) * day + (rng.uniform() < 0.02 ? 6 * day : 0),
      );
      const comments = Math.round(activity.comments[d] * share);
      const row = [
        id,
        kol.id,
        kol.platform,
        type,
        ...wording(kol, rng),
        views,
        Math.min(views, Math.round(activity.likes[d] * share)),
        rng.uniform() < 0.01 ? null : comments,
        Math.round(activity.shares[d] * share),
        type === 'photo' || type === 'text'
          ? null
          : Math.round(15 + exponential(type === 'live' ? 3600 : 60, rng)),
        postedAt,
      ];
      writer.add([...row, processedAt]);
      if (rng.uniform() < 0.005) writer.add([...row, processedAt + 1_800_000]);
      posts.push({ id, postedAt, comments });
    }
  }
  return posts;
}

/** Title, description and hashtags. */
function wording(kol: Kol, rng: Rng): [string, string | null, string] {
  const thing = topic(kol, rng);
  const [titles, description] =
    kol.language === 'vi'
      ? [
          [
            `Review ${thing} sau 1 tuần`,
            `Đập hộp ${thing} cùng mình`,
            `${thing} có đáng tiền không?`,
            `Top 5 ${thing} tháng này`,
          ],
          `Mình thử ${thing} và kể lại mọi điều, link ở bình luận nhé`,
        ]
      : [
          [
            `${thing}: one week later`,
            `Unboxing ${thing} with me`,
            `Is this ${thing} worth it?`,
            `Top 5 ${thing} this month`,
          ],
          `I tried ${thing} and tell you everything, link in the comments`,
        ];
  const hashtags = `#${kol.category} #${thing.replaceAll(' ', '')}${rng.uniform() < 0.3 ? ' #sale' : ''}`;
  return [pick(titles, rng), rng.uniform() < 0.3 ? null : description, hashtags];
}
