import type { TfidfAnalyzer } from './model.js';
import { ngramTrie } from './ngram-trie.js';
import { joinUnits } from './tokenize.js';
import { noUnit, unitIds } from './unit-ids.js';

/** Distinct characters and words that terms may be made of: their ids have 12 and 20 bits in the exported graph. */
export const mostUnits = { char: 4095, word: 2 ** 20 - 1 } as const;

/** A term and the number of texts it occurs in. */
export interface FrequentTerm {
  readonly term: string;
  readonly documents: number;
}

/**
 * The terms that occur in at least `minDocuments` texts, sorted by code unit. n-grams are grown one unit at a time
 * from those that are frequent already (Agrawal & Srikant 1994): a rare prefix cannot have a frequent continuation.
 *
 * @param texts sanitised
 * @param maxTerms where there are more, those in the most texts are kept, ties in the order of terms
 */
export function frequentTerms(
  texts: readonly string[],
  analyzer: TfidfAnalyzer,
  minDocuments: number,
  maxTerms: number,
): FrequentTerm[] {
  const { units, starts, names } = encodeAll(texts, analyzer);
  const unitDocuments = countDocuments(units, starts, names.length);
  const kept = most(
    names.flatMap((term, id) => (unitDocuments[id] >= minDocuments ? [{ term, id }] : [])),
    ({ id }) => unitDocuments[id],
    mostUnits[analyzer.unit],
  );
  const isKept = new Uint8Array(names.length);
  for (const { id } of kept) isKept[id] = 1;

  const trie = ngramTrie();
  // For every position the node of the n-gram that begins there, -1 once it is rare or crosses the end of a run.
  const current = new Int32Array(units.length);
  const found: { term: string; documents: number }[] = [];
  for (let n = 1; n <= analyzer.maxN; n++) {
    const firstNode = trie.size();
    for (let i = 0; i < units.length; i++) {
      const prefix = current[i];
      if (prefix < 0) continue;
      const unit = i + n <= units.length ? units[i + n - 1] : noUnit;
      current[i] = unit !== noUnit && isKept[unit] === 1 ? trie.addChild(prefix, unit) : -1;
    }
    const documents = countDocuments(current, starts, trie.size() - firstNode, firstNode);
    for (let i = 0; i < current.length; i++) {
      if (current[i] >= 0 && documents[current[i] - firstNode] < minDocuments) current[i] = -1;
    }
    if (n < analyzer.minN) continue;
    documents.forEach((count, k) => {
      if (count < minDocuments) return;
      const path = trie.path(firstNode + k).map((id) => names[id]);
      found.push({ term: joinUnits(path, analyzer), documents: count });
    });
  }
  return most(found, ({ documents }) => documents, maxTerms).sort(byTerm);
}

function encodeAll(
  texts: readonly string[],
  analyzer: TfidfAnalyzer,
): { units: Int32Array; starts: Uint32Array; names: readonly string[] } {
  const ids = unitIds(analyzer);
  const starts = new Uint32Array(texts.length + 1);
  let units = new Int32Array(1 << 16);
  texts.forEach((text, d) => {
    const encoded = ids.encode(text);
    const end = starts[d] + encoded.length;
    if (end > units.length) {
      const wider = new Int32Array(2 * end);
      wider.set(units.subarray(0, starts[d]));
      units = wider;
    }
    units.set(encoded, starts[d]);
    starts[d + 1] = end;
  });
  return { units: units.subarray(0, starts[texts.length]), starts, names: ids.names() };
}

/** In how many texts every id from `first` on occurs; negative ids do not count. */
function countDocuments(ids: Int32Array, starts: Uint32Array, nIds: number, first = 0): Int32Array {
  const documents = new Int32Array(nIds);
  const lastSeen = new Int32Array(nIds).fill(-1);
  for (let d = 0; d + 1 < starts.length; d++) {
    for (let i = starts[d]; i < starts[d + 1]; i++) {
      const id = ids[i] - first;
      if (ids[i] < 0 || lastSeen[id] === d) continue;
      lastSeen[id] = d;
      documents[id]++;
    }
  }
  return documents;
}

function byTerm(a: { readonly term: string }, b: { readonly term: string }): number {
  return a.term < b.term ? -1 : 1;
}

function most<Item extends { readonly term: string }>(
  items: Item[],
  documents: (item: Item) => number,
  limit: number,
): Item[] {
  if (items.length <= limit) return items;
  return items.sort((a, b) => documents(b) - documents(a) || byTerm(a, b)).slice(0, limit);
}
