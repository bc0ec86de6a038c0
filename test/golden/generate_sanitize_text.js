// Writes test/golden/sanitize-text.json, which the suites of Node, Python and Java read (after npm run build):
//   node test/golden/generate_sanitize_text.js
import { writeFileSync } from 'node:fs';
import { sanitizeText } from '../../dist/core/sanitize-text.js';
import { textCases } from '../../dist/release/contract/texts.js';

const extra = [
  ...['ĐẸP Quá', 'ĐẸP Quá'.normalize('NFD'), '😀🚀', '\u{1F000}\u{1FAFF}', '\u{1EFFF}\u{1FB00}', 'a𝕏𠀀b'],
  ...['x\uD83Dy\uDE00z', 'a\0b', 'a\0\u0301', '\uD83D\0\uDE00', '\0\0', 'İ', '\u212A\u212B', '👍🏽\u200D'],
  ...['ΣΑΣ ΟΔΟΣ', 'ΑΣ. Σ', 'ǅ ǆ Ǆ', 'ẞ ß', 'ﬁ', '\u1E9B\u0323', '\uFB2C', '\u0344', '\u2126', '\uF900', '한글'],
  ...['한글'.normalize('NFD'), '\uD83D', '\uDE00', '\uDE00\uD83D', 'a\u0323\u0301', 'a\u0301\u0323', 'Ợ Ự ƠƯ'],
  ...['\u2028\u2029\u0085', '\uFEFFbom', '\uFFFE\uFFFF', '\uE000\uF8FF', 'क्षि', 'ไทย', '🇻🇳', '👨‍👩‍👧'],
];
const all = [null, ...Object.values(textCases).flat(), ...extra];
const given = all.filter((text, i) => all.indexOf(text) === i && (text === null || text.length < 200));
const lines = given.map((text) => `  ${JSON.stringify([text, sanitizeText(text)])}`);
writeFileSync(new URL('sanitize-text.json', import.meta.url), `[\n${lines.join(',\n')}\n]\n`);
