/**
 * The one form in which every text enters training and serving, so that Node, Python and Java read the same
 * bytes: null becomes "", NFC, lower case, no NUL, lone surrogates become U+FFFD, and code points beyond the BMP
 * become U+FFFD except emoji (U+1F000 to U+1FAFF), which keep their identity in the private use area from U+E000.
 *
 * @example
 * sanitizeText('ĐẸp 😀') // 'đẹp \uE600'
 */
export function sanitizeText(text: string | null | undefined): string {
  if (text === null || text === undefined || text === '') return '';
  // Most texts in some languages, and for them nothing else is left to do.
  if (asciiOnly.test(text)) return text.toLowerCase();
  // NUL goes first: taken out later, it could leave a letter beside an accent that NFC has to join.
  const plain = text.replaceAll('\0', '').toWellFormed().toLowerCase().normalize('NFC');
  return /[\u{10000}-\u{10FFFF}]/u.test(plain) ? plain.replace(/[\u{10000}-\u{10FFFF}]/gu, beyondBmp) : plain;
}

const asciiOnly = /^[\x01-\x7f]*$/;

function beyondBmp(character: string): string {
  const codePoint = character.codePointAt(0) ?? 0;
  return codePoint >= 0x1f000 && codePoint <= 0x1faff
    ? String.fromCodePoint(0xe000 + codePoint - 0x1f000)
    : '\uFFFD';
}
