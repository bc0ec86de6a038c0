const dot = 46;
const minus = 45;
const plus = 43;
const zero = 48;
const nine = 57;

const missingTokens = new Set(['?', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', 'None']);
const powersOfTen = Float64Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));

/** Whether the bytes mean "no value": empty, `?`, `NA`, `N/A`, `NaN`, `null`, `NULL`, `None`. Outer blanks are gone. */
export function isMissing(bytes: Buffer, start: number, end: number): boolean {
  const length = end - start;
  if (length === 0) return true;
  if (length > 4) return false;
  const first = bytes[start];
  // `?`, `N` and `n` are the only ways a token starts.
  if (first !== 63 && first !== 78 && first !== 110) return false;
  return missingTokens.has(bytes.toString('latin1', start, end));
}

/**
 * The number the bytes spell (decimal, optional sign, fraction and exponent; `inf`, `infinity`), correctly rounded.
 * @returns NaN when they spell none; thousands separators, hexadecimal and underscores are not numbers
 */
export function parseNumber(bytes: Buffer, start: number, end: number): number {
  let p = start;
  let negative = false;
  if (p < end && (bytes[p] === minus || bytes[p] === plus)) negative = bytes[p++] === minus;
  let digits = 0;
  let mantissa = 0;
  let exponent = 0;
  let any = false;
  for (; p < end && bytes[p] >= zero && bytes[p] <= nine; p++) {
    any = true;
    if (mantissa !== 0 || bytes[p] !== zero) digits++;
    mantissa = mantissa * 10 + (bytes[p] - zero);
  }
  if (p < end && bytes[p] === dot) {
    for (p++; p < end && bytes[p] >= zero && bytes[p] <= nine; p++) {
      any = true;
      exponent--;
      if (mantissa !== 0 || bytes[p] !== zero) digits++;
      mantissa = mantissa * 10 + (bytes[p] - zero);
    }
  }
  if (!any) return infinity(bytes, start, end);
  if (p < end && (bytes[p] | 32) === 101) {
    let sign = 1;
    let shift = 0;
    p++;
    if (p < end && (bytes[p] === minus || bytes[p] === plus)) sign = bytes[p++] === minus ? -1 : 1;
    const first = p;
    for (; p < end && bytes[p] >= zero && bytes[p] <= nine; p++) shift = shift * 10 + (bytes[p] - zero);
    if (p === first) return NaN;
    exponent += sign * shift;
  }
  if (p !== end) return NaN;
  // Both the digits and the power of ten are exact doubles here, so one operation rounds once (Clinger 1990).
  if (digits <= 15 && exponent >= -22 && exponent <= 22) {
    const value = exponent < 0 ? mantissa / powersOfTen[-exponent] : mantissa * powersOfTen[exponent];
    return negative ? -value : value;
  }
  return Number(bytes.toString('latin1', start, end));
}

function infinity(bytes: Buffer, start: number, end: number): number {
  if (end - start < 3 || end - start > 9) return NaN;
  const match = /^([+-]?)inf(?:inity)?$/i.exec(bytes.toString('latin1', start, end));
  return match === null ? NaN : match[1] === '-' ? -Infinity : Infinity;
}

/** Whether the bytes are an integer of plain digits that a double cannot hold exactly (beyond 2^53). */
export function isWideIntegerText(bytes: Buffer, start: number, end: number): boolean {
  if (end - start < 16) return false;
  const first = bytes[start] === minus || bytes[start] === plus ? start + 1 : start;
  for (let p = first; p < end; p++) if (bytes[p] < zero || bytes[p] > nine) return false;
  const value = BigInt(bytes.toString('latin1', first, end));
  return value > 9007199254740992n;
}

/** Whether the bytes are an integer padded with zeros, such as `00123`: a code rather than a quantity. */
export function isZeroPadded(bytes: Buffer, start: number, end: number): boolean {
  if (end - start < 2 || bytes[start] !== zero) return false;
  for (let p = start; p < end; p++) if (bytes[p] < zero || bytes[p] > nine) return false;
  return true;
}

/** 1 for `true` or `yes`, 0 for `false` or `no`, in any case; NaN for anything else. */
export function parseBoolean(bytes: Buffer, start: number, end: number): number {
  const length = end - start;
  if (length < 2 || length > 5) return NaN;
  const first = bytes[start] | 32;
  if (first !== 116 && first !== 102 && first !== 121 && first !== 110) return NaN;
  switch (bytes.toString('latin1', start, end).toLowerCase()) {
    case 'true':
    case 'yes':
      return 1;
    case 'false':
    case 'no':
      return 0;
    default:
      return NaN;
  }
}

const isoTime =
  /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|UTC|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/**
 * Milliseconds since 1970 UTC of an ISO 8601 date or time (`2020-08-19`, `2020/8/19 06:00`,
 * `2020-08-19T06:00:00.5+07:00`); without a zone it is UTC.
 * @returns NaN for anything else, such as day-first dates, whose order cannot be known
 */
export function parseTimestamp(bytes: Buffer, start: number, end: number): number {
  const length = end - start;
  if (length < 8 || length > 40) return NaN;
  const separator = bytes[start + 4];
  if (separator !== minus && separator !== 47) return NaN;
  const match = isoTime.exec(bytes.toString('latin1', start, end));
  if (match === null) return NaN;
  const [, year, , month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match;
  const y = Number(year);
  const midnight = new Date(0);
  midnight.setUTCFullYear(y, Number(month) - 1, Number(day));
  if (midnight.getUTCMonth() !== Number(month) - 1 || midnight.getUTCDate() !== Number(day)) return NaN;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return NaN;
  const time = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000;
  const milliseconds = Math.floor(Number(`0.${fraction || '0'}`) * 1000 + 1e-6);
  return midnight.getTime() + time + milliseconds - zoneOffset(zone);
}

function zoneOffset(zone: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? '0');
  return (match[1] === '-' ? -minutes : minutes) * 60_000;
}
