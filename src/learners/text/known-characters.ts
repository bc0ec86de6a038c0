import { wordEnd, wordsOf, wordStart } from './tokenize.js';

/** A graph packs five character numbers into one integer, 12 bits each; 0 stands for an unknown one. */
export const maxCharacters = 4095;

/**
 * Which characters n-grams may hold: the frames of words and the characters that occur in most texts, the smaller
 * code unit first among equals.
 *
 * @returns `[65536]`, 1 for a known code unit
 */
export function knownCharacters(
  texts: readonly (string | null)[],
  maxLength: number,
  limit = maxCharacters,
): Uint8Array {
  const documents = new Uint32Array(65536);
  const lastText = new Int32Array(65536).fill(-1);
  texts.forEach((text, i) => {
    for (const word of wordsOf(text, maxLength)) {
      for (let at = 0; at < word.length; at++) {
        const character = word.charCodeAt(at);
        if (lastText[character] === i) continue;
        lastText[character] = i;
        documents[character]++;
      }
    }
  });
  const frames = [wordStart, wordEnd].map((frame) => frame.charCodeAt(0));
  const met = Array.from(documents.keys()).filter((character) => documents[character] > 0);
  met.sort((a, b) => documents[b] - documents[a] || a - b);
  const isKnown = new Uint8Array(65536);
  for (const character of [...frames, ...met.slice(0, limit - frames.length)]) isKnown[character] = 1;
  return isKnown;
}
