import type { Rng } from '../../core/rng.js';
import type { Sentiment } from './opinions.js';
import { advertisement, opinion, spam } from './opinions.js';
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

/** Writes the labelled spam: half as many texts, three in ten of them spam, 3 % of labels wrong. */
export async function writeSpam(rng: Rng, nTexts: number, writer: PartWriter): Promise<void> {
  for (let i = 0; i < nTexts / 2; i++) {
    const language = rng.uniform() < 2 / 3 ? 'vi' : 'en';
    const isSpam = rng.uniform() < 0.3;
    const sentiment = rng.integer(3) as Sentiment;
    const text = !isSpam
      ? opinion(sentiment, language, rng)
      : rng.uniform() < 0.3
        ? spam(language, rng)
        : advertisement(language, rng);
    writer.add([
      `spam-${String(i + 1).padStart(6, '0')}`,
      text,
      language,
      Number(rng.uniform() < 0.03 ? !isSpam : isSpam),
      'simulated',
    ]);
    await writer.flush();
  }
}
