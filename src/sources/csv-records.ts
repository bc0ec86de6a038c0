/** How the bytes of a delimited file are cut into records. */
export interface CsvDialect {
  /** Byte that separates fields. */
  readonly delimiter: number;
  /** Whether a leading `"` opens a quoted value; tab-separated corpora often use `"` as an ordinary character. */
  readonly quoting: boolean;
}

/**
 * The record just read; one object is reused for all of them. Field j is `bytes[starts[j], ends[j])` without its
 * quotes and outer blanks.
 */
export interface CsvRecord {
  bytes: Buffer;
  /** 1-based line of the file on which the record starts. */
  line: number;
  nFields: number;
  starts: Int32Array;
  ends: Int32Array;
  /** 0 plain, 1 quoted, 2 quoted with doubled quotes inside. */
  quoted: Uint8Array;
  /** The whole record without its line end. */
  from: number;
  to: number;
  /** Why the record is malformed, with the field (0-based) where it went wrong. */
  problem: { readonly reason: string; readonly field: number } | undefined;
}

/** A record with room for `fields` fields; it grows by itself. */
export function newRecord(fields = 64): CsvRecord {
  return {
    bytes: Buffer.alloc(0),
    line: 1,
    nFields: 0,
    starts: new Int32Array(fields),
    ends: new Int32Array(fields),
    quoted: new Uint8Array(fields),
    from: 0,
    to: 0,
    problem: undefined,
  };
}

const tab = 9;
const newline = 10;
const carriageReturn = 13;
const space = 32;
const quote = 34;

/** Where a scan stopped: the offset of the first record that is not complete, and the line it starts on. */
export interface ScanState {
  offset: number;
  line: number;
  /** Line of the quote that was still open there. */
  openQuote: number | undefined;
}

/**
 * Visits every complete record of `bytes[state.offset, end)`; blank lines are skipped. Line ends are LF, CRLF or CR.
 * Quotes follow RFC 4180; blanks around a field are not part of it; a quote inside an unquoted field is a character.
 * @param last whether the file ends at `end`, which completes the last record
 * @param visit returns false to stop after the record
 */
export function scanRecords(
  bytes: Buffer,
  end: number,
  last: boolean,
  dialect: CsvDialect,
  state: ScanState,
  record: CsvRecord,
  visit: (record: CsvRecord) => boolean | void,
): void {
  const { delimiter, quoting } = dialect;
  const skipsTabs = delimiter !== tab;
  record.bytes = bytes;
  let p = state.offset;
  let line = state.line;
  state.openQuote = undefined;

  for (;;) {
    const from = p;
    const firstLine = line;
    let nFields = 0;
    record.problem = undefined;
    let complete = false;

    while (p <= end) {
      while (p < end && (bytes[p] === space || (skipsTabs && bytes[p] === tab))) p++;
      let start = p;
      let stop = p;
      let kind = 0;
      if (quoting && p < end && bytes[p] === quote) {
        kind = 1;
        const opened = line;
        start = ++p;
        for (;;) {
          while (p < end && bytes[p] !== quote) {
            if (bytes[p] === newline || (bytes[p] === carriageReturn && bytes[p + 1] !== newline)) line++;
            p++;
          }
          // A quote at the end of the block may be the first of two.
          if (p >= end || (p + 1 >= end && !last)) {
            state.offset = from;
            state.line = firstLine;
            state.openQuote = opened;
            return;
          }
          if (bytes[p + 1] !== quote || p + 1 >= end) break;
          kind = 2;
          p += 2;
        }
        stop = p++;
        const after = p;
        while (p < end && bytes[p] !== delimiter && bytes[p] !== newline && bytes[p] !== carriageReturn) p++;
        let rest = after;
        while (rest < p && (bytes[rest] === space || bytes[rest] === tab)) rest++;
        if (rest < p) record.problem ??= { reason: 'text after the closing quote', field: nFields };
      } else {
        let byte = 0;
        while (p < end) {
          byte = bytes[p];
          if (byte === delimiter || byte === newline || byte === carriageReturn) break;
          p++;
        }
        stop = p;
        while (stop > start && (bytes[stop - 1] === space || (skipsTabs && bytes[stop - 1] === tab))) stop--;
      }

      if (nFields === record.starts.length) growRecord(record);
      record.starts[nFields] = start;
      record.ends[nFields] = stop;
      record.quoted[nFields] = kind;
      nFields++;

      if (p >= end) {
        complete = last && p > from;
        record.to = p;
        break;
      }
      const byte = bytes[p];
      if (byte === delimiter) {
        p++;
        continue;
      }
      record.to = p;
      if (byte === carriageReturn) {
        if (p + 1 >= end && !last) break;
        p += bytes[p + 1] === newline && p + 1 < end ? 2 : 1;
      } else p++;
      line++;
      complete = true;
      break;
    }

    if (!complete) {
      state.offset = from;
      state.line = firstLine;
      return;
    }
    const blank = nFields === 1 && record.quoted[0] === 0 && record.starts[0] === record.ends[0];
    if (!blank) {
      record.line = firstLine;
      record.nFields = nFields;
      record.from = from;
      if (visit(record) === false) {
        state.offset = p;
        state.line = line;
        return;
      }
    }
    if (p >= end) {
      state.offset = p;
      state.line = line;
      return;
    }
  }
}

/** The text of field `j`, unescaped; quoted text keeps its inner blanks. */
export function fieldText(record: CsvRecord, j: number): string {
  const text = record.bytes.toString('utf8', record.starts[j], record.ends[j]);
  return record.quoted[j] === 2 ? text.replaceAll('""', '"') : text;
}

function growRecord(record: CsvRecord): void {
  const size = record.starts.length * 2;
  const grow = <T extends Int32Array | Uint8Array>(from: T, to: T): T => {
    to.set(from);
    return to;
  };
  record.starts = grow(record.starts, new Int32Array(size));
  record.ends = grow(record.ends, new Int32Array(size));
  record.quoted = grow(record.quoted, new Uint8Array(size));
}
