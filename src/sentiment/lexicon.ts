import { sanitizeText } from '../core/sanitize-text.js';

/**
 * A baseline, not a model: a few hundred words of two languages with a valence from -4 to 4, after the manner of VADER
 * (Hutto & Gilbert 2014). What is learned has to do better than this.
 */
const valences: readonly (readonly [valence: number, terms: string])[] = [
  [
    3,
    'amazing awesome excellent perfect fantastic wonderful superb outstanding brilliant incredible favorite favourite',
  ],
  [3, 'love loved loves adore best beautiful gorgeous 😍 🥰 ❤ 😘 💖 🤩'],
  [
    2,
    'good great nice happy enjoy enjoyed glad impressed recommend recommended charming delightful pleased 👍 😊 😀 😁 🔥 👏',
  ],
  [2, 'worth pretty cool fun funny fresh smooth fast helpful friendly thanks thank thx sweet clever 💯 🎉'],
  [
    -2,
    'bad poor slow boring dull broken broke weak ugly annoying annoyed sad disappointing disappointed disappointment 😞 😢 😭 👎',
  ],
  [
    -2,
    'wrong fail fails failed failure problem problems expensive overpriced late delay delayed cancelled canceled lost mess',
  ],
  [
    -3,
    'terrible horrible awful worst hate hated hates disgusting useless pathetic ridiculous rude scam fraud fake 😡 🤬 🤮 💩 😠',
  ],
  [3, 'tuyệt tuyệt_vời xuất_sắc hoàn_hảo mê yêu đỉnh xịn'],
  [
    2,
    'đẹp tốt thích hay ngon vui hài_lòng ưng ổn đáng nhiệt_tình tận_tâm tận_tình dễ_hiểu dễ_thương hấp_dẫn nhanh rõ_ràng bổ_ích thú_vị',
  ],
  [-2, 'xấu dở kém chán buồn chậm đắt khó_hiểu buồn_ngủ nhàm_chán thất_vọng phí khó_chịu lỗi hỏng hư sai'],
  [-3, 'tệ tồi ghét lừa lừa_đảo kinh_khủng khủng_khiếp rác'],
];
const negations = new Set(
  'not no never none cannot without hardly isnt wasnt dont doesnt didnt cant wont không ko k hông chẳng chả chưa đừng khong'.split(
    ' ',
  ),
);
const boosters = new Set(
  'very so really extremely super totally absolutely too such rất quá lắm cực siêu thật ghê cực_kỳ vô_cùng'.split(
    ' ',
  ),
);

const valenceOf = new Map(
  valences.flatMap(([valence, terms]) =>
    terms.split(' ').map((term): [string, number] => [sanitizeText(term.replace('_', ' ')), valence]),
  ),
);

/** How far a negation reaches, in words, and what it leaves of a valence (Hutto & Gilbert 2014). */
const reach = 3;
const negated = -0.74;
const boosted = 1.3;

/**
 * What a text's known words say in sum: negative, positive, each at least 0.
 *
 * @example
 * lexiconValence('not good') // { negative: 1.48, positive: 0 }
 */
export function lexiconValence(text: string | null): {
  readonly negative: number;
  readonly positive: number;
} {
  const words = wordsOf(text);
  let negative = 0;
  let positive = 0;
  for (let i = 0; i < words.length; i++) {
    const pair = valenceOf.get(`${words[i]} ${words[i + 1]}`);
    const known = pair ?? valenceOf.get(words[i]);
    if (known === undefined) continue;
    const before = words.slice(Math.max(0, i - reach), i);
    const after = words.slice(i + 1, i + 3);
    let valence = known;
    // Vietnamese puts words of degree behind as well: "đẹp quá".
    if ([...before.slice(-1), ...after].some((word) => boosters.has(word))) valence *= boosted;
    if (before.some((word) => negations.has(word))) valence *= negated;
    if (valence < 0) negative -= valence;
    else positive += valence;
    if (pair !== undefined) i++;
  }
  return { negative, positive };
}

function wordsOf(text: string | null): string[] {
  const plain = sanitizeText(text)
    .replaceAll(/['’]/g, '')
    .replace(/(\p{L})\1{2,}/gu, '$1');
  return plain.match(/[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{N}\p{P}]/gu) ?? [];
}
