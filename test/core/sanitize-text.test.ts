import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sanitizeText } from '../../src/core/sanitize-text.js';

const codeUnits = fc
  .array(
    fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.constantFrom(0, 0x41, 0x301, 0x323, 0xd83d, 0xde00)),
  )
  .map((units) => String.fromCharCode(...units));
const text = fc.oneof(codeUnits, fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));

describe('sanitizeText', () => {
  it.each([
    ['null', null, ''],
    ['undefined', undefined, ''],
    ['empty', '', ''],
    ['Vietnamese, composed', 'ĐẸP Quá', 'đẹp quá'],
    ['Vietnamese, decomposed', 'ĐẸP Quá'.normalize('NFD'), 'đẹp quá'],
    ['emoji keep their identity', '😀🚀', '\uE600\uE680'],
    ['ends of the emoji range', '\u{1F000}\u{1FAFF}', '\uE000\uEAFF'],
    ['just outside the emoji range', '\u{1EFFF}\u{1FB00}', '\uFFFD\uFFFD'],
    ['beyond the BMP', 'a𝕏𠀀b', 'a\uFFFD\uFFFDb'],
    ['lone surrogates', 'x\uD83Dy\uDE00z', 'x\uFFFDy\uFFFDz'],
    ['NUL', 'a\0b', 'ab'],
    ['NUL between a letter and its accent', 'a\0\u0301', 'á'],
    ['NUL between two surrogates', '\uD83D\0\uDE00', '\uE600'],
    ['only NUL', '\0\0', ''],
    ['a letter whose lower case is two', 'İ', 'i\u0307'],
    ['Kelvin and Ångström signs', '\u212A\u212B', 'kå'],
    ['skin tones and joiners', '👍🏽\u200D', '\uE44D\uE3FD\u200D'],
  ])('%s', (_, given, expected) => {
    expect(sanitizeText(given)).toBe(expected);
  });

  it('says what the golden file says, which consumers in Python and Java read as well', () => {
    const golden = JSON.parse(
      readFileSync(new URL('../golden/sanitize-text.json', import.meta.url), 'utf8'),
    ) as [string | null, string][];
    expect(golden.length).toBeGreaterThan(60);
    expect(golden.map(([given]) => sanitizeText(given))).toEqual(golden.map(([, expected]) => expected));
  });

  it('leaves nothing that a consumer stumbles over', () => {
    fc.assert(
      fc.property(text, (given) => {
        const clean = sanitizeText(given);
        expect(clean).not.toMatch(/[\0\uD800-\uDFFF]/);
        expect(clean.normalize('NFC')).toBe(clean);
        expect(clean.toLowerCase()).toBe(clean);
      }),
      { numRuns: 2000 },
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(sanitizeText(sanitizeText(given))).toBe(sanitizeText(given));
      }),
      { numRuns: 2000 },
    );
  });

  it('changes nothing the second time, for every single code point and before an accent', () => {
    for (let codePoint = 0; codePoint <= 0x10ffff; codePoint++) {
      const character = String.fromCodePoint(codePoint);
      for (const given of [character, `${character}\u0301`]) {
        const once = sanitizeText(given);
        if (sanitizeText(once) !== once) expect.fail(`U+${codePoint.toString(16)} is not stable`);
      }
    }
  });

  it('gives composed and decomposed text the same form', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (given) => {
        expect(sanitizeText(given.normalize('NFD'))).toBe(sanitizeText(given.normalize('NFC')));
      }),
      { numRuns: 1000 },
    );
  });
});
