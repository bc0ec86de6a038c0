import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import { sanitizeText } from '../../src/core/sanitize-text.js';
import type { TextClassifierModel, TfidfAnalyzer } from '../../src/learners/text/model.js';
import { textClassifier as fitTextClassifier, textMargins } from '../../src/learners/text/text-classifier.js';
import { transpose } from '../../src/onnx/layout.js';
import { openSession } from '../../src/onnx/session.js';
import { exportTextClassifier, textClassifier } from '../../src/onnx/text.js';
import { evaluate } from './evaluate.js';
import { randomTextClassifier, randomTexts, randomVectorizer, textMarginsOf } from './random-text.js';

async function compare(model: TextClassifierModel, texts: readonly string[]): Promise<void> {
  const actual = await evaluate({ bio: texts }, model.nMargins, (graph, { bio }) =>
    transpose(graph, textClassifier(graph, model, bio)),
  );
  const learned = textMargins(model, texts);
  texts.forEach((text, i) => {
    textMarginsOf(model, text).forEach((expected, k) => {
      expect(learned[k][i], `margin ${k} of ${JSON.stringify(text)}`).toBeCloseTo(expected, 12);
      expect(actual[k][i], `margin ${k} of ${JSON.stringify(text)}`).toBeCloseTo(expected, 5);
    });
  });
}

const word = (minN: number, maxN: number, maxLength = 400): TfidfAnalyzer => ({
  unit: 'word',
  minN,
  maxN,
  maxLength,
});
const char = (minN: number, maxN: number, maxLength = 400): TfidfAnalyzer => ({
  unit: 'char',
  minN,
  maxN,
  maxLength,
});

describe('textClassifier as a graph', () => {
  const rng = createRng(4);
  const texts = randomTexts(120, rng);

  it.each([
    ['words', [word(1, 1)]],
    ['words and pairs', [word(1, 2)]],
    ['pairs and triples', [word(2, 3)]],
    ['characters, frames among them', [char(1, 3)]],
    ['pairs of characters', [char(2, 2)]],
    ['long character n-grams', [char(3, 5)]],
    ['signs', [{ ...word(1, 2), tokens: 'signs' as const }]],
    [
      'signs in words and characters beside words',
      [{ ...word(1, 3), tokens: 'signs' as const }, { ...char(2, 5), tokens: 'signs' as const }, word(1, 2)],
    ],
    ['words beside characters', [word(1, 2), char(3, 5)]],
  ])('agrees with its definition: %s', async (_, analyzers) => {
    const vectorizers = analyzers.map((analyzer) => randomVectorizer(texts, analyzer, 0.6, rng));
    for (const nMargins of [1, 3]) {
      await compare(randomTextClassifier('bio', vectorizers, nMargins, rng), texts);
    }
  });

  it('cuts texts at their maximal length', async () => {
    for (const maxLength of [5, 12, 1000, 1500]) {
      const long = [...texts, 'đẹp lắm '.repeat(400).trim(), 'sale '.repeat(300)];
      const vectorizers = [randomVectorizer(long, word(1, 2, maxLength), 0.9, rng)];
      await compare(randomTextClassifier('bio', vectorizers, 1, rng), long);
    }
  });

  it('answers a batch of nothing but empty or wordless texts with the intercept', async () => {
    const vectorizers = [word(1, 2), char(2, 4), char(1, 2)].map((a) => randomVectorizer(texts, a, 0.8, rng));
    const model = randomTextClassifier('bio', vectorizers, 2, rng);
    for (const batch of [[''], ['', ''], [' ', '!!'], ['', ' ', 'đẹp'], ['đẹp']]) await compare(model, batch);
  });

  it('scores one text as it scores many', async () => {
    const model = randomTextClassifier('bio', [randomVectorizer(texts, char(3, 5), 0.7, rng)], 1, rng);
    for (const text of texts.slice(0, 8)) await compare(model, [text]);
  });

  it('renumbers n-grams whose digits would overflow 62 bits', async () => {
    // 6,000 letters need 13 bits each: 5-grams take 65.
    const alphabet = Array.from({ length: 6000 }, (_, i) => String.fromCharCode(0x4e00 + i));
    const strange = Array.from({ length: 400 }, () =>
      Array.from({ length: 18 }, () => alphabet[rng.integer(alphabet.length)]).join(''),
    );
    const vectorizers = [randomVectorizer(strange, char(3, 5), 0.9, rng)];
    const many = [...strange.slice(0, 30), strange[3].slice(2, 9) + strange[4].slice(1, 7)];
    await compare(randomTextClassifier('bio', vectorizers, 1, rng), many);
    const words = strange.map((text) => text.replace(/../gu, '$& '));
    const phrases = [randomVectorizer(words, word(1, 6), 0.9, rng)];
    await compare(randomTextClassifier('bio', phrases, 1, rng), words.slice(0, 30));
  });

  it('knows no term: the intercept', async () => {
    await compare(
      randomTextClassifier('bio', [randomVectorizer(texts, word(1, 2), 0, rng)], 1, rng),
      texts.slice(0, 9),
    );
  });

  it('answers hostile texts as the JavaScript twin does', async () => {
    const hostile = [
      '',
      null,
      ' ',
      '\0',
      '\uD83D',
      'x\uDE00y',
      '\u0001\u0002\u0003\u202E',
      '<b onclick="x">&amp;</b>',
      'a'.repeat(1_000_000),
      'đẹp '.repeat(300_000),
      'مرحبا بالعالم',
      'שלום עולם',
      'สวัสดีครับ',
      '你好！世界。',
      'Nguye\u0302\u0303n'.repeat(3),
      '😀👍🏽‍❤️',
      "''' ’ http:// #@!?. https://đẹp",
      'đẹpppppp quáááá!!!!!!!!',
      '\u0301\u200D\uFE0F\uFFFE',
    ];
    const everyday = Array.from({ length: 60 }, (_, i) =>
      i % 2 === 0 ? `đẹp quá ${i} !!` : `tệ, don't buy ${i}`,
    );
    const seen = [...everyday, ...hostile];
    const y = seen.map((_, i) => i % 3);
    const model = await fitTextClassifier({ column: 'bio', nClasses: 3 }).fit(seen, y, { rng });
    const texts = seen.map(sanitizeText);
    const session = await openSession(exportTextClassifier(model));
    try {
      const outputs = await session.run({ bio: texts });
      textMargins(model, seen).forEach((margin, k) =>
        margin.forEach((expected, i) =>
          expect(outputs[`margin_${k}`][i], JSON.stringify(texts[i].slice(0, 40))).toBeCloseTo(expected, 5),
        ),
      );
    } finally {
      await session.close();
    }
  });

  it('refuses a term that its analyzer could not cut', async () => {
    const vectorizer = { ...randomVectorizer(texts, word(1, 1), 0.5, rng), terms: ['two words'] };
    const model = randomTextClassifier('bio', [vectorizer], 1, rng);
    await expect(compare(model, texts)).rejects.toThrow('term "two words" is not 1 to 1 words');
  });
});
