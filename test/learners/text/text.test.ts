import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecord, encodeRecord } from '../../../src/core/record.js';
import { createRng } from '../../../src/core/rng.js';
import { SparseMatrix } from '../../../src/core/sparse-matrix.js';
import { knownCharacters } from '../../../src/learners/text/known-characters.js';
import type { TextClassifierModel, TfidfAnalyzer } from '../../../src/learners/text/model.js';
import { textClassifier, textMargins } from '../../../src/learners/text/text-classifier.js';
import { countTerms, fitTfidf, tfidfRows } from '../../../src/learners/text/tfidf.js';
import { termsOf, wordsOf } from '../../../src/learners/text/tokenize.js';
import { trainingRows } from '../../../src/learners/text/training-rows.js';

const rng = createRng(1);
const word: TfidfAnalyzer = { unit: 'word', minN: 1, maxN: 2, maxLength: 400 };
const char: TfidfAnalyzer = { unit: 'char', minN: 2, maxN: 4, maxLength: 400 };
const all = { minDocumentFrequency: 1, maxTerms: 1000 };
const lonely = '\uD83D';

const praise = ['rất đẹp', 'đẹp quá 😀', 'hàng tốt, giao nhanh', 'so nice', 'nice and fast', 'tốt'];
const blame = ['rất tệ', 'tệ quá 😡', 'hàng lỗi, giao chậm', 'so bad', 'bad and slow', 'chậm'];
const texts = [...praise, ...blame];
const labels = texts.map((_, i) => (i < praise.length ? 1 : 0));

function dense({ nRows, nColumns, rowStart, column, value }: SparseMatrix): number[][] {
  return Array.from({ length: nRows }, (_, i) => {
    const row = new Array<number>(nColumns).fill(0);
    for (let s = rowStart[i]; s < rowStart[i + 1]; s++) row[column[s]] += value[s];
    return row;
  });
}

describe('termsOf', () => {
  it('cuts words and n-grams as documented', () => {
    expect(wordsOf('Rất ĐẸP_1, #sale!', 400)).toEqual(['rất', 'đẹp_1', 'sale']);
    expect(termsOf('so very good', word)).toEqual(['so', 'so very', 'very', 'very good', 'good']);
    expect(termsOf('a bc', { ...char, minN: 3, maxN: 4 })).toEqual([
      '\u0002a\u0003',
      '\u0002bc',
      '\u0002bc\u0003',
      'bc\u0003',
    ]);
    expect(termsOf('abcdef', { ...word, maxLength: 3 })).toEqual(['abc']);
  });

  it('reads NFC and NFD, upper and lower case alike', () => {
    for (const analyzer of [word, char])
      expect(termsOf('Nguyễn ĐẸP'.normalize('NFD'), analyzer)).toEqual(termsOf('nguyễn đẹp', analyzer));
  });
});

describe('fitTfidf and countTerms', () => {
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
  );
  const corpus = fc.array(fc.option(fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''))), {
    maxLength: 8,
  });

  it.each([word, char, { ...char, minN: 1, maxN: 5, maxLength: 7 }, { ...word, minN: 2, maxN: 3 }])(
    'agree with counting the terms one by one: %j',
    (analyzer) => {
      fc.assert(
        fc.property(corpus, corpus, fc.integer({ min: 1, max: 3 }), (seen, unseen, minDocumentFrequency) => {
          const model = fitTfidf(seen, analyzer, { minDocumentFrequency, maxTerms: 1000 });
          const documents = new Map<string, number>();
          for (const text of seen)
            for (const term of new Set(termsOf(text, analyzer)))
              documents.set(term, (documents.get(term) ?? 0) + 1);
          const expected = [...documents.keys()]
            .filter((term) => documents.get(term)! >= minDocumentFrequency)
            .sort();
          expect(model.terms).toEqual(expected);
          model.terms.forEach((term, t) =>
            expect(model.idf[t]).toBe(Math.log((1 + seen.length) / (1 + documents.get(term)!)) + 1),
          );
          const counts = dense(countTerms(model, unseen));
          unseen.forEach((text, i) => {
            const occurrences = termsOf(text, analyzer);
            model.terms.forEach((term, t) =>
              expect(counts[i][t]).toBe(occurrences.filter((other) => other === term).length),
            );
          });
        }),
        { numRuns: 60 },
      );
    },
  );

  it('keeps the terms that occur in most texts, the smaller one among equals', () => {
    const model = fitTfidf(['b a c', 'c', 'd'], { ...word, maxN: 1 }, { ...all, maxTerms: 2 });
    expect(model.terms).toEqual(['a', 'c']);
  });

  it('grows past its first tables', () => {
    const draw = createRng(5);
    const many = Array.from({ length: 400 }, () =>
      Array.from({ length: 60 }, () => `w${draw.integer(9000)}`).join(' '),
    );
    const model = fitTfidf(many, word, { minDocumentFrequency: 1, maxTerms: 2 ** 20 });
    expect(model.terms).toEqual([...new Set(many.flatMap((text) => termsOf(text, word)))].sort());
    const { value } = countTerms(model, many);
    expect(value.reduce((sum, count) => sum + count, 0)).toBe(many.flatMap((t) => termsOf(t, word)).length);
  });

  it('keeps character n-grams to the characters in most texts', () => {
    const isKnown = knownCharacters(['ab', 'bc', 'cd'], 400, 4);
    expect(['a', 'b', 'c', 'd', '\u0002', '\u0003'].map((c) => isKnown[c.charCodeAt(0)])).toEqual([
      0, 1, 1, 0, 1, 1,
    ]);
    const ideographs = Array.from({ length: 5000 }, (_, i) => String.fromCharCode(0x4e00 + i));
    const rare = fitTfidf(ideographs, { ...char, minN: 1, maxN: 1 }, { ...all, maxTerms: 10_000 });
    expect(rare.terms.length).toBe(4095);
  });

  it('equals TfidfVectorizer of scikit-learn where no term repeats', () => {
    const golden = JSON.parse(
      readFileSync(new URL('../../golden/linear-text.json', import.meta.url), 'utf8'),
    ) as {
      texts: string[];
      tfidf: { analyzer: TfidfAnalyzer; terms: string[]; idf: number[]; rows: number[][] }[];
    };
    for (const { analyzer, terms, idf, rows } of golden.tfidf) {
      const model = fitTfidf(golden.texts, analyzer, { minDocumentFrequency: 2, maxTerms: 1000 });
      expect(model.terms).toEqual(terms);
      idf.forEach((value, t) => expect(Math.abs(model.idf[t] - value)).toBeLessThan(1e-12));
      dense(tfidfRows([model], golden.texts)).forEach((row, i) =>
        row.forEach((value, t) => expect(Math.abs(value - rows[i][t])).toBeLessThan(1e-12)),
      );
    }
  });
});

describe('trainingRows', () => {
  it('scales each block to mean squared length 1 and only moves and scales the entries', () => {
    const vectorizers = [word, char].map((analyzer) => fitTfidf(texts, analyzer, all));
    const X = tfidfRows(vectorizers, texts);
    const widths = vectorizers.map(({ terms }) => terms.length);
    const { rows, position, factor } = trainingRows(X, widths);
    expect([...position].sort((a, b) => a - b)).toEqual(Array.from(position.keys()));
    const moved = dense(rows);
    dense(X).forEach((row, i) =>
      row.forEach((value, t) => expect(moved[i][position[t]]).toBe(value * factor[t])),
    );
    for (const block of [Array.from(position.slice(0, widths[0])), Array.from(position.slice(widths[0]))]) {
      const squares = moved.flatMap((row) => block.map((at) => row[at] ** 2)).reduce((a, b) => a + b);
      expect(squares / texts.length).toBeCloseTo(1, 12);
    }
    const counts = moved[0].map((_, at) => moved.filter((row) => row[at] > 0).length);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    expect(trainingRows(tfidfRows(vectorizers, ['', null]), widths).factor.every((f) => f === 1)).toBe(true);
  });
});

describe('SparseMatrix', () => {
  it('multiplies as the dense matrix does, rows of every length', () => {
    const draw = createRng(3);
    const rows = Array.from({ length: 40 }, (_, i) =>
      Array.from({ length: 23 }, () => (draw.integer(23) < i % 24 ? draw.normal() : 0)),
    );
    const stored = rows.map((row) => row.flatMap((value, j) => (value === 0 ? [] : [{ j, value }])));
    let at = 0;
    const X: SparseMatrix = {
      nRows: 40,
      nColumns: 23,
      rowStart: Int32Array.from([0, ...stored.map((row) => (at += row.length))]),
      column: Int32Array.from(stored.flatMap((row) => row.map(({ j }) => j))),
      value: Float64Array.from(stored.flatMap((row) => row.map(({ value }) => value))),
    };
    const right = Float64Array.from({ length: 23 }, () => draw.normal());
    const left = Float64Array.from({ length: 40 }, (_, i) => (i % 5 === 0 ? 0 : draw.normal()));
    const product = new Float64Array(40).fill(1);
    const transposed = new Float64Array(23).fill(1);
    SparseMatrix.addProduct(X, right, product);
    SparseMatrix.addTransposedProduct(X, left, transposed);
    rows.forEach((row, i) =>
      expect(product[i]).toBeCloseTo(
        row.reduce((sum, value, j) => sum + value * right[j], 1),
        12,
      ),
    );
    right.forEach((_, j) =>
      expect(transposed[j]).toBeCloseTo(
        rows.reduce((sum, row, i) => sum + row[j] * left[i], 1),
        12,
      ),
    );
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
    const model = await textClassifier({ column: 'bio', l2Regularization: l2 }).fit(texts, labels, {
      rng,
      sampleWeight: weight,
    });
    const tfidf = dense(tfidfRows(model.vectorizers, texts));
    const idf = model.vectorizers.flatMap((vectorizer) => [...vectorizer.idf]);
    // The penalty sees the terms of each vectoriser at a mean squared length of 1.
    const factor = model.vectorizers.flatMap(({ terms }, v) => {
      const first = v === 0 ? 0 : model.vectorizers[0].terms.length;
      const squares = tfidf.flatMap((row) => row.slice(first, first + terms.length).map((x) => x * x));
      const scale = Math.sqrt(tfidf.length / squares.reduce((a, b) => a + b));
      return terms.map(() => scale);
    });
    const rows = tfidf.map((row) => row.map((value, t) => value * factor[t]));
    const coefficients = model.weights
      .flatMap((own) => [...own])
      .map((value, t) => value / idf[t] / factor[t]);
    const residual = textMargins(model, texts)[0].map(
      (z, i) => weight[i] * (1 / (1 + Math.exp(-z)) - labels[i]),
    );
    const total = weight.reduce((a, b) => a + b);
    expect(Math.abs(residual.reduce((a, b) => a + b)) / total).toBeLessThan(1e-5);
    coefficients.forEach((w, t) => {
      const slope = rows.reduce((sum, row, i) => sum + row[t] * residual[i], l2 * w);
      expect(Math.abs(slope) / total).toBeLessThan(1.01e-5);
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
