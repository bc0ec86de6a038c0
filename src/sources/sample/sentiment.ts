import type { Rng } from '../../core/rng.js';
import type { Sentiment } from './opinions.js';
import { opinion } from './opinions.js';
import type { PartWriter } from '../part-writer.js';

/** Writes the small labelled corpus: two Vietnamese texts to one English, three classes, 6 % of labels wrong. */
export async function writeSentiment(rng: Rng, nTexts: number, writer: PartWriter): Promise<void> {
  for (let i = 0; i < nTexts; i++) {
    const language = rng.uniform() < 2 / 3 ? 'vi' : 'en';
    const mood = rng.uniform();
    const sentiment: Sentiment = mood < 0.35 ? 0 : mood < 0.55 ? 1 : 2;
    const label = rng.uniform() < 0.06 ? rng.integer(3) : sentiment;
    writer.add([
      `txt-${String(i + 1).padStart(6, '0')}`,
      opinion(sentiment, language, rng),
      language,
      label,
      'simulated',
    ]);
    await writer.flush();
  }
}
