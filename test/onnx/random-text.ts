import type { Rng } from '../../src/core/rng.js';
import { sanitizeText } from '../../src/core/sanitize-text.js';
import { signCharacters } from '../../src/core/sign-characters.js';
import type { TextClassifierModel, TfidfAnalyzer, TfidfModel } from '../../src/learners/text/model.js';

const words = 'giảm giá sale đẹp lắm không tốt quá 50 a ơi shop_1 naïve hàng 😀 中文 😀😀 tệ'.split(' ');
const joints = [
  ' ',
  ' ',
  ', ',
  '  ',
  '!!! ',
  '\n',
  ' #',
  '\u0002',
  "'",
  '’',
  ' https://',
  ' (((:',
  '....',
  ' ?? @',
];

/** Sanitised texts of a small vocabulary, with empty and wordless ones among them. */
export function randomTexts(nRows: number, rng: Rng): string[] {
  return Array.from({ length: nRows }, () => {
    if (rng.integer(8) === 0) return sanitizeText(['', ' ', '!?', '\n\u0003'][rng.integer(4)]);
    let text = '';
    for (let n = rng.integer(14); n >= 0; n--)
      text += words[rng.integer(words.length)] + joints[rng.integer(joints.length)];
    return sanitizeText(rng.integer(6) === 0 ? text.normalize('NFD') : text);
  });
}

const word = '[\\p{L}\\p{N}_][\\p{L}\\p{M}\\p{N}_]*';
const wordPattern = new RegExp(word, 'gu');
const signs = signCharacters
  .map(([first, last]) => `${String.fromCharCode(first)}-${String.fromCharCode(last)}`)
  .join('')
  .replace(/[\\\]^[]/g, '\\$&');
const signPattern = new RegExp(
  `https?://|${word}(?:['’]${word})*|!{1,3}|\\?{1,3}|\\.{1,3}|\\({1,3}|\\){1,3}|[${signs}]`,
  'gu',
);

/** Terms of a text as the analyzer's definition has them, in any order. */
export function termsOf(text: string, { unit, tokens, minN, maxN, maxLength }: TfidfAnalyzer): string[] {
  const head = [...text].slice(0, maxLength).join('');
  const found = head.match(tokens === 'signs' ? signPattern : wordPattern) ?? [];
  const sequences =
    unit === 'word' ? [found as string[]] : found.map((word) => ['\u0002', ...word, '\u0003']);
  const terms: string[] = [];
  for (const sequence of sequences) {
    for (let n = minN; n <= maxN; n++) {
      for (let i = 0; i + n <= sequence.length; i++) {
        terms.push(sequence.slice(i, i + n).join(unit === 'word' ? ' ' : ''));
      }
    }
  }
  return terms;
}

/** A vectoriser of a random share of the terms in `texts`. */
export function randomVectorizer(
  texts: readonly string[],
  analyzer: TfidfAnalyzer,
  share: number,
  rng: Rng,
): TfidfModel {
  const all = [...new Set(texts.flatMap((text) => termsOf(text, analyzer)))].sort();
  const terms = all.filter(() => rng.uniform() < share);
  return {
    kind: 'tfidf',
    format: 1,
    analyzer,
    terms,
    idf: Float64Array.from(terms, () => 1 + 5 * rng.uniform()),
  };
}

/** A classifier with random weights over some vectorisers. */
export function randomTextClassifier(
  column: string,
  vectorizers: readonly TfidfModel[],
  nMargins: number,
  rng: Rng,
): TextClassifierModel {
  return {
    kind: 'text-classifier',
    format: 1,
    column,
    nMargins,
    vectorizers,
    weights: vectorizers.map(({ terms }) =>
      Float64Array.from({ length: terms.length * nMargins }, () => rng.normal()),
    ),
    intercept: Float64Array.from({ length: nMargins }, () => rng.normal()),
  };
}

/** The margins as the model's definition has them. */
export function textMarginsOf(model: TextClassifierModel, text: string): number[] {
  const sums = new Array<number>(model.nMargins).fill(0);
  let squares = 0;
  model.vectorizers.forEach(({ analyzer, terms, idf }, v) => {
    const position = new Map(terms.map((term, i) => [term, i]));
    for (const term of termsOf(text, analyzer)) {
      const i = position.get(term);
      if (i === undefined) continue;
      squares += idf[i] ** 2;
      sums.forEach((_, k) => (sums[k] += model.weights[v][i * model.nMargins + k]));
    }
  });
  return sums.map((sum, k) => model.intercept[k] + (squares === 0 ? 0 : sum / Math.sqrt(squares)));
}
