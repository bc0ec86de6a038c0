import { sanitizeText } from '../core/sanitize-text.js';

/**
 * What stays of a text when spelling, case, marks, punctuation, emoji and stretched letters are taken away: two texts of
 * one form say the same. A text of nothing but signs keeps its signs, each run once.
 *
 * @example
 * normalizedText('Đẹp   quáááá!!! 😍') // 'dep qua'
 */
export function normalizedText(text: string | null): string {
  const plain = sanitizeText(text);
  const letters = plain
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replaceAll('đ', 'd')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(/(\p{L})\1{2,}/gu, '$1')
    .trim();
  return letters === '' ? plain.replace(/\s+/g, '').replace(/(.)\1+/gsu, '$1') : letters;
}
