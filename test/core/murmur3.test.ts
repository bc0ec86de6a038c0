import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { murmur3 } from '../../src/core/murmur3.js';

/** MurmurHash3_x86_32 written from Appleby's description, in BigInt, byte by byte. */
function reference(bytes: Uint8Array, seed: number): number {
  const mask = 0xffffffffn;
  const rotl = (x: bigint, k: bigint): bigint => ((x << k) | (x >> (32n - k))) & mask;
  const mix = (k: bigint): bigint => (rotl((k * 0xcc9e2d51n) & mask, 15n) * 0x1b873593n) & mask;
  let h = BigInt(seed >>> 0);
  let at = 0;
  const word = (count: number): bigint => {
    let k = 0n;
    for (let i = 0; i < count; i++) k |= BigInt(bytes[at + i]) << BigInt(8 * i);
    at += count;
    return k;
  };
  while (bytes.length - at >= 4) h = (rotl(h ^ mix(word(4)), 13n) * 5n + 0xe6546b64n) & mask;
  if (at < bytes.length) h ^= mix(word(bytes.length - at));
  h ^= BigInt(bytes.length);
  h = ((h ^ (h >> 16n)) * 0x85ebca6bn) & mask;
  h = ((h ^ (h >> 13n)) * 0xc2b2ae35n) & mask;
  return Number(h ^ (h >> 16n));
}

describe('murmur3', () => {
  it.each([
    // Published vectors of MurmurHash3_x86_32.
    ['', 0, 0],
    ['', 1, 0x514e28b7],
    ['', 0xffffffff, 0x81f16f39],
    ['test', 0, 0xba6bd213],
    ['test', 0x9747b28c, 0x704b81dc],
    ['Hello, world!', 0, 0xc0363e43],
    ['Hello, world!', 0x9747b28c, 0x24884cba],
    ['The quick brown fox jumps over the lazy dog', 0, 0x2e4ff723],
    ['The quick brown fox jumps over the lazy dog', 0x9747b28c, 0x2fa826cd],
    ['aaaa', 0x9747b28c, 0x5a97808a],
    ['aaa', 0x9747b28c, 0x283e0130],
    ['aa', 0x9747b28c, 0x5d211726],
    ['a', 0x9747b28c, 0x7fa09ea6],
    ['ππππππππ', 0x9747b28c, 0xd58063c1],
  ])('hashes %j with seed %i as published', (text, seed, expected) => {
    expect(murmur3(text, seed)).toBe(expected);
  });

  it('equals an independent implementation on any text and seed', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        (text, seed) => {
          expect(murmur3(text, seed)).toBe(reference(Buffer.from(text, 'utf8'), seed));
        },
      ),
      { numRuns: 500 },
    );
  });
});
