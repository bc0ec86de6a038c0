/** Which n-grams become terms. */
export interface VocabularyLimits {
  /** Texts a term must occur in. */
  readonly minDocumentFrequency: number;
  /** Terms kept, those in most texts first, at most 2^20. */
  readonly maxTerms: number;
}

/** More terms than this cannot be named in 20 bits. */
export const largestVocabulary = 2 ** 20;

/** N-grams that may become terms. */
export interface Candidates {
  readonly ids: readonly number[];
  readonly documentsOf: (id: number) => number;
  readonly spell: (id: number) => string;
}

/** The terms of a vectoriser. */
export interface ChosenTerms {
  /** `[nTerms]`, in the order of their ids. */
  readonly terms: readonly string[];
  /** `[nTerms]` */
  readonly ids: readonly number[];
}

/** Keeps candidates in enough texts; where `maxTerms` cuts, those in more texts, the smaller by code unit among equals. */
export function chooseTerms(candidates: Candidates, limits: VocabularyLimits): ChosenTerms {
  const { documentsOf, spell } = candidates;
  let ids = candidates.ids.filter((id) => documentsOf(id) >= limits.minDocumentFrequency);
  if (ids.length > limits.maxTerms) {
    const counts = Int32Array.from(ids, documentsOf).sort();
    const least = counts[ids.length - limits.maxTerms];
    const above = ids.filter((id) => documentsOf(id) > least);
    const ties = new Map(ids.filter((id) => documentsOf(id) === least).map((id) => [spell(id), id]));
    const first = [...ties.keys()].sort().slice(0, limits.maxTerms - above.length);
    ids = [...above, ...first.map((term) => ties.get(term) ?? -1)].sort((a, b) => a - b);
  }
  return { terms: ids.map(spell), ids };
}
