/** A database whose SQL features are written in. */
export type Dialect = 'duckdb' | 'trino' | 'spark';

/** What the dialects say differently. Arguments and results are SQL text. */
export interface DialectMap {
  /** Whole milliseconds, rounded down, from 1970-01-01 to a timestamp or date column without zone. */
  readonly epochMilliseconds: (column: string) => string;
  /** Non-overlapping matches of a pattern literal in a text, as an integer. */
  readonly matches: (text: string, pattern: string) => string;
  /** Shannon entropy in nats of a text of at most 64 characters, 0 for an empty one. */
  readonly entropy: (text: string) => string;
  /** A double that is NULL where it was NaN. */
  readonly orNull: (value: string) => string;
  /** The largest whole number not above a double, as a double. */
  readonly floor: (value: string) => string;
  /** A literal of any text. */
  readonly text: (text: string) => string;
}

const standardText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** DuckDB 1.5, Trino 400 or later, and Spark 4.1 where quotes enclose names: spark.sql.ansi.doubleQuotedIdentifiers. */
export const dialects: Readonly<Record<Dialect, DialectMap>> = {
  duckdb: {
    // epoch_ms would round towards 1970 instead of down.
    epochMilliseconds: (column) => `floor(epoch_us(CAST(${column} AS TIMESTAMP)) / 1000e0)`,
    matches: (text, pattern) => `len(regexp_extract_all(${text}, ${pattern}))`,
    // DuckDB's entropy is in bits. It splits a text by "" into code points.
    entropy: (text) => `list_aggregate(string_split(${text}, ''), 'entropy') * ln(2e0)`,
    // NaN equals NaN in DuckDB.
    orNull: (value) => `nullif(${value}, CAST('NaN' AS DOUBLE))`,
    floor: (value) => `floor(${value})`,
    text: standardText,
  },
  trino: {
    // to_unixtime would count in seconds, whose quotient by 86,400 rounds differently.
    epochMilliseconds: (column) =>
      `date_diff('millisecond', TIMESTAMP '1970-01-01 00:00:00', CAST(${column} AS timestamp(6)))`,
    matches: (text, pattern) => `regexp_count(${text}, ${pattern})`,
    // The mean over the characters of ln(n / times it occurs). The one-element transform names the array, so that
    // the text is split once.
    entropy: (text) =>
      `element_at(transform(ARRAY[regexp_extract_all(${text}, '(?s).')], cs -> ` +
      `reduce(cs, 0e0, (s, c) -> s + ln(CAST(cardinality(cs) AS double) / ` +
      `CAST(cardinality(filter(cs, x -> x = c)) AS double)), ` +
      `s -> s / CAST(greatest(cardinality(cs), 1) AS double))), 1)`,
    // NaN does not equal NaN in Trino, and filtering keeps the value written once; element_at is NULL past the end.
    orNull: (value) => `element_at(filter(ARRAY[${value}], v -> NOT is_nan(v)), 1)`,
    floor: (value) => `floor(${value})`,
    text: standardText,
  },
  spark: {
    epochMilliseconds: (column) => `floor(unix_micros(CAST(${column} AS TIMESTAMP)) / 1000e0)`,
    matches: (text, pattern) => `regexp_count(${text}, ${pattern})`,
    // As in Trino; aggregate is its reduce, and the last argument asks for the whole match.
    entropy: (text) =>
      `element_at(transform(array(regexp_extract_all(${text}, '(?s).', 0)), cs -> ` +
      `aggregate(cs, 0e0, (s, c) -> s + ln(CAST(size(cs) AS DOUBLE) / ` +
      `CAST(size(filter(cs, x -> x = c)) AS DOUBLE)), ` +
      `s -> s / CAST(greatest(size(cs), 1) AS DOUBLE))), 1)`,
    // NaN equals NaN in Spark.
    orNull: (value) => `nullif(${value}, CAST('NaN' AS DOUBLE))`,
    // Spark's floor is a bigint; beyond 2^52 every double is whole. The transform names the value, so that it is written once.
    floor: (value) =>
      `element_at(transform(array(${value}), v -> CASE WHEN abs(v) < 4503599627370496e0 THEN CAST(floor(v) AS DOUBLE) ELSE v END), 1)`,
    // Backslashes escape there.
    text: (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`,
  },
};
