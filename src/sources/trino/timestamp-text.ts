/**
 * Milliseconds since 1970-01-01 UTC of a date or timestamp as Trino writes it, rounded down: `2024-05-06`,
 * `2024-05-06 07:08:09.123456`, `2024-05-06 07:08:09.123 UTC`, `… +05:30`, `… America/New_York`; years beyond
 * 0 to 9999 carry a sign. NaN for any other text, and for a time of day that its zone has twice or not at all.
 */
export function parseTimestampText(text: string): number {
  const signed = text.charCodeAt(0) === minus || text.charCodeAt(0) === plus;
  const dash = text.indexOf('-', signed ? 1 : 0);
  const year = digits(text, signed ? 1 : 0, dash);
  const month = digits(text, dash + 1, dash + 3);
  const day = digits(text, dash + 4, dash + 6);
  if (dash < 0 || text.charCodeAt(dash + 3) !== minus || !(month >= 1 && month <= 12 && day >= 1)) return NaN;
  const days = daysFromCivil(text.charCodeAt(0) === minus ? -year : year, month, day);
  const clock = dash + 6;
  if (text.length === clock) return days * millisecondsPerDay;

  const hour = digits(text, clock + 1, clock + 3);
  const minute = digits(text, clock + 4, clock + 6);
  const second = digits(text, clock + 7, clock + 9);
  if (text.charCodeAt(clock) !== space || !(hour < 24 && minute < 60 && second < 60)) return NaN;
  let end = clock + 9;
  let milliseconds = 0;
  if (text.charCodeAt(end) === dot) {
    // Digits beyond the third are cut off, which rounds down on either side of 1970: they count upwards in the day.
    let scale = 100;
    for (end++; isDigit(text.charCodeAt(end)); end++) {
      milliseconds += scale * (text.charCodeAt(end) - zero);
      scale = scale === 1 ? 0 : scale / 10;
    }
  }
  const local = days * millisecondsPerDay + ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds;
  if (text.length === end) return local;
  return text.charCodeAt(end) === space ? inZone(local, text.slice(end + 1)) : NaN;
}

const minus = 45;
const plus = 43;
const dot = 46;
const space = 32;
const zero = 48;
const millisecondsPerDay = 86_400_000;

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** The digits of `text[start, end)` as a number; NaN for anything else. */
function digits(text: string, start: number, end: number): number {
  if (end <= start) return NaN;
  let value = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (!isDigit(code)) return NaN;
    value = 10 * value + (code - zero);
  }
  return value;
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar (Hinnant 2013, "chrono-Compatible Low-Level Date Algorithms"). */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

const zones = new Map<string, Intl.DateTimeFormat | null>();

function inZone(local: number, zone: string): number {
  if (zone === 'UTC') return local;
  const fixed = /^([+-])(\d\d):(\d\d)$/.exec(zone);
  if (fixed !== null) {
    const minutes = Number(fixed[2]) * 60 + Number(fixed[3]);
    return local - (fixed[1] === '-' ? -minutes : minutes) * 60_000;
  }
  let format = zones.get(zone);
  if (format === undefined) {
    format = formatOf(zone);
    zones.set(zone, format);
  }
  if (format === null) return NaN;
  // The offsets a day before and a day after are the two that can hold at this moment.
  const candidates = new Set(
    [-1, 1].map((day) => local - offsetAt(format, local + day * millisecondsPerDay)),
  );
  const fitting = [...candidates].filter((utc) => utc + offsetAt(format, utc) === local);
  return fitting.length === 1 ? fitting[0] : NaN;
}

function formatOf(zone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return null;
  }
}

/** What a zone's clocks are ahead of UTC, in milliseconds. */
function offsetAt(format: Intl.DateTimeFormat, utc: number): number {
  const parts: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(utc)) parts[type] = value;
  const number = (name: string) => Number(parts[name]);
  const year = parts.era.startsWith('B') ? 1 - number('year') : number('year');
  const days = daysFromCivil(year, number('month'), number('day'));
  const local =
    days * millisecondsPerDay + ((number('hour') * 60 + number('minute')) * 60 + number('second')) * 1000;
  return local - Math.floor(utc / 1000) * 1000;
}
