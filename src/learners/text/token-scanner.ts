import { signCharacters } from '../../core/sign-characters.js';
import type { TokenKind } from './model.js';

/** What a code unit can be part of. */
const separator = 0;
const letter = 1;
const mark = 2;
const sign = 3;
const repeatable = 4;
/** Not looked at yet. */
const unclassified = 255;

const classes = new Uint8Array(65536).fill(unclassified);
const letterPattern = /[\p{L}\p{N}_]/u;
const longestRun = 3;

function classify(code: number): number {
  const character = String.fromCharCode(code);
  const found = letterPattern.test(character)
    ? letter
    : /\p{M}/u.test(character)
      ? mark
      : '!?.()'.includes(character)
        ? repeatable
        : signCharacters.some(([first, last]) => code >= first && code <= last)
          ? sign
          : separator;
  classes[code] = found;
  return found;
}

function classOf(code: number): number {
  const known = classes[code];
  return known === unclassified ? classify(code) : known;
}

/**
 * Gives where the tokens of `text` begin and end, in reading order: the longest match of the token pattern, then the
 * longest in what follows.
 *
 * @param text sanitised, so that every code unit is a code point
 */
export function scanTokens(text: string, kind: TokenKind, use: (start: number, end: number) => void): void {
  const { length } = text;
  const withSigns = kind === 'signs';
  let at = 0;
  while (at < length) {
    const code = text.charCodeAt(at);
    const found = classOf(code);
    if (found === letter) {
      let end = at + 1;
      while (end < length) {
        const next = text.charCodeAt(end);
        const nextClass = classOf(next);
        if (nextClass === letter || nextClass === mark) end++;
        else if (withSigns && isApostrophe(next) && end + 1 < length && isLetterAt(text, end + 1)) end += 2;
        else break;
      }
      if (withSigns && isScheme(text, at, end)) end += 3;
      use(at, end);
      at = end;
    } else if (withSigns && found === sign) {
      use(at, ++at);
    } else if (withSigns && found === repeatable) {
      let end = at + 1;
      while (end < length && end < at + longestRun && text.charCodeAt(end) === code) end++;
      use(at, end);
      at = end;
    } else {
      at++;
    }
  }
}

function isApostrophe(code: number): boolean {
  return code === 0x27 || code === 0x2019;
}

function isLetterAt(text: string, at: number): boolean {
  return classOf(text.charCodeAt(at)) === letter;
}

function isScheme(text: string, start: number, end: number): boolean {
  if (end - start !== 4 && end - start !== 5) return false;
  return text.startsWith('://', end) && /^https?$/.test(text.slice(start, end));
}
