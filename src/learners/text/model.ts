import type { VersionedRecord } from '../../core/record.js';

/** How a sanitised text is cut into terms. All of it can be said in an ONNX graph. */
export interface TfidfAnalyzer {
  /**
   * `word`: tokens joined by one space into n-grams.
   * `char`: n-grams of the characters of each token, framed by U+0002 and U+0003, never across tokens.
   */
  readonly unit: 'word' | 'char';
  /**
   * `words`, which stands where it is left out: runs of letters, marks, digits and underscores.
   * `signs`: words, which may hold apostrophes inside; `http://` and `https://`; runs of up to three of one of ! ? . ( );
   * and every other punctuation mark, symbol or emoji of `signCharacters` by itself.
   */
  readonly tokens?: TokenKind;
  readonly minN: number;
  readonly maxN: number;
  /** Only the first so many code points of a text count. */
  readonly maxLength: number;
}

/** What tokens a text is cut into. */
export type TokenKind = 'words' | 'signs';

/** A fitted TF-IDF vectoriser. Format 2: the analyzer names its tokens. */
export interface TfidfModel extends VersionedRecord {
  readonly kind: 'tfidf';
  readonly format: 1 | 2;
  readonly analyzer: TfidfAnalyzer;
  /** `[nTerms]`, distinct. */
  readonly terms: readonly string[];
  /** `[nTerms]` ln((1 + n) / (1 + documents with the term)) + 1. */
  readonly idf: Float64Array;
}

/**
 * A linear classifier over the TF-IDF terms of one text column. With i running over the term occurrences of a
 * text, margin_k = intercept_k + sum_i weights[term_i, k] / sqrt(sum_i idf[term_i]^2), and just the intercept
 * where no known term occurs. Weights already hold coefficient times idf. Format 2: its vectorisers may be of
 * format 2.
 */
export interface TextClassifierModel extends VersionedRecord {
  readonly kind: 'text-classifier';
  readonly format: 1 | 2;
  readonly column: string;
  readonly nMargins: number;
  readonly vectorizers: readonly TfidfModel[];
  /** One per vectoriser, `[nTerms * nMargins]`, term by term. */
  readonly weights: readonly Float64Array[];
  /** `[nMargins]` */
  readonly intercept: Float64Array;
}
