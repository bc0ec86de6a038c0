import { documentCounter, growingList } from './growing-list.js';
import { createTrie } from './ngram-trie.js';
import { tokenDocuments, type TokenRows } from './token-rows.js';

/** N-grams of tokens, numbered: token t is t, longer ones follow. */
export interface WordNgrams {
  readonly size: number;
  /** `[nRows + 1]` */
  readonly rowStart: Int32Array;
  /** N-gram of every occurrence. */
  readonly ngram: Int32Array;
  /** How many tokens an n-gram has. */
  readonly orderOf: (ngram: number) => number;
  /** In how many rows it occurs; where it holds a token of fewer than `minDocumentFrequency`, it was not counted. */
  readonly documentsOf: (ngram: number) => number;
  readonly spell: (ngram: number) => string;
}

/** All tokens, and their n-grams of up to `maxN` tokens that each occur in enough rows: others cannot occur in more. */
export function wordNgrams(rows: TokenRows, maxN: number, minDocumentFrequency: number): WordNgrams {
  const { nRows, rowStart, token, table } = rows;
  const nTokens = table.size;
  const documents = tokenDocuments(rows);
  if (maxN === 1) {
    return {
      size: nTokens,
      rowStart,
      ngram: token,
      orderOf: () => 1,
      documentsOf: (ngram) => documents[ngram],
      spell: (ngram) => table.spell(ngram),
    };
  }
  // Node 0 of the trie is its root; the nodes of single tokens are made first.
  const trie = createTrie();
  for (let t = 0; t < nTokens; t++) trie.grow(0, t);
  const counter = documentCounter();
  const starts = new Int32Array(nRows + 1);
  const ngram = growingList();
  for (let i = 0; i < nRows; i++) {
    const end = rowStart[i + 1];
    for (let first = rowStart[i]; first < end; first++) {
      let node = token[first] + 1;
      ngram.push(node - 1);
      if (documents[node - 1] < minDocumentFrequency) continue;
      const stop = Math.min(first + maxN, end);
      for (let at = first + 1; at < stop && documents[token[at]] >= minDocumentFrequency; at++) {
        node = trie.grow(node, token[at]);
        ngram.push(node - 1);
        counter.count(node - 1 - nTokens, i);
      }
    }
    starts[i + 1] = ngram.length;
  }
  return {
    size: trie.nNodes - 1,
    rowStart: starts,
    ngram: ngram.values(),
    orderOf: (node) => (node < nTokens ? 1 : trie.path(node + 1).length),
    documentsOf: (node) => (node < nTokens ? documents[node] : counter.of(node - nTokens)),
    spell: (node) =>
      trie
        .path(node + 1)
        .map((t) => table.spell(t))
        .join(' '),
  };
}
