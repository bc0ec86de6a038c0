import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecord, encodeRecord } from '../../../src/core/record.js';
import { createRng } from '../../../src/core/rng.js';
import { countTerms } from '../../../src/learners/text/factored-rows.js';
import { knownCharacters } from '../../../src/learners/text/known-characters.js';
import type { TextClassifierModel, TfidfAnalyzer } from '../../../src/learners/text/model.js';
import { textClassifier, textMargins } from '../../../src/learners/text/text-classifier.js';
import { logCountRatios, tfidfFactors, weightByRatios } from '../../../src/learners/text/term-factors.js';
import { fitTfidf } from '../../../src/learners/text/tfidf.js';
import { tokenRows } from '../../../src/learners/text/token-rows.js';
import { termsOf, tokensOf } from '../../../src/learners/text/tokenize.js';
import { learnVocabulary } from '../../../src/learners/text/vocabulary.js';

const rng = createRng(1);
const word: TfidfAnalyzer = { unit: 'word', minN: 1, maxN: 2, maxLength: 400 };
const char: TfidfAnalyzer = { unit: 'char', minN: 2, maxN: 4, maxLength: 400 };
const all = { minDocumentFrequency: 1, maxTerms: 1000 };
const lonely = '\uD83D';

const praise = ['rất đẹp', 'đẹp quá 😀', 'hàng tốt, giao nhanh', 'so nice', 'nice and fast', 'tốt'];
const blame = ['rất tệ', 'tệ quá 😡', 'hàng lỗi, giao chậm', 'so bad', 'bad and slow', 'chậm'];
const texts = [...praise, ...blame];
const labels = texts.map((_, i) => (i < praise.length ? 1 : 0));

const signs = { tokens: 'signs', maxLength: 400 } as const;

describe('termsOf', () => {
  it('cuts words and n-grams as documented', () => {
    expect(tokensOf('Rất ĐẸP_1, #sale!', { maxLength: 400 })).toEqual(['rất', 'đẹp_1', 'sale']);
    expect(termsOf('so very good', word)).toEqual(['so', 'so very', 'very', 'very good', 'good']);
    expect(termsOf('a bc', { ...char, minN: 3, maxN: 4 })).toEqual([
      '\u0002a\u0003',
      '\u0002bc',
      '\u0002bc\u0003',
      'bc\u0003',
    ]);
    expect(termsOf('abcdef', { ...word, maxLength: 3 })).toEqual(['abc']);
  });

  it('keeps signs, links, mentions, emoji and stretched letters as documented', () => {
    const cut = (text: string): string[] => tokensOf(text, signs);
    expect(cut("Don't STOP!!!! @kol_1 #sale :)))) ...")).toEqual([
      "don't",
      'stop',
      '!!!',
      '!',
      '@',
      'kol_1',
      '#',
      'sale',
      ':',
      ')))',
      ')',
      '...',
    ]);
    expect(cut('https://t.co/a http:/x xhttp://')).toEqual([
      'https://',
      't',
      '.',
      'co',
      '/',
      'a',
      'http',
      ':',
      '/',
      'x',
      'xhttp',
      ':',
      '/',
      '/',
    ]);
    expect(cut('đẹpppp😀😀❤️ <3')).toEqual(['đẹpppp', '\uE600', '\uE600', '\u2764', '<', '3']);
    expect(cut("'a' ’’ b’ c’d")).toEqual(["'", 'a', "'", '’', '’', 'b', '’', 'c’d']);
    expect(cut('a\u0301 \u0301 \0 \u00AD\u200D')).toEqual(['á']);
  });

  it('reads NFC and NFD, upper and lower case alike', () => {
    for (const analyzer of [word, char])
      expect(termsOf('Nguyễn ĐẸP'.normalize('NFD'), analyzer)).toEqual(termsOf('nguyễn đẹp', analyzer));
  });
});

describe('learnVocabulary', () => {
  const pieces = fc.constantFrom(
    'a',
    'b',
    'ab',
    'é',
    'e\u0301',
    ' ',
    '.',
    '😀',
    lonely,
    '\0',
    'ß',
    'Đ',
    '1',
    '_',
    '!',
    "'",
    'http://',
  );
  const corpus = fc.array(fc.option(fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''))), {
    maxLength: 8,
  });

  it.each([
    [[word]],
    [[char]],
    [[{ ...char, minN: 1, maxN: 5, maxLength: 7 }]],
    [[{ ...word, minN: 2, maxN: 3 }]],
    [[{ ...word, ...signs }, { ...char, ...signs }, word]],
  ])('agrees with counting the terms one by one: %j', (analyzers) => {
    fc.assert(
      fc.property(corpus, fc.integer({ min: 1, max: 3 }), (seen, minDocumentFrequency) => {
        const limits = { minDocumentFrequency, maxTerms: 1000 };
        const { vectorizers, rows } = learnVocabulary(seen, analyzers, limits);
        let offset = 0;
        analyzers.forEach((analyzer, a) => {
          const { terms, idf } = vectorizers[a];
          const documents = new Map<string, number>();
          for (const text of seen)
            for (const term of new Set(termsOf(text, analyzer)))
              documents.set(term, (documents.get(term) ?? 0) + 1);
          const expected = [...documents.keys()].filter(
            (term) => documents.get(term)! >= minDocumentFrequency,
          );
          expect([...terms].sort()).toEqual(expected.sort());
          terms.forEach((term, t) =>
            expect(idf[t]).toBe(Math.log((1 + seen.length) / (1 + documents.get(term)!)) + 1),
          );
          seen.forEach((text, i) => {
            const occurrences = termsOf(text, analyzer);
            const counts = countTerms(rows, i).slice(offset, offset + terms.length);
            expect([...counts]).toEqual(
              terms.map((term) => occurrences.filter((other) => other === term).length),
            );
          });
          offset += terms.length;
        });
      }),
      { numRuns: 60 },
    );
  });

  it('keeps the terms that occur in most texts, the smaller one among equals', () => {
    const model = fitTfidf(['b a c', 'c', 'd'], { ...word, maxN: 1 }, { ...all, maxTerms: 2 });
    expect([...model.terms].sort()).toEqual(['a', 'c']);
  });

  it('grows past its first tables', () => {
    const draw = createRng(5);
    const many = Array.from({ length: 400 }, () =>
      Array.from({ length: 60 }, () => `w${draw.integer(9000)}`).join(' '),
    );
    const { vectorizers, rows } = learnVocabulary(many, [word], {
      minDocumentFrequency: 1,
      maxTerms: 2 ** 20,
    });
    const expected = [...new Set(many.flatMap((text) => termsOf(text, word)))].sort();
    expect([...vectorizers[0].terms].sort()).toEqual(expected);
    const last = countTerms(rows, 399).reduce((sum, count) => sum + count, 0);
    expect(last).toBe(termsOf(many[399], word).length);
  });

  it('keeps character n-grams to the characters in most texts', () => {
    const isKnown = knownCharacters(tokenRows(['ab', 'bc', 'cd'], word), 2);
    expect(['a', 'b', 'c', 'd'].map((c) => isKnown[c.charCodeAt(0)])).toEqual([0, 1, 1, 0]);
    const ideographs = Array.from({ length: 5000 }, (_, i) => String.fromCharCode(0x4e00 + i));
    const rare = fitTfidf(ideographs, { ...char, minN: 1, maxN: 1 }, { ...all, maxTerms: 10_000 });
    // Each stands in one token, beside the two frames that all have.
    expect(rare.terms.length).toBe(4093 + 2);
  });

  it('equals TfidfVectorizer of scikit-learn where no term repeats', () => {
    const golden = JSON.parse(
      readFileSync(new URL('../../golden/linear-text.json', import.meta.url), 'utf8'),
    ) as {
      texts: string[];
      tfidf: { analyzer: TfidfAnalyzer; terms: string[]; idf: number[]; rows: number[][] }[];
    };
    for (const { analyzer, terms, idf, rows } of golden.tfidf) {
      const limits = { minDocumentFrequency: 2, maxTerms: 1000 };
      const { vectorizers, rows: units } = learnVocabulary(golden.texts, [analyzer], limits);
      const [model] = vectorizers;
      expect([...model.terms].sort()).toEqual(terms);
      const position = model.terms.map((term) => terms.indexOf(term));
      const { row } = tfidfFactors(vectorizers, units);
      position.forEach((at, t) => expect(Math.abs(model.idf[t] - idf[at])).toBeLessThan(1e-12));
      golden.texts.forEach((_, i) =>
        countTerms(units, i).forEach((count, t) =>
          expect(Math.abs(count * model.idf[t] * row[i] - rows[i][position[t]])).toBeLessThan(1e-12),
        ),
      );
    }
  });
});

describe('tfidfFactors and weightByRatios', () => {
  const { vectorizers, rows } = learnVocabulary(texts, [word, char], all);
  const plain = tfidfFactors(vectorizers, rows);
  const lengthOf = ({ row, term }: typeof plain, from: number, to: number): number =>
    texts.reduce((sum, _, i) => {
      const counts = countTerms(rows, i).slice(from, to);
      return counts.reduce((own, count, t) => own + count * (row[i] * term[from + t]) ** 2, sum);
    }, 0) / texts.length;
  const nWords = vectorizers[0].terms.length;

  it('scale each vectoriser to a mean squared length of 1', () => {
    expect(lengthOf(plain, 0, nWords)).toBeCloseTo(1, 12);
    expect(lengthOf(plain, nWords, rows.nTerms)).toBeCloseTo(1, 12);
    const blank = learnVocabulary(['', null], [word], all);
    expect([...tfidfFactors(blank.vectorizers, blank.rows).row]).toEqual([0, 0]);
  });

  it('favour terms of one class and keep the length', () => {
    const y = Float64Array.from(labels);
    const ratios = logCountRatios(rows, y, new Float64Array(y.length).fill(1), 2);
    const term = (name: string): number => vectorizers[0].terms.indexOf(name);
    // "đẹp" stands twice in six texts of praise; "rất" once on either side.
    expect(ratios[term('đẹp')]).toBeCloseTo(Math.log(3 / 7 / (1 / 7)), 12);
    expect(ratios[term('rất')]).toBeCloseTo(0, 12);
    const weighted = weightByRatios(rows, plain, ratios, 0.5);
    expect(lengthOf(weighted, 0, rows.nTerms)).toBeCloseTo(lengthOf(plain, 0, rows.nTerms), 12);
    const gain = (name: string): number => weighted.term[term(name)] / plain.term[term(name)];
    expect(gain('đẹp')).toBeGreaterThan(2 * gain('rất'));
    expect(weightByRatios(rows, plain, ratios, 0).term).toBe(plain.term);
  });
});

describe('textClassifier', () => {
  it.each([2, 3])('has the margins that its record documents, %d classes', async (nClasses) => {
    const y = texts.map((_, i) => i % nClasses);
    const model = await textClassifier({ column: 'bio', nClasses, minDocumentFrequency: 1 }).fit(texts, y, {
      rng,
    });
    expect(model.nMargins).toBe(nClasses === 2 ? 1 : nClasses);
    const asked = [...texts, 'đẹp đẹp đẹp rất', '', null, '???'];
    const margins = textMargins(model, asked);
    asked.forEach((text, i) => {
      let squares = 0;
      const sums = Array.from(model.intercept, () => 0);
      model.vectorizers.forEach(({ analyzer, terms, idf }, v) => {
        for (const term of termsOf(text, analyzer)) {
          const t = terms.indexOf(term);
          if (t < 0) continue;
          squares += idf[t] ** 2;
          sums.forEach((_, k) => (sums[k] += model.weights[v][t * model.nMargins + k]));
        }
      });
      sums.forEach((sum, k) => {
        const expected = model.intercept[k] + (squares > 0 ? sum / Math.sqrt(squares) : 0);
        expect(Math.abs(margins[k][i] - expected)).toBeLessThan(1e-12);
      });
    });
  });

  it('stands at the minimum of the penalised loss', async () => {
    const l2 = 0.7;
    const weight = texts.map((_, i) => 1 + (i % 3));
    const model = await textClassifier({ column: 'bio', l2Regularization: l2, logCountRatio: 0 }).fit(
      texts,
      labels,
      { rng, sampleWeight: weight },
    );
    const { vectorizers, rows: units } = learnVocabulary(
      texts,
      model.vectorizers.map(({ analyzer }) => analyzer),
      { minDocumentFrequency: 2, maxTerms: 50_000 },
    );
    const factors = tfidfFactors(vectorizers, units);
    const rows = texts.map((_, i) =>
      [...countTerms(units, i)].map((count, t) => count * factors.row[i] * factors.term[t]),
    );
    const coefficients = model.weights.flatMap((own) => [...own]).map((value, t) => value / factors.term[t]);
    const residual = textMargins(model, texts)[0].map(
      (z, i) => weight[i] * (1 / (1 + Math.exp(-z)) - labels[i]),
    );
    const total = weight.reduce((a, b) => a + b);
    expect(Math.abs(residual.reduce((a, b) => a + b)) / total).toBeLessThan(1e-4);
    coefficients.forEach((w, t) => {
      const slope = rows.reduce((sum, row, i) => sum + row[t] * residual[i], l2 * w);
      expect(Math.abs(slope) / total).toBeLessThan(1.01e-4);
    });
    expect(coefficients.some((w) => Math.abs(w) > 0.05)).toBe(true);
  });

  it('tells praise from blame', async () => {
    const model = await textClassifier({ column: 'bio', l2Regularization: 0.1 }).fit(texts, labels, { rng });
    const [margin] = textMargins(model, ['đẹp', 'tệ', 'NICE', 'bad']);
    expect(Array.from(margin, Math.sign)).toEqual([1, -1, 1, -1]);
  });

  it('bears hostile texts', async () => {
    const hostile = [
      '',
      null,
      '😀😀',
      lonely,
      `${lonely}x`,
      '\0',
      'a'.repeat(1_000_000),
      '\u0301',
      '\u0002\u0003',
    ];
    const fitted = [...texts, ...hostile];
    const y = fitted.map((_, i) => i % 2);
    const model = await textClassifier({ column: 'bio' }).fit(fitted, y, { rng });
    expect(textMargins(model, fitted)[0].every(Number.isFinite)).toBe(true);
    expect(Array.from(textMargins(model, ['', null])[0])).toEqual(new Array(2).fill(model.intercept[0]));
    const blank = await textClassifier({ column: 'bio' }).fit([null, '', '!!'], [0, 1, 1], { rng });
    expect(blank.vectorizers.map(({ terms }) => terms.length)).toEqual([0, 0]);
    expect(textMargins(blank, ['x'])[0][0]).toBeCloseTo(Math.log(2), 4);
  });

  it('is repeatable to the byte and survives storage', async () => {
    const fit = (seed: number): Promise<TextClassifierModel> =>
      textClassifier({ column: 'bio' }).fit(texts, labels, { rng: createRng(seed) });
    const bytes = encodeRecord(await fit(1));
    expect(bytes).toEqual(encodeRecord(await fit(2)));
    const stored = decodeRecord(bytes) as TextClassifierModel;
    expect(textMargins(stored, texts)).toEqual(textMargins(await fit(3), texts));
  });

  it('names what it cannot use', async () => {
    expect(() => textClassifier({ column: '' })).toThrow('column=');
    expect(() => textClassifier({ column: 'a', maxTerms: 2 ** 20 + 1 })).toThrow('maxTerms=1048577');
    expect(() => textClassifier({ column: 'a', analyzers: [] })).toThrow('at least one analyzer');
    expect(() => textClassifier({ column: 'a', analyzers: [{ ...char, maxN: 6 }] })).toThrow(
      'analyzers[0].maxN=6',
    );
    expect(() => textClassifier({ column: 'a', ngrams: 2 } as never)).toThrow('ngrams is not a parameter');
    const estimator = textClassifier({ column: 'a' });
    await expect(estimator.fit([], [], { rng })).rejects.toThrow('at least one row');
    await expect(estimator.fit(['x'], [2], { rng })).rejects.toThrow(
      'y[0]=2 must be a class index from 0 to 1',
    );
    await expect(estimator.fit(texts, labels, { rng, signal: AbortSignal.abort() })).rejects.toThrow(
      'interrupted',
    );
  });
});
