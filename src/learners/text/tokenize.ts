import { ConfigError } from '../../core/errors.js';
import { sanitizeText } from '../../core/sanitize-text.js';
import type { TfidfAnalyzer } from './model.js';
import { scanTokens } from './token-scanner.js';

/** Frames of a token in character n-grams, as ONNX Runtime's Tokenizer writes them. */
export const wordStart = '\u0002';
export const wordEnd = '\u0003';

/**
 * Tokens of the first `maxLength` code points of the sanitised text.
 *
 * @example
 * tokensOf('Rất ĐẸP!!', { tokens: 'signs', maxLength: 400 }) // ['rất', 'đẹp', '!!']
 */
export function tokensOf(
  text: string | null,
  { tokens = 'words', maxLength }: Pick<TfidfAnalyzer, 'tokens' | 'maxLength'>,
): string[] {
  const head = sanitizeText(text).slice(0, maxLength);
  const found: string[] = [];
  scanTokens(head, tokens, (start, end) => found.push(head.slice(start, end)));
  return found;
}

/**
 * Every n-gram occurrence of a text in reading order: the plain statement of what an analyzer does.
 *
 * @example
 * termsOf('so good', { unit: 'word', minN: 1, maxN: 2, maxLength: 400 }) // ['so', 'so good', 'good']
 */
export function termsOf(text: string | null, analyzer: TfidfAnalyzer): string[] {
  const tokens = tokensOf(text, analyzer);
  const isWord = analyzer.unit === 'word';
  const runs = isWord ? [tokens] : tokens.map((token) => [wordStart, ...token, wordEnd]);
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
export function checkAnalyzer({ unit, tokens, minN, maxN, maxLength }: TfidfAnalyzer, path: string): void {
  if (!Object.hasOwn(longest, unit)) throw new ConfigError(`${path}.unit=${unit} must be word or char`);
  if (tokens !== undefined && tokens !== 'words' && tokens !== 'signs')
    throw new ConfigError(`${path}.tokens=${String(tokens)} must be words or signs`);
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
