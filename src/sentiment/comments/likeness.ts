import { murmur3 } from '../../core/murmur3.js';
import { normalizedText } from '../normalized-text.js';

/** Keys of a text: equal `exact` for texts of one normalised form, an equal `near` for texts that are nearly alike. */
export interface LikenessKeys {
  /** A whole number below 2^53. */
  readonly exact: number;
  /** `[nearKeys]` whole numbers below 2^32. */
  readonly near: readonly number[];
}

/** Keys of near likeness; texts count as nearly alike where one of them is equal. */
export const nearKeys = 4;

const shingleLength = 4;
const hashesPerKey = 4;

/** Odd multipliers and offsets of the hash functions, a fixed sequence (Knuth's multiplicative hashing). */
const functions = Array.from({ length: nearKeys * hashesPerKey }, (_, i) => ({
  factor: (Math.imul(2 * i + 1, 0x9e3779b1) | 1) >>> 0,
  offset: Math.imul(i + 1, 0x85ebca6b) >>> 0,
}));

/**
 * Likeness keys by MinHash over runs of four characters of the normalised text (Broder 1997), four hashes to a key:
 * of texts that share the part J of their runs, 1 - (1 - J^4)^4 have a key in common: 99 % at J = 0.9, 88 % at 0.8,
 * 23 % at 0.5. O(length of the text).
 *
 * @param maxLength characters that count
 */
export function likenessKeys(text: string | null, maxLength = 400): LikenessKeys {
  const plain = normalizedText(text).slice(0, maxLength);
  const least = new Array<number>(functions.length).fill(0xffffffff);
  const last = Math.max(0, plain.length - shingleLength);
  for (let start = 0; start <= last; start++) {
    const shingle = murmur3(plain.slice(start, start + shingleLength));
    functions.forEach(({ factor, offset }, f) => {
      // The upper bits of a product are the well mixed ones.
      const product = Math.imul(shingle ^ offset, factor);
      const hash = (product ^ (product >>> 15)) >>> 0;
      if (hash < least[f]) least[f] = hash;
    });
  }
  const near = Array.from({ length: nearKeys }, (_, k) =>
    murmur3(least.slice(k * hashesPerKey, (k + 1) * hashesPerKey).join(), k),
  );
  return { exact: murmur3(plain, 1) * 2 ** 21 + (murmur3(plain, 2) >>> 11), near };
}
