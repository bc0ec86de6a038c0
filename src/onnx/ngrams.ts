import { int64s, type GraphBuilder, type ValueName } from './graph.js';
import { concat } from './layout.js';

/** Row numbers of the n-grams found in texts, and which row belongs to which term. */
export interface NgramRows {
  /** One row number per place where a wanted n-gram may stand, 0 where none does; int64, rank of the tokens. */
  readonly rows: ValueName;
  /** Rows of the table to be looked up, row 0 among them. */
  readonly nRows: number;
  /** `[nTerms]` */
  readonly rowOfTerm: Int32Array;
}

/** Keys stay below 2^62, inside int64. */
const codeLimit = 2n ** 62n;

/**
 * Finds every occurrence of n-grams of tokens. Tokens become numbers 1, 2, … (0 for any other and for padding); an
 * n-gram is the number with these digits, made from the (n-1)-grams by one shift, and looked up as a whole. Where
 * the digits would overflow, the (n-1)-grams are renumbered first.
 *
 * @param terms `[nTerms]` tokens of every wanted n-gram, distinct
 * @param tokens strings `[N, …, nTokens]`, filled up with ""
 * @param axis the last axis of `tokens`
 * @param words what `tokens` frames, `[N, nWords]`: framing also marks the padding, which counts for nothing
 */
export function ngramRows(
  graph: GraphBuilder,
  terms: readonly (readonly string[])[],
  tokens: ValueName,
  axis: number,
  words?: ValueName,
): NgramRows {
  const alphabet = [
    ...new Set(
      terms
        .filter((term) => term.length === 1)
        .flat()
        .concat(terms.flat()),
    ),
  ];
  const ids = encode(graph, tokens, { keys_strings: { strings: ['', ...alphabet] } }, 0, alphabet.length + 1);
  const idOf = new Map(alphabet.map((token, i) => [token, BigInt(i + 1)]));
  const rowOfTerm = new Int32Array(terms.length);
  const found: ValueName[] = [];
  let nRows = 1;

  if (terms.length === 0 || terms.some((term) => term.length === 1)) {
    // Single tokens need no second look-up: their number is their row.
    found.push(words === undefined ? ids : withoutPadding(graph, ids, words));
    nRows = alphabet.length + 1;
    terms.forEach(([token, ...rest], i) => {
      if (rest.length === 0) rowOfTerm[i] = Number(idOf.get(token));
    });
  }

  const base = BigInt(alphabet.length + 1);
  let codes = new Map(idOf);
  let bound = base;
  let code = ids;
  const longest = terms.reduce((n, term) => Math.max(n, term.length), 0);
  for (let n = 2; n <= longest; n++) {
    if (bound * base > codeLimit) {
      code = encode(graph, code, { keys_int64s: { ints: [...codes.values()] } }, 1, codes.size);
      codes = new Map([...codes.keys()].map((prefix, i) => [prefix, BigInt(i + 1)]));
      bound = BigInt(codes.size + 1);
    }
    const shifted = graph.node('Mul', [slice(graph, code, 0, -1, axis), graph.constant(int64s([base], []))]);
    code = graph.node('Add', [shifted, slice(graph, ids, n - 1, 2 ** 31 - 1, axis)]);
    bound *= base;

    const longer = new Map<string, bigint>();
    for (const term of terms) {
      if (term.length < n) continue;
      const before = codes.get(keyOf(term, n - 1)) ?? 0n;
      longer.set(keyOf(term, n), before * base + (idOf.get(term[n - 1]) ?? 0n));
    }
    codes = longer;

    const whole = [...terms.keys()].filter((i) => terms[i].length === n);
    if (whole.length === 0) continue;
    const keys = whole.map((i) => codes.get(keyOf(terms[i], n)) ?? 0n);
    found.push(encode(graph, code, { keys_int64s: { ints: keys } }, nRows, whole.length));
    for (const i of whole) rowOfTerm[i] = nRows++;
  }
  return { rows: concat(graph, found, axis), nRows, rowOfTerm };
}

// Sanitised texts hold no NUL.
function keyOf(term: readonly string[], n: number): string {
  return term.slice(0, n).join('\0');
}

/** Keys to the numbers first, first + 1, …; 0 for anything else. */
function encode(
  graph: GraphBuilder,
  value: ValueName,
  keys: { keys_strings: { strings: string[] } } | { keys_int64s: { ints: bigint[] } },
  first: number,
  count: number,
): ValueName {
  const numbers = Array.from({ length: count }, (_, i) => first + i);
  return graph.node(
    'LabelEncoder',
    [value],
    { ...keys, values_int64s: { ints: numbers }, default_int64: { i: 0 } },
    'ai.onnx.ml',
  );
}

function withoutPadding(graph: GraphBuilder, ids: ValueName, words: ValueName): ValueName {
  const real = graph.node(
    'LabelEncoder',
    [words],
    { keys_strings: { strings: [''] }, values_int64s: { ints: [0] }, default_int64: { i: 1 } },
    'ai.onnx.ml',
  );
  return graph.node('Mul', [ids, graph.node('Unsqueeze', [real, graph.constant(int64s([2]))])]);
}

function slice(graph: GraphBuilder, value: ValueName, start: number, end: number, axis: number): ValueName {
  const at = (index: number): ValueName => graph.constant(int64s([index]));
  return graph.node('Slice', [value, at(start), at(end), at(axis)]);
}
