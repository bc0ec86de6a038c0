import { documentCounter, growingList } from './growing-list.js';
import { knownCharacters } from './known-characters.js';
import type { TfidfAnalyzer } from './model.js';
import { createTrie } from './ngram-trie.js';
import { wordEnd, wordStart } from './tokenize.js';
import type { TokenRows } from './token-rows.js';

/** The n-grams of characters that each token holds. */
export interface CharacterNgrams {
  /** N-grams are numbered from 1; `[nTokens + 1]` where those of a token begin. */
  readonly tokenStart: Int32Array;
  /** N-gram of every occurrence, token by token. */
  readonly ngram: Int32Array;
  readonly size: number;
  /** In how many rows an n-gram occurs. */
  readonly documentsOf: (ngram: number) => number;
  readonly spell: (ngram: number) => string;
}

/** The n-grams of every token once: texts repeat their tokens, so this is a small part of all occurrences. */
export function characterNgrams(rows: TokenRows, { minN, maxN }: TfidfAnalyzer): CharacterNgrams {
  const { nRows, rowStart, token, table } = rows;
  const isKnown = knownCharacters(rows);
  const trie = createTrie();
  const tokenStart = new Int32Array(table.size + 1);
  const ngram = growingList();
  let symbols = new Int32Array(64);
  for (let t = 0; t < table.size; t++) {
    const length = table.lengthOf(t) + 2;
    if (length > symbols.length) symbols = new Int32Array(2 * length);
    symbols[0] = wordStart.charCodeAt(0);
    for (let i = 0; i < length - 2; i++) {
      const code = table.codeAt(t, i);
      symbols[i + 1] = isKnown[code] === 1 ? code : -1;
    }
    symbols[length - 1] = wordEnd.charCodeAt(0);
    for (let first = 0; first < length; first++) {
      let node = 0;
      const stop = Math.min(first + maxN, length);
      for (let at = first; at < stop && symbols[at] >= 0; at++) {
        node = trie.grow(node, symbols[at]);
        if (at - first + 1 >= minN) ngram.push(node);
      }
    }
    tokenStart[t + 1] = ngram.length;
  }
  const ngrams = ngram.values();
  const counter = documentCounter();
  for (let i = 0; i < nRows; i++) {
    for (let s = rowStart[i]; s < rowStart[i + 1]; s++) {
      const end = tokenStart[token[s] + 1];
      for (let at = tokenStart[token[s]]; at < end; at++) counter.count(ngrams[at], i);
    }
  }
  return {
    tokenStart,
    ngram: ngrams,
    size: trie.nNodes,
    documentsOf: (node) => counter.of(node),
    spell: (node) => String.fromCharCode(...trie.path(node)),
  };
}
