import type { Rng } from '../../core/rng.js';
import { pick } from './draws.js';
import type { Category, Kol } from './kols.js';

const families = ['Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Huỳnh', 'Phan', 'Vũ', 'Võ', 'Đặng', 'Bùi', 'Đỗ'];
const givenNames = [
  'Linh',
  'Hương',
  'Trang',
  'Thảo',
  'Ngọc',
  'Mai',
  'Hà',
  'Minh',
  'Quân',
  'Tuấn',
  'Huy',
  'Long',
  'Phúc',
  'Đạt',
];
const englishNames = ['Mia', 'Luna', 'Chloe', 'Ava', 'Leo', 'Noah', 'Ethan', 'Zoe', 'Ruby', 'Max'];

const topicsVi: Readonly<Record<Category, readonly string[]>> = {
  beauty: ['son dưỡng', 'kem chống nắng', 'serum', 'phấn nước'],
  fashion: ['váy hè', 'áo khoác', 'giày sneaker', 'túi xách'],
  food: ['bún bò', 'trà sữa', 'đồ ăn vặt', 'cà phê muối'],
  tech: ['tai nghe', 'điện thoại', 'bàn phím cơ', 'laptop'],
  travel: ['Đà Lạt', 'Phú Quốc', 'Hà Giang', 'Hội An'],
  gaming: ['chuột gaming', 'tay cầm', 'ghế gaming', 'game mới'],
  parenting: ['sữa cho bé', 'tã bỉm', 'xe đẩy', 'đồ chơi gỗ'],
  fitness: ['thảm tập', 'whey', 'giày chạy bộ', 'tạ tay'],
};
const topicsEn: Readonly<Record<Category, readonly string[]>> = {
  beauty: ['lip balm', 'sunscreen', 'serum', 'cushion'],
  fashion: ['summer dress', 'jacket', 'sneakers', 'handbag'],
  food: ['noodles', 'milk tea', 'snacks', 'salt coffee'],
  tech: ['earbuds', 'phone', 'keyboard', 'laptop'],
  travel: ['Da Lat', 'Phu Quoc', 'Ha Giang', 'Hoi An'],
  gaming: ['gaming mouse', 'controller', 'gaming chair', 'new game'],
  parenting: ['baby formula', 'diapers', 'stroller', 'wooden toys'],
  fitness: ['yoga mat', 'whey', 'running shoes', 'dumbbells'],
};

/** Something a KOL of this category shows. */
export function topic(kol: Kol, rng: Rng): string {
  return pick((kol.language === 'vi' ? topicsVi : topicsEn)[kol.category], rng);
}

/** A display name as people write theirs. */
export function displayName(kol: Kol, rng: Rng): string {
  if (kol.language === 'en') return `${pick(englishNames, rng)} ${pick(['Tran', 'Lee', 'Vo', 'Kim'], rng)}`;
  return rng.uniform() < 0.3
    ? `${pick(givenNames, rng)} Review ✨`
    : `${pick(families, rng)} ${pick(givenNames, rng)}`;
}

/** A user name made of the display name; the untrustworthy often carry digits. */
export function username(kol: Kol, name: string, rng: Rng): string {
  const plain = name
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replaceAll('đ', 'd')
    .replaceAll('Đ', 'D')
    .toLowerCase()
    .replace(/[^a-z]+/g, '.')
    .replace(/\.$/, '');
  const digits = kol.trust < 0.5 && rng.uniform() < 0.6 ? 5 : 2;
  return `${plain}${rng.integer(10 ** digits)}.${kol.index + 1}`;
}

/** What a profile says; null where nothing is said. */
export function bio(kol: Kol, rng: Rng): string | null {
  if (rng.uniform() < (kol.trust < 0.5 ? 0.35 : 0.1)) return null;
  const thing = topic(kol, rng);
  const honest =
    kol.language === 'vi'
      ? [
          `Review ${thing} thật lòng 💬 Liên hệ: hello@example.com`,
          `Mê ${thing}, kể chuyện mỗi ngày`,
          `Sài Gòn 📍 ${thing} và hơn thế`,
        ]
      : [
          `Honest ${thing} reviews 💬 hello@example.com`,
          `All about ${thing}, every day`,
          `Saigon 📍 ${thing} and more`,
        ];
  const spam =
    kol.language === 'vi'
      ? [
          'Tăng follow giá rẻ 🔥 ib ngay',
          'Follow chéo nhé 💯💯 http://example.com/follow',
          'Kiếm tiền online 5tr/ngày 🔥🔥',
        ]
      : [
          'f4f 🔥 DM for cheap followers',
          'Follow back 100% 💯 http://example.com/follow',
          'Earn $500/day from home 🔥🔥',
        ];
  return pick(rng.uniform() > kol.trust ? spam : honest, rng);
}
