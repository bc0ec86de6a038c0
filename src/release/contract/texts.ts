/** Texts by what is unusual about them. The case is named by the key, in the order in which releases list them. */
export const textCases: Readonly<Record<string, readonly (string | null)[]>> = {
  'vietnamese-nfc': composed('NFC'),
  'vietnamese-nfd': composed('NFD'),
  emoji: [
    '😀',
    'Đẹp quá 😍😍',
    '👍🏽👨‍👩‍👧 🇻🇳',
    '🛍️ #sale 🔥',
    'a𝕏𠀀b',
    '𝔘𝔫𝔦𝔠𝔬𝔡𝔢',
    '\u{1F000}\u{1FAFF}',
    '\u{1EFFF}\u{1FB00}',
  ],
  hostile: [
    'lone \ud800 surrogate',
    '\ude00 alone, too',
    'nul \0 inside',
    'a\0\u0301',
    '\n\t\u0001\u007f',
    'İstanbul ﬁ ß ẞ',
    '\u212A\u212B',
    'مرحبا بالعالم שלום',
    'ＦＵＬＬ　ＷＩＤＴＨ ١٢٣ ४५६ 中文字符 ไทย',
    `"quoted", \\ 'DROP TABLE kol; --`,
    '<script>alert("x")</script>&amp;',
    'e\u0301\u0323 order of marks',
  ],
  empty: ['', ' ', null, '\0'],
  'very-long': ['a'.repeat(5_000), 'từ '.repeat(1_500), '😀'.repeat(1_200), `#${'x'.repeat(999)} `.repeat(3)],
};

function composed(form: 'NFC' | 'NFD'): string[] {
  const texts = [
    'Giảm giá 50% hôm nay! #sale #khuyếnmãi @shop https://example.vn/a?b=c',
    'Nguyễn Thị Đặng Ỷ',
    'mỹ phẩm',
    'THỜI TRANG',
    'Ẩm thực',
    'Sản phẩm tốt, đóng gói cẩn thận, giao hàng nhanh',
    'lừa đảo!!!',
    'Hà Nội – Đà Nẵng – TP. Hồ Chí Minh',
  ];
  return texts.map((text) => text.normalize(form));
}
