import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import { likenessKeys } from '../../src/sentiment/comments/likeness.js';
import { lexiconValence } from '../../src/sentiment/lexicon.js';
import { normalizedText } from '../../src/sentiment/normalized-text.js';

describe('normalizedText', () => {
  it.each([
    ['case, marks, signs and stretched letters', 'Đẹp   quáááá!!! 😍', 'dep qua'],
    ['two letters are spelling, three are stretched', 'good goood', 'good god'],
    ['signs alone stay, each run once', '❤❤ ❤ !!', '❤!'],
    ['null', null, ''],
    ['nothing but space', ' \n\t ', ''],
    ['Arabic and Hebrew', 'مرحبا שלום', 'مرحبا שלום'],
    ['HTML is no different from words', '<b>Nice</b>&amp;', 'b nice b amp'],
  ])('%s', (_, given, expected) => {
    expect(normalizedText(given)).toBe(expected);
  });

  it('is one for NFC and NFD, and has no lone surrogate', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const found = normalizedText(text);
        expect(normalizedText(text.normalize('NFD'))).toBe(normalizedText(text.normalize('NFC')));
        expect(found.isWellFormed()).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('likenessKeys', () => {
  const shareOf = (a: string, b: string): number => {
    const runs = (text: string): Set<string> =>
      new Set(Array.from({ length: Math.max(1, text.length - 3) }, (_, i) => text.slice(i, i + 4)));
    const [left, right] = [runs(normalizedText(a)), runs(normalizedText(b))];
    const common = [...left].filter((run) => right.has(run)).length;
    return common / (left.size + right.size - common);
  };
  const words = Array.from({ length: 400 }, (_, i) => `w${(i * 7919) % 104_729}`);

  it('are equal for texts of one normalised form, and safe integers', () => {
    const [a, b] = ['Đẹp quá!!!', 'đẹp  quá'.normalize('NFD')].map((text) => likenessKeys(text));
    expect(b).toEqual(a);
    for (const key of [a.exact, ...a.near]) expect(Number.isSafeInteger(key) && key >= 0).toBe(true);
    expect(likenessKeys('đẹp lắm').exact).not.toBe(a.exact);
  });

  it('meet about as often as the shared part of their runs says', () => {
    const rng = createRng(4);
    const bins = new Map<number, { n: number; met: number; expected: number }>();
    for (let i = 0; i < 1500; i++) {
      const a = Array.from({ length: 12 }, () => words[rng.integer(words.length)]);
      const b = a.map((word) => (rng.uniform() < (i % 5) / 8 ? words[rng.integer(words.length)] : word));
      const share = shareOf(a.join(' '), b.join(' '));
      const [left, right] = [a, b].map((text) => likenessKeys(text.join(' ')).near);
      const bin = bins.get(i % 5) ?? { n: 0, met: 0, expected: 0 };
      bin.n++;
      bin.met += Number(left.some((key, k) => key === right[k]));
      bin.expected += 1 - (1 - share ** 4) ** 4;
      bins.set(i % 5, bin);
    }
    for (const { n, met, expected } of bins.values()) expect(Math.abs(met - expected) / n).toBeLessThan(0.1);
    expect(bins.get(0)?.met).toBe(300);
    expect(bins.get(4)!.met).toBeLessThan(150);
  });

  it('take any text', () => {
    for (const text of [null, '', '\ud800', 'a', '😀', '\0', 'x'.repeat(1_000_000)])
      expect(likenessKeys(text).near).toHaveLength(4);
  });
});

describe('lexiconValence', () => {
  const balance = (text: string | null): number => {
    const { negative, positive } = lexiconValence(text);
    return positive - negative;
  };
  it.each([
    ['good', 'not good'],
    ['đẹp', 'không đẹp'],
    ['Quá tuyệt vời', 'thất vọng'],
    ['very good', 'good'],
    ['😍', '😡'],
    ['goooood', 'baaaad'],
  ])('ranks %s above %s', (better, worse) => {
    expect(balance(better)).toBeGreaterThan(balance(worse));
  });
  it('is silent about what it does not know', () => {
    for (const text of [null, '', 'xyz 123', 'مرحبا'])
      expect(lexiconValence(text)).toEqual({ negative: 0, positive: 0 });
  });
});
