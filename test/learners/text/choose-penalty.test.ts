import { describe, expect, it } from 'vitest';
import { encodeRecord } from '../../../src/core/record.js';
import { createRng } from '../../../src/core/rng.js';
import {
  choosePenalty,
  drawTexts,
  usualPenalty,
  type LabelledRows,
} from '../../../src/learners/text/choose-penalty.js';
import { tfidfFactors } from '../../../src/learners/text/term-factors.js';
import { textClassifier } from '../../../src/learners/text/text-classifier.js';
import { learnVocabulary } from '../../../src/learners/text/vocabulary.js';

const word = { unit: 'word', minN: 1, maxN: 1, maxLength: 400 } as const;

/** Texts of twelve words out of 400; the labels follow a few of them, or nothing. */
function sample(nRows: number, hasSignal: boolean): { texts: string[]; y: number[] } {
  const rng = createRng(7);
  const y = Array.from({ length: nRows }, () => rng.integer(2));
  const texts = y.map((label) => {
    const words = Array.from({ length: 12 }, () => `w${rng.integer(400)}`);
    if (hasSignal) words.push(`${label === 1 ? 'good' : 'bad'}${rng.integer(20)}`);
    return words.join(' ');
  });
  return { texts, y };
}

function labelled({ texts, y }: { texts: string[]; y: number[] }): LabelledRows {
  const { vectorizers, rows } = learnVocabulary(texts, [word], { minDocumentFrequency: 2, maxTerms: 5000 });
  const factors = tfidfFactors(vectorizers, rows);
  const weight = new Float64Array(y.length).fill(1);
  return { rows, factors, y: Float64Array.from(y), weight, nClasses: 2, draw: drawTexts(texts) };
}

describe('choosePenalty', () => {
  it('holds terms back where they say nothing and lets them speak where they do', async () => {
    const noise = await choosePenalty(labelled(sample(600, false)), {});
    const signal = await choosePenalty(labelled(sample(600, true)), {});
    expect(noise.l2Regularization).toBe(1);
    expect(signal.l2Regularization).toBeLessThan(0.1);
    expect(signal.logCountRatio).toBeGreaterThan(0);
  });

  it('leaves alone what is given, and falls back where a class cannot be held out', async () => {
    const data = labelled(sample(600, true));
    expect(await choosePenalty(data, { l2Regularization: 3 })).toMatchObject({ l2Regularization: 3 });
    expect(await choosePenalty(data, { logCountRatio: 0.3 })).toMatchObject({ logCountRatio: 0.3 });
    const lonely = { ...data, y: data.y.map((_, i) => (i === 0 ? 1 : 0)) };
    expect(await choosePenalty(lonely, {})).toEqual(usualPenalty);
    expect(await choosePenalty({ ...data, weight: data.weight.map(() => 0) }, {})).toEqual(usualPenalty);
  });

  it('is what the classifier fits with', async () => {
    const { texts, y } = sample(600, true);
    const estimate = (penalty: object): Promise<Uint8Array> =>
      textClassifier({ column: 'bio', analyzers: [word], maxTerms: 5000, ...penalty })
        .fit(texts, y, { rng: createRng(1) })
        .then(encodeRecord);
    const chosen = await choosePenalty(labelled({ texts, y }), {});
    expect(await estimate({})).toEqual(await estimate(chosen));
    expect(await estimate({})).not.toEqual(await estimate({ ...chosen, l2Regularization: 5 }));
    expect(() => textClassifier({ column: 'a', logCountRatio: 2 })).toThrow('logCountRatio=2');
    expect(() => textClassifier({ column: 'a', l2Regularization: -1 })).toThrow('l2Regularization=-1');
  });

  it('puts equal texts into one fold', () => {
    const [first, second, other, none] = drawTexts(['đẹp quá', 'đẹp quá', 'đẹp qua', null]);
    expect(first).toBe(second);
    expect(other).not.toBe(first);
    expect(none).toBe(drawTexts([''])[0]);
  });
});
