import { createRng } from '../../src/core/rng.js';
import { Table, type NumericType } from '../../src/core/table.js';

/** Numbers where readings tend to part: missing, infinite, signed zeros, the borders of float32 and of integers. */
export const adversarialNumbers: readonly number[] = [
  0,
  -0,
  1,
  -1,
  NaN,
  Infinity,
  -Infinity,
  0.1,
  -0.1,
  0.5,
  -2.5,
  7,
  100,
  16777217,
  -123456.789,
  1e10,
  1e19,
  1e300,
  -1e300,
  3.5e38,
  -3.5e38,
  // The largest float32; a double that still rounds to it; the first that no longer does, and its lower neighbour.
  3.4028234663852886e38,
  3.40282351e38,
  3.4028235677973366e38,
  3.4028235677973362e38,
  -3.4028234663852886e38,
  1e38,
  // The smallest float32; halves of it round to 0 (ties to even); below that all is 0.
  1.401298464324817e-45,
  7.006492321624085e-46,
  7.0064923216240854e-46,
  -1.401298464324817e-45,
  1e-46,
  1e-320,
  1.1754943508222875e-38,
  // Neighbours of 1 as float32, which make logarithms and differences small.
  1.0000001192092896,
  0.9999999403953552,
  2147483648,
  9007199254740993,
  365,
  1e-7,
];

/** Texts where readings tend to part: null, both Vietnamese normal forms, emoji, controls, other scripts, long ones. */
export const adversarialTexts: readonly (string | null)[] = [
  null,
  '',
  ' ',
  'a',
  'aaaa',
  'Nguyễn Thị Ánh'.normalize('NFC'),
  'Nguyễn Thị Ánh'.normalize('NFD'),
  'ĐẸP quá trời 😍😍 #sale @shop.vn https://shopee.vn/đồ-đẹp?x=1',
  '##a #_ # @@b @',
  'http://a http:// https://b\nhttps://c',
  '👩‍👩‍👧‍👦 family 🇻🇳 ✨',
  '𝒜𝓁𝒾𝒸ℯ 𠮷野家',
  'ไทย हिन्दी 日本語 العربية',
  '٣٤٥ ४५६ ¼ ² Ⅷ',
  'user_12345678',
  'a1b22c333',
  'it\'s "quoted"; -- DROP TABLE',
  '\\p{L} .* $1 %s {{x}}',
  'tab\tnew\nline\r\u00A0nbsp\u200Bzero\u2028sep',
  'nul\0inside',
  'lone \uD800 surrogate \uDC00',
  '\uE000\uEAFF\uEB00\uFFFD\uFFFE',
  'İstanbul ẞ ΑΣ',
  '!?.,;:«»—…¿¡(){}[]',
  'en',
  'vi',
  'x'.repeat(63) + 'y',
  'x'.repeat(64) + 'y'.repeat(64),
  'abcdefghijklmnopqrstuvwxyz0123456789'.repeat(60),
  'ế'.normalize('NFD').repeat(500),
  '😀'.repeat(70),
];

const instants: readonly number[] = [
  0,
  -1,
  NaN,
  86_399_999,
  86_400_000,
  -315_619_200_000,
  1_764_547_200_123,
  1_795_305_600_000,
  4_102_444_800_000,
  951_782_400_001,
];

/**
 * A table of hostile raw rows to hold the readings of features against each other: four numbers (`followers`,
 * `following`, `posts`, `age`), a boolean (`verified`), a timestamp (`created_at`, whole milliseconds) and two texts
 * (`bio`, `username`), all as a source would give them, nothing sanitised or rounded.
 */
export function adversarialTable(nRows = 400): Table {
  const rng = createRng(20261123);
  const cycle = <T>(values: readonly T[], i: number, step: number): T =>
    // Columns walk at different paces first, then at random, so that most pairs of values meet.
    values[i < 2 * values.length ? (i * step) % values.length : rng.integer(values.length)];
  const column = (type: NumericType, values: readonly number[], step: number) => ({
    type,
    values: Float64Array.from({ length: nRows }, (_, i) => cycle(values, i, step)),
  });
  const texts = (step: number) => ({
    type: 'string' as const,
    values: Array.from({ length: nRows }, (_, i) => cycle(adversarialTexts, i, step)),
  });
  return Table.fromColumns({
    followers: column('number', adversarialNumbers, 1),
    following: column('number', adversarialNumbers, 7),
    posts: column('number', adversarialNumbers, 11),
    age: column('number', adversarialNumbers, 13),
    verified: column('boolean', [0, 1, NaN], 1),
    created_at: column('timestamp', instants, 3),
    bio: texts(1),
    username: texts(3),
  });
}
