import { checkWhole } from '../linear/params.js';
import { largestVocabulary, type VocabularyLimits } from './choose-terms.js';
import type { TfidfAnalyzer, TfidfModel } from './model.js';
import { checkAnalyzer } from './tokenize.js';
import { learnVocabulary } from './vocabulary.js';

/** @throws {ConfigError} naming the limit that is out of its range */
export function checkLimits({ minDocumentFrequency, maxTerms }: VocabularyLimits): void {
  checkWhole('minDocumentFrequency', minDocumentFrequency, 1, 2 ** 31);
  checkWhole('maxTerms', maxTerms, 1, largestVocabulary);
}

/**
 * Learns the terms of one analyzer and their inverse document frequencies.
 *
 * @throws {ConfigError} for an analyzer or a limit out of its range
 * @example
 * fitTfidf(['so good', 'so bad'], { unit: 'word', minN: 1, maxN: 1, maxLength: 400 },
 *   { minDocumentFrequency: 2, maxTerms: 10 }).terms // ['so']
 */
export function fitTfidf(
  texts: readonly (string | null)[],
  analyzer: TfidfAnalyzer,
  limits: VocabularyLimits,
): TfidfModel {
  checkAnalyzer(analyzer, 'analyzer');
  checkLimits(limits);
  return learnVocabulary(texts, [analyzer], limits).vectorizers[0];
}
