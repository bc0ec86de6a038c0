import type { VersionedRecord } from '../../core/record.js';

/** How a sanitised text is cut into terms. All of it can be said in an ONNX graph. */
export interface TfidfAnalyzer {
  /**
   * `word`: runs of letters, marks, digits and underscores, joined by one space into n-grams.
   * `char`: n-grams of the characters of each such word, framed by U+0002 and U+0003, never across words.
   */
  readonly unit: 'word' | 'char';
  readonly minN: number;
  readonly maxN: number;
  /** Only the first so many code points of a text count. */
  readonly maxLength: number;
}

/** A fitted TF-IDF vectoriser. */
export interface TfidfModel extends VersionedRecord {
  readonly kind: 'tfidf';
  readonly format: 1;
  readonly analyzer: TfidfAnalyzer;
  /** `[nTerms]`, sorted by code unit. */
  readonly terms: readonly string[];
  /** `[nTerms]` ln((1 + n) / (1 + documents with the term)) + 1. */
  readonly idf: Float64Array;
}

/**
 * A linear classifier over the TF-IDF terms of one text column. With i running over the term occurrences of a
 * text, margin_k = intercept_k + sum_i weights[term_i, k] / sqrt(sum_i idf[term_i]^2), and just the intercept
 * where no known term occurs. Weights already hold coefficient times idf.
 */
export interface TextClassifierModel extends VersionedRecord {
  readonly kind: 'text-classifier';
  readonly format: 1;
  readonly column: string;
  readonly nMargins: number;
  readonly vectorizers: readonly TfidfModel[];
  /** One per vectoriser, `[nTerms * nMargins]`, term by term. */
  readonly weights: readonly Float64Array[];
  /** `[nMargins]` */
  readonly intercept: Float64Array;
}
