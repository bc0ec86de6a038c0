import { ConfigError } from '../../core/errors.js';
import { sanitizeText } from '../../core/sanitize-text.js';
import type { TfidfAnalyzer } from './model.js';

/** Frames of a word in character n-grams, as ONNX Runtime's Tokenizer writes them. */
export const wordStart = '\u0002';
export const wordEnd = '\u0003';

const wordPattern = /[\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*/gu;

/**
 * Words of the first `maxLength` code points of the sanitised text: a letter, digit or underscore and the letters,
 * marks, digits and underscores that follow.
 *
 * @example
 * wordsOf('Rất ĐẸP!', 400) // ['rất', 'đẹp']
 */
export function wordsOf(text: string | null, maxLength: number): string[] {
  // Sanitised text stays within the BMP, so code units are code points.
  return sanitizeText(text).slice(0, maxLength).match(wordPattern) ?? [];
}

/**
 * Every n-gram occurrence of a text in reading order: the plain statement of what an analyzer does.
 *
 * @example
 * termsOf('so good', { unit: 'word', minN: 1, maxN: 2, maxLength: 400 }) // ['so', 'so good', 'good']
 */
export function termsOf(text: string | null, analyzer: TfidfAnalyzer): string[] {
  const words = wordsOf(text, analyzer.maxLength);
  const isWord = analyzer.unit === 'word';
  const runs = isWord ? [words] : words.map((word) => [wordStart, ...word, wordEnd]);
  return runs.flatMap((run) =>
    run.flatMap((_, start) => {
      const terms: string[] = [];
      for (let n = analyzer.minN; n <= analyzer.maxN && start + n <= run.length; n++) {
        terms.push(run.slice(start, start + n).join(isWord ? ' ' : ''));
      }
      return terms;
    }),
  );
}

/** Longest n-grams that a graph can name by one integer. */
const longest = { word: 3, char: 5 } as const;

/** @throws {ConfigError} naming the setting that is out of its range */
export function checkAnalyzer({ unit, minN, maxN, maxLength }: TfidfAnalyzer, path: string): void {
  if (!Object.hasOwn(longest, unit)) throw new ConfigError(`${path}.unit=${unit} must be word or char`);
  if (!(Number.isInteger(minN) && minN >= 1))
    throw new ConfigError(`${path}.minN=${minN} must be a whole number of at least 1`);
  if (!(Number.isInteger(maxN) && maxN >= minN && maxN <= longest[unit])) {
    throw new ConfigError(
      `${path}.maxN=${maxN} must be a whole number from minN=${minN} to ${longest[unit]} for ${unit} n-grams`,
    );
  }
  if (!(Number.isInteger(maxLength) && maxLength >= 1 && maxLength <= 100_000))
    throw new ConfigError(`${path}.maxLength=${maxLength} must be a whole number from 1 to 100000`);
}
