import type { TokenRows } from './token-rows.js';

/** A graph packs five character numbers into one integer, 12 bits each; 0 stands for an unknown one, two for frames. */
export const maxCharacters = 4093;

/**
 * Which characters n-grams may hold beside the frames of tokens: those that occur in most rows, the smaller code unit
 * first among equals.
 *
 * @returns `[65536]`, 1 for a known code unit
 */
export function knownCharacters(
  { nRows, rowStart, token, table }: TokenRows,
  limit = maxCharacters,
): Uint8Array {
  const isKnown = new Uint8Array(65536);
  let distinct = 0;
  for (let t = 0; t < table.size; t++) {
    for (let i = 0; i < table.lengthOf(t); i++) {
      const code = table.codeAt(t, i);
      if (isKnown[code] === 0) distinct++;
      isKnown[code] = 1;
    }
  }
  if (distinct <= limit) return isKnown;

  const documents = new Uint32Array(65536);
  const last = new Int32Array(65536).fill(-1);
  for (let row = 0; row < nRows; row++) {
    for (let s = rowStart[row]; s < rowStart[row + 1]; s++) {
      for (let i = 0; i < table.lengthOf(token[s]); i++) {
        const code = table.codeAt(token[s], i);
        if (last[code] === row) continue;
        last[code] = row;
        documents[code]++;
      }
    }
  }
  const met = Array.from(documents.keys()).filter((code) => documents[code] > 0);
  met.sort((a, b) => documents[b] - documents[a] || a - b);
  isKnown.fill(0);
  for (const code of met.slice(0, limit)) isKnown[code] = 1;
  return isKnown;
}
