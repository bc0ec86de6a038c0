import type { Rng } from '../../core/rng.js';
import type { Post } from './content.js';
import { exponential } from './draws.js';
import type { Kol } from './kols.js';
import type { Sentiment } from './opinions.js';
import { opinion, spam } from './opinions.js';
import type { PartWriter } from '../part-writer.js';

const day = 86_400_000;
const stored = 2;

/**
 * Writes up to two comments a post. Talent pleases, want of trust does not; below the posts of those who buy
 * engagement stands the same empty praise again and again.
 */
export function addComments(kol: Kol, posts: readonly Post[], rng: Rng, writer: PartWriter): void {
  const pleased = 1 / (1 + Math.exp(-(0.6 + 0.6 * kol.talent + 1.5 * (kol.trust - 0.7))));
  for (const post of posts) {
    const count = Math.min(stored, post.comments);
    for (let k = 0; k < count; k++) {
      const bought = kol.trust < 0.5 && rng.uniform() < 0.5;
      const language = rng.uniform() < 0.9 ? kol.language : kol.language === 'vi' ? 'en' : 'vi';
      const mood = rng.uniform();
      const sentiment: Sentiment = mood < 0.3 ? 1 : mood < 0.3 + 0.7 * pleased ? 2 : 0;
      const text = bought ? spam(language, rng) : opinion(sentiment, language, rng);
      const postedAt = Math.round(post.postedAt + exponential(0.8 * day, rng));
      const processedAt = Math.round(postedAt + exponential(0.1 * day, rng));
      const row = [
        `${post.id}-c${k}`,
        post.id,
        kol.id,
        text,
        rng.uniform() < 0.03 ? null : language,
        Math.floor(exponential(bought ? 0.2 : 2, rng)),
        postedAt,
      ];
      writer.add([...row, processedAt]);
      if (rng.uniform() < 0.004) writer.add([...row, processedAt + 600_000]);
    }
  }
}
