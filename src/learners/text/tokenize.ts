import type { TfidfAnalyzer } from './model.js';

/** Marks the beginning of a word in character n-grams. */
export const wordStart = '\u0002';
/** Marks the end of a word in character n-grams. */
export const wordEnd = '\u0003';

/** Runs of letters, marks, digits and underscores; the marks keep decomposed letters whole. */
const wordPattern = /[\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*/gu;

/**
 * The words of the first `maxLength` characters.
 * @param text sanitised, so that one UTF-16 unit is one code point
 */
export function words(text: string, maxLength: number): string[] {
  return text.slice(0, maxLength).match(wordPattern) ?? [];
}

/**
 * The sequences whose n-grams are the terms of a text: all its words (`word`), or the framed characters of each
 * word (`char`).
 * @param text sanitised
 */
export function unitRuns(text: string, { unit, maxLength }: TfidfAnalyzer): string[][] {
  const found = words(text, maxLength);
  return unit === 'word' ? [found] : found.map((word) => [wordStart, ...word, wordEnd]);
}

/** A term of several units in writing. */
export function joinUnits(units: readonly string[], { unit }: Pick<TfidfAnalyzer, 'unit'>): string {
  return units.join(unit === 'word' ? ' ' : '');
}

/** The units of a written term. */
export function splitUnits(term: string, { unit }: Pick<TfidfAnalyzer, 'unit'>): string[] {
  return unit === 'word' ? term.split(' ') : Array.from(term);
}
