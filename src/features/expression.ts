/**
 * The vocabulary of row-level features: plain data with three readings (typed columns, SQL, ONNX) that tests hold
 * equal. Every expression is total. A raw number is rounded to float32 at the door, and is missing when it is
 * null, NaN or not finite as a float32; arithmetic runs in IEEE double, where an overflow is an infinity and an
 * undefined result (infinity - infinity, say) is missing; the feature itself is the float32 nearest to the result,
 * missing when that is not finite.
 *
 * Texts are read in the form of `sanitizeText`, so a text is never missing, only empty, and its code points are
 * its UTF-16 units.
 */
export type NumericExpression =
  /**
   * A number, boolean (0 or 1) or timestamp column. A timestamp reads as its milliseconds since 1970-01-01 UTC
   * divided by 86,400,000: days, fractions kept.
   */
  | { readonly op: 'column'; readonly name: string }
  | { readonly op: 'constant'; readonly value: number }
  /** Missing where either side is; `divide` also where the denominator is 0. */
  | {
      readonly op: 'add' | 'subtract' | 'multiply' | 'divide' | 'minimum' | 'maximum';
      readonly left: NumericExpression;
      readonly right: NumericExpression;
    }
  /** `log` is natural, and missing for values not above 0. */
  | { readonly op: 'log' | 'floor'; readonly of: NumericExpression }
  | {
      readonly op: 'where';
      readonly if: Condition;
      readonly then: NumericExpression;
      readonly else: NumericExpression;
    }
  /** 1 where the condition holds, else 0. */
  | { readonly op: 'indicator'; readonly if: Condition }
  /** Code points of a text. */
  | { readonly op: 'length'; readonly text: string }
  /** Non-overlapping matches of a named pattern. */
  | { readonly op: 'count'; readonly text: string; readonly pattern: TextPattern }
  /**
   * Shannon entropy in nats of the first 64 code points, 0 for an empty text: with n of them and k_c times c, the
   * sum over c of k_c / n * ln(n / k_c), a form without cancellation.
   */
  | { readonly op: 'entropy'; readonly text: string }
  /** Position of the text in `values`, -1 for any other. */
  | { readonly op: 'category'; readonly text: string; readonly values: readonly string[] };

/** Comparisons with a missing side are false. */
export type Condition =
  | { readonly op: 'missing'; readonly of: NumericExpression }
  | { readonly op: 'empty'; readonly text: string }
  | {
      readonly op: 'less' | 'lessOrEqual' | 'equal';
      readonly left: NumericExpression;
      readonly right: NumericExpression;
    }
  | { readonly op: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly op: 'not'; readonly of: Condition };

/** Regular expressions that JavaScript, RE2 (ONNX Runtime, DuckDB) and Trino read alike. */
export const textPatterns = {
  digits: '\\p{Nd}',
  /** Runs of digits. */
  numbers: '\\p{Nd}+',
  letters: '\\p{L}',
  words: '[\\p{L}\\p{N}_][\\p{L}\\p{M}\\p{N}_]*',
  hashtags: '#[\\p{L}\\p{N}_]+',
  mentions: '@[\\p{L}\\p{N}_]+',
  links: 'https?://[^ ]+',
  /** Emoji, in the private use area where `sanitizeText` puts them. */
  emoji: '[\uE000-\uEAFF]',
  punctuation: '\\p{P}',
} as const;
export type TextPattern = keyof typeof textPatterns;

/** One feature: its name, how it is computed, and who answers for it. */
export interface Feature {
  /** Distinct among the features of a model. */
  readonly name: string;
  /** How it is computed from raw columns. */
  readonly expression: NumericExpression;
  /** One sentence for reports and reason codes. */
  readonly description: string;
  /** Who answers for it. */
  readonly owner: string;
  /** How far back it looks, in days; 0 for a feature of the row itself. */
  readonly lookBackDays: number;
}

type Operand = NumericExpression | number;

function lift(value: Operand): NumericExpression {
  return typeof value === 'number' ? { op: 'constant', value } : value;
}

/** The value of a raw column. */
export function column(name: string): NumericExpression {
  return { op: 'column', name };
}

/** left + right */
export function add(left: Operand, right: Operand): NumericExpression {
  return { op: 'add', left: lift(left), right: lift(right) };
}

/** left - right */
export function subtract(left: Operand, right: Operand): NumericExpression {
  return { op: 'subtract', left: lift(left), right: lift(right) };
}

/** left * right */
export function multiply(left: Operand, right: Operand): NumericExpression {
  return { op: 'multiply', left: lift(left), right: lift(right) };
}

/** numerator / denominator, missing where the denominator is 0. */
export function ratio(numerator: Operand, denominator: Operand): NumericExpression {
  return { op: 'divide', left: lift(numerator), right: lift(denominator) };
}

/** The smaller one. */
export function minimum(left: Operand, right: Operand): NumericExpression {
  return { op: 'minimum', left: lift(left), right: lift(right) };
}

/** The larger one. */
export function maximum(left: Operand, right: Operand): NumericExpression {
  return { op: 'maximum', left: lift(left), right: lift(right) };
}

/** `of` held between `low` and `high`. */
export function clip(of: Operand, low: number, high: number): NumericExpression {
  return minimum(maximum(of, low), high);
}

/** ln(of), missing for values not above 0. */
export function log(of: Operand): NumericExpression {
  return { op: 'log', of: lift(of) };
}

/** ln(1 + of): written out, because log1p differs between engines in the last bits. */
export function log1p(of: Operand): NumericExpression {
  return log(add(1, of));
}

/** The largest integer not above `of`. */
export function floor(of: Operand): NumericExpression {
  return { op: 'floor', of: lift(of) };
}

/** One of two values by a condition. */
export function where(condition: Condition, then: Operand, otherwise: Operand): NumericExpression {
  return { op: 'where', if: condition, then: lift(then), else: lift(otherwise) };
}

/** 1 where the condition holds, else 0. */
export function indicator(condition: Condition): NumericExpression {
  return { op: 'indicator', if: condition };
}

/** `of`, or `otherwise` where it is missing. */
export function ifMissing(of: Operand, otherwise: Operand): NumericExpression {
  return where(missing(of), otherwise, of);
}

/** Holds where the value is missing. */
export function missing(of: Operand): Condition {
  return { op: 'missing', of: lift(of) };
}

/** Holds where the text is null or "". */
export function empty(text: string): Condition {
  return { op: 'empty', text };
}

/** left < right */
export function less(left: Operand, right: Operand): Condition {
  return { op: 'less', left: lift(left), right: lift(right) };
}

/** left <= right */
export function lessOrEqual(left: Operand, right: Operand): Condition {
  return { op: 'lessOrEqual', left: lift(left), right: lift(right) };
}

/** left = right */
export function equal(left: Operand, right: Operand): Condition {
  return { op: 'equal', left: lift(left), right: lift(right) };
}

/** Both hold. */
export function and(left: Condition, right: Condition): Condition {
  return { op: 'and', left, right };
}

/** At least one holds. */
export function or(left: Condition, right: Condition): Condition {
  return { op: 'or', left, right };
}

/** The condition does not hold. */
export function not(of: Condition): Condition {
  return { op: 'not', of };
}

/** of - n * floor(of / n), on [0, n). */
export function modulo(of: Operand, n: number): NumericExpression {
  return subtract(of, multiply(n, floor(ratio(of, n))));
}

/** ISO day of the week, Monday 1 to Sunday 7, of a day counted from 1970-01-01 (a Thursday). */
export function dayOfWeek(epochDay: Operand): NumericExpression {
  return add(1, modulo(add(floor(epochDay), 3), 7));
}

/** Code points of a text column. */
export function length(text: string): NumericExpression {
  return { op: 'length', text };
}

/** Matches of a named pattern in a text column. */
export function count(text: string, pattern: TextPattern): NumericExpression {
  return { op: 'count', text, pattern };
}

/** Shannon entropy of a text column's first 64 code points, in nats. */
export function entropy(text: string): NumericExpression {
  return { op: 'entropy', text };
}

/** Position of the text in `values`, -1 for any other. */
export function category(text: string, values: readonly string[]): NumericExpression {
  return { op: 'category', text, values };
}
