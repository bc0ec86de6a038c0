import type { TfidfAnalyzer } from './model.js';
import { createTrie } from './ngram-trie.js';
import { wordEnd, wordsOf, wordStart } from './tokenize.js';

/** Numbers for the n-grams of texts; 0 is never one. */
export interface Ngrams {
  /** One more than the largest number given so far. */
  readonly size: number;
  /** Gives the number of every n-gram occurrence of a text that is known, in reading order. */
  visit(text: string | null, use: (ngram: number) => void): void;
  /** The same, with new numbers for n-grams not met before. */
  learn(text: string | null, use: (ngram: number) => void): void;
  /** Makes one term known. */
  add(term: string): number;
  spell(ngram: number): string;
}

const startSymbol = wordStart.charCodeAt(0);
const endSymbol = wordEnd.charCodeAt(0);

/**
 * The n-grams of an analyzer, equal to those of `termsOf` but numbered.
 * @param isKnown whether an n-gram may hold the character of that code unit; all when left out
 */
export function createNgrams(analyzer: TfidfAnalyzer, isKnown?: Uint8Array): Ngrams {
  const { unit, minN, maxN, maxLength } = analyzer;
  const trie = createTrie();
  const wordIds = new Map<string, number>();
  const wordNames: string[] = [];
  let symbols = new Int32Array(1024);
  type Step = (parent: number, symbol: number) => number;

  function run(length: number, step: Step, use: (ngram: number) => void): void {
    for (let start = 0; start < length; start++) {
      let node = 0;
      const end = Math.min(length, start + maxN);
      for (let at = start; at < end; at++) {
        // A prefix that is not known has no known continuation.
        if (symbols[at] < 0 || (node = step(node, symbols[at])) < 0) break;
        if (at - start + 1 >= minN) use(node);
      }
    }
  }

  function wordId(word: string, isNew: boolean): number {
    const id = wordIds.get(word);
    if (id !== undefined || !isNew) return id ?? -1;
    wordIds.set(word, wordNames.length);
    return wordNames.push(word) - 1;
  }

  function walk(text: string | null, isNew: boolean, use: (ngram: number) => void): void {
    const step: Step = isNew
      ? (parent, symbol) => trie.grow(parent, symbol)
      : (parent, symbol) => trie.child(parent, symbol);
    const words = wordsOf(text, maxLength);
    if (symbols.length < maxLength + 2) symbols = new Int32Array(maxLength + 2);
    if (unit === 'word') {
      words.forEach((word, i) => (symbols[i] = wordId(word, isNew)));
      run(words.length, step, use);
      return;
    }
    for (const word of words) {
      symbols[0] = startSymbol;
      for (let i = 0; i < word.length; i++) {
        const character = word.charCodeAt(i);
        symbols[i + 1] = isKnown === undefined || isKnown[character] === 1 ? character : -1;
      }
      symbols[word.length + 1] = endSymbol;
      run(word.length + 2, step, use);
    }
  }

  return {
    get size() {
      return trie.nNodes;
    },
    visit: (text, use) => walk(text, false, use),
    learn: (text, use) => walk(text, true, use),
    add(term) {
      const path =
        unit === 'word'
          ? term.split(' ').map((word) => wordId(word, true))
          : Array.from(term, (character) => character.charCodeAt(0));
      return path.reduce((node, symbol) => trie.grow(node, symbol), 0);
    },
    spell(ngram) {
      const path = trie.path(ngram);
      return unit === 'word' ? path.map((id) => wordNames[id]).join(' ') : String.fromCharCode(...path);
    },
  };
}
