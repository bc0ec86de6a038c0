import type { Rng } from '../../core/rng.js';
import { pick } from './draws.js';

/** 0 negative, 1 neutral, 2 positive. */
export type Sentiment = 0 | 1 | 2;
export type Language = 'vi' | 'en';

interface Phrases {
  readonly subjects: readonly string[];
  readonly openings: readonly string[];
  readonly verdicts: readonly [
    negative: readonly string[],
    neutral: readonly string[],
    positive: readonly string[],
  ];
  readonly endings: readonly string[];
}

const phrases: Readonly<Record<Language, Phrases>> = {
  vi: {
    subjects: [
      'sản phẩm này',
      'hàng',
      'màu này',
      'shop',
      'clip này',
      'chất vải',
      'mùi',
      'giao hàng',
      'bạn này',
    ],
    openings: ['', '', 'Thật sự ', 'Mình thấy ', 'Công nhận ', 'Theo mình thì '],
    verdicts: [
      [
        'dở quá',
        'không đáng tiền',
        'thất vọng ghê',
        'quá tệ',
        'chẳng tốt chút nào',
        'không đẹp như hình',
        'lừa đảo rồi',
        'ko nên mua',
        'chậm khủng khiếp',
      ],
      [
        'có màu khác không ạ',
        'giá bao nhiêu vậy',
        'có ship Cần Thơ không',
        'mua ở đâu thế',
        'size nào cho 50kg',
        'khi nào có lại',
        'tàm tạm',
        'bình thường thôi',
      ],
      [
        'rất thích',
        'đẹp lắm',
        'quá xịn',
        'đáng tiền',
        'tốt hơn mong đợi',
        'không chê vào đâu được',
        'mê luôn',
        'không tệ chút nào',
        'sẽ mua lại',
      ],
    ],
    endings: ['', '', '', ' nha', ' luôn', ' á', ' ạ', ' 😭', ' 😍', ' 👍', ' haha', ' !!!'],
  },
  en: {
    subjects: [
      'this product',
      'the quality',
      'this color',
      'the shop',
      'this video',
      'the fabric',
      'delivery',
      'the scent',
    ],
    openings: ['', '', 'Honestly ', 'I think ', 'Not gonna lie ', 'For me '],
    verdicts: [
      [
        'is terrible',
        'is not worth the money',
        'was so disappointing',
        'is not good at all',
        'broke in a day',
        'looks nothing like the photo',
        'is a scam',
        'was painfully slow',
      ],
      [
        'comes in other colors?',
        'how much is it?',
        'ships to Can Tho?',
        'is where exactly?',
        'when is it back?',
        'is okay I guess',
        'is about average',
      ],
      [
        'is amazing',
        'is worth every penny',
        'exceeded my expectations',
        'is not bad at all',
        'is so pretty',
        'was super fast',
        'is my new favorite',
        'will be bought again',
      ],
    ],
    endings: ['', '', '', ' lol', ' tbh', ' 😭', ' 😍', ' 👍', ' !!!'],
  },
};

/** One opinion of the wanted sentiment, spelled as carelessly as people do; negations stand on both sides. */
export function opinion(sentiment: Sentiment, language: Language, rng: Rng): string {
  const { subjects, openings, verdicts, endings } = phrases[language];
  const text = `${pick(openings, rng)}${pick(subjects, rng)} ${pick(verdicts[sentiment], rng)}${pick(endings, rng)}`;
  const slip = rng.uniform();
  if (slip < 0.05) return text.toUpperCase();
  if (slip < 0.12 && language === 'vi') return text.replaceAll('không', 'k').replaceAll('được', 'dc');
  // Many type Vietnamese without its marks.
  if (slip < 0.2 && language === 'vi') return withoutMarks(text);
  if (slip < 0.26) return dropLetter(text, rng);
  return text;
}

/** What bought accounts write below a post. */
export function spam(language: Language, rng: Rng): string {
  return pick(
    language === 'vi'
      ? ['Đẹp quá 😍😍', 'Tuyệt vời', 'Hay lắm 👍', '❤️❤️❤️', 'Follow mình nha']
      : ['Nice 😍😍', 'Amazing', 'Great pic 👍', '❤️❤️❤️', 'Follow me'],
    rng,
  );
}

/** What accounts with something to sell write below the posts of others. */
export function advertisement(language: Language, rng: Rng): string {
  const [offers, terms, calls] =
    language === 'vi'
      ? [
          [
            'Tăng follow',
            'Kiếm tiền online',
            'Vay tiền nhanh',
            'Tuyển CTV',
            'Thanh lý hàng hiệu',
            'Mua like',
          ],
          ['giá rẻ', '5tr/ngày', 'không cần vốn', 'uy tín 100%', 'chỉ 99k', 'tại nhà'],
          ['ib ngay', 'zalo 0900000000', 'link ở bio', 'http://example.com/vay', 'inbox nhận quà', '🔥🔥'],
        ]
      : [
          [
            'Cheap followers',
            'Earn money',
            'Free gift card',
            'Crypto signals',
            'Buy likes',
            'Work from home',
          ],
          ['$500/day', '100% safe', 'no skills needed', 'limited offer', 'only today', 'guaranteed'],
          [
            'DM me',
            'link in bio',
            'click http://example.com/win',
            'text 0900000000',
            'check my page',
            '🔥🔥',
          ],
        ];
  return `${pick(offers, rng)} ${pick(terms, rng)} ${pick(calls, rng)}`;
}

function withoutMarks(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replaceAll('đ', 'd')
    .replaceAll('Đ', 'D');
}

function dropLetter(text: string, rng: Rng): string {
  const letters = [...text];
  letters.splice(rng.integer(letters.length), 1);
  return letters.join('');
}
