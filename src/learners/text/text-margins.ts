import { sanitizeText } from '../../core/sanitize-text.js';
import { doubled } from './growing-list.js';
import type { TextClassifierModel, TfidfModel } from './model.js';
import { createTrie, type NgramTrie } from './ngram-trie.js';
import { scanTokens } from './token-scanner.js';
import { createTokenTable, type TokenTable } from './token-table.js';
import { tokenKey } from './token-rows.js';
import { wordEnd, wordStart } from './tokenize.js';

/** Tokens are remembered with what they add, until there are so many. */
const mostRemembered = 1 << 18;

/**
 * Margins of texts: log-odds of class 1, or one score per class before the softmax; the intercept alone where no
 * known term occurs.
 *
 * @param texts `[nTexts]`; null counts as ""
 * @returns `[nMargins]` arrays of `[nTexts]`
 */
export function textMargins(model: TextClassifierModel, texts: readonly (string | null)[]): Float64Array[] {
  const { nMargins, intercept } = model;
  let groups = prepared.get(model);
  if (groups === undefined) prepared.set(model, (groups = prepare(model)));
  const margins = Array.from({ length: nMargins }, () => new Float64Array(texts.length));
  const sums = new Float64Array(nMargins + 1);
  texts.forEach((text, i) => {
    const plain = sanitizeText(text);
    sums.fill(0);
    for (const group of groups) group.addTo(sums, plain);
    const norm = Math.sqrt(sums[nMargins]);
    for (let k = 0; k < nMargins; k++) margins[k][i] = intercept[k] + (norm === 0 ? 0 : sums[k] / norm);
  });
  return margins;
}

/** Vectorisers that cut texts into the same tokens. */
interface TokenGroup {
  /** Adds to `sums` the weights of every term occurrence, then idf². */
  addTo(sums: Float64Array, text: string): void;
}

const prepared = new WeakMap<TextClassifierModel, readonly TokenGroup[]>();

function prepare(model: TextClassifierModel): TokenGroup[] {
  const groups = new Map<string, Part[]>();
  model.vectorizers.forEach((vectorizer, v) => {
    const key = tokenKey(vectorizer.analyzer);
    groups.set(key, [...(groups.get(key) ?? []), partOf(vectorizer, model.weights[v], model.nMargins)]);
  });
  return [...groups.values()].map((parts) => tokenGroup(parts, model.nMargins + 1));
}

/** A vectoriser with what each of its terms adds, `[nTerms * width]`. */
interface Part extends Pick<TfidfModel, 'analyzer' | 'terms'> {
  readonly values: Float64Array;
}

function partOf({ analyzer, terms, idf }: TfidfModel, weights: Float64Array, nMargins: number): Part {
  const width = nMargins + 1;
  const values = new Float64Array(terms.length * width);
  for (let t = 0; t < terms.length; t++) {
    for (let k = 0; k < nMargins; k++) values[t * width + k] = weights[t * nMargins + k];
    values[t * width + nMargins] = idf[t] ** 2;
  }
  return { analyzer, terms, values };
}

function tokenGroup(parts: readonly Part[], width: number): TokenGroup {
  const { tokens = 'words', maxLength } = parts[0].analyzer;
  const wordParts = parts.filter(({ analyzer }) => analyzer.unit === 'word');
  const longest = wordParts.reduce((n, { analyzer }) => Math.max(n, analyzer.maxN), 1);
  const tries = parts
    .filter(({ analyzer }) => analyzer.unit === 'char')
    .map((part) => characterTrie(part, width));

  // Tokens of the vocabulary come first; node t + 1 of the trie is token t, so that others have no n-grams.
  let table = createTokenTable();
  for (const { terms } of wordParts)
    for (const term of terms) for (const token of term.split(' ')) table.add(token, 0, token.length);
  const vocabulary = Array.from({ length: table.size }, (_, t) => table.spell(t));
  const trie = createTrie();
  vocabulary.forEach((_, t) => trie.grow(0, t));
  const nodes = wordParts.map(({ terms }) =>
    terms.map((term) =>
      term.split(' ').reduce((node, token) => trie.grow(node, table.find(token, 0, token.length)), 0),
    ),
  );
  const nodeValues = new Float64Array(trie.nNodes * width);
  wordParts.forEach(({ values }, p) =>
    nodes[p].forEach((node, t) => {
      for (let k = 0; k < width; k++) nodeValues[node * width + k] += values[t * width + k];
    }),
  );

  let remembered = new Float64Array(1024 * width);
  let nRemembered = 0;
  let found = new Int32Array(256);

  function forget(): void {
    table = createTokenTable();
    for (const token of vocabulary) table.add(token, 0, token.length);
    nRemembered = 0;
  }

  function remember(): void {
    for (; nRemembered < table.size; nRemembered++) {
      const at = nRemembered * width;
      if (at + width > remembered.length) {
        const copy = new Float64Array(2 * remembered.length);
        copy.set(remembered);
        remembered = copy;
      }
      const isWord = nRemembered < vocabulary.length;
      for (let k = 0; k < width; k++)
        remembered[at + k] = isWord ? nodeValues[(nRemembered + 1) * width + k] : 0;
      for (const add of tries) add(table, nRemembered, remembered, at);
    }
  }

  function addTo(sums: Float64Array, text: string): void {
    if (table.size > vocabulary.length + mostRemembered) forget();
    const head = text.slice(0, maxLength);
    let n = 0;
    scanTokens(head, tokens, (start, end) => {
      if (n === found.length) found = doubled(found);
      found[n++] = table.add(head, start, end);
    });
    if (nRemembered < table.size) remember();
    for (let first = 0; first < n; first++) {
      const own = found[first] * width;
      for (let k = 0; k < width; k++) sums[k] += remembered[own + k];
      if (longest > 1 && found[first] < vocabulary.length)
        addNgrams(sums, first, Math.min(first + longest, n));
    }
  }

  function addNgrams(sums: Float64Array, first: number, stop: number): void {
    let node = found[first] + 1;
    for (let at = first + 1; at < stop && (node = trie.child(node, found[at])) > 0; at++)
      for (let k = 0; k < width; k++) sums[k] += nodeValues[node * width + k];
  }

  return { addTo };
}

/** Adds what the characters of a token say. */
type AddCharacters = (table: TokenTable, token: number, out: Float64Array, at: number) => void;

function characterTrie({ analyzer, terms, values }: Part, width: number): AddCharacters {
  const trie: NgramTrie = createTrie();
  const nodes = terms.map((term) => {
    let node = 0;
    for (let i = 0; i < term.length; i++) node = trie.grow(node, term.charCodeAt(i));
    return node;
  });
  const nodeValues = new Float64Array(trie.nNodes * width);
  nodes.forEach((node, t) => nodeValues.set(values.subarray(t * width, (t + 1) * width), node * width));
  return (table, token, out, at) => {
    const length = table.lengthOf(token) + 2;
    const symbol = (i: number): number =>
      i === 0
        ? wordStart.charCodeAt(0)
        : i === length - 1
          ? wordEnd.charCodeAt(0)
          : table.codeAt(token, i - 1);
    for (let first = 0; first < length; first++) {
      let node = 0;
      const stop = Math.min(first + analyzer.maxN, length);
      for (let i = first; i < stop && (node = trie.child(node, symbol(i))) > 0; i++)
        for (let k = 0; k < width; k++) out[at + k] += nodeValues[node * width + k];
    }
  };
}
