import {
  add,
  count,
  length,
  log1p,
  maximum,
  ratio,
  type Feature,
  type NumericExpression,
  type TextPattern,
} from '../features/expression.js';

function define(name: string, description: string, expression: NumericExpression): Feature {
  return { name, expression, description, owner: 'sentiment', lookBackDays: 0 };
}

const share = (pattern: TextPattern): NumericExpression =>
  ratio(count('text', pattern), maximum(length('text'), 1));

/** What a text looks like, whatever its words say. */
export const textMeasures: readonly Feature[] = [
  define('log_length', 'Characters of the text, ln(1 + count)', log1p(length('text'))),
  define('log_words', 'Words of the text, ln(1 + count)', log1p(count('text', 'words'))),
  define(
    'word_length',
    'Mean characters of a word',
    ratio(count('text', 'letters'), add(1, count('text', 'words'))),
  ),
  define('log_emoji', 'Emoji of the text, ln(1 + count)', log1p(count('text', 'emoji'))),
  define('emoji_share', 'Emoji as a share of the text', share('emoji')),
  define(
    'log_punctuation',
    'Punctuation marks of the text, ln(1 + count)',
    log1p(count('text', 'punctuation')),
  ),
  define('digit_share', 'Digits as a share of the text', share('digits')),
  define('numbers', 'Numbers (runs of digits) in the text, ln(1 + count)', log1p(count('text', 'numbers'))),
  define('links', 'Links in the text, ln(1 + count)', log1p(count('text', 'links'))),
  define('mentions', 'Mentions in the text, ln(1 + count)', log1p(count('text', 'mentions'))),
  define('hashtags', 'Hashtags in the text, ln(1 + count)', log1p(count('text', 'hashtags'))),
];
