import { DataError } from '../core/errors.js';

/** How the times of a column are written, found from some of them, so that forecasts go on in the same way. */
export interface TimeText {
  /** Moments in time, or plain numbers. */
  readonly isCalendar: boolean;
  /** How the column is to be read: times of ISO 8601 and plain numbers as such, other forms as text for `parse`. */
  readonly readAs: 'timestamp' | 'number' | 'string';
  /** Of a column read as text or number: milliseconds since 1970 UTC, or the plain number; NaN for what it cannot read. */
  readonly parse: (value: string | number) => number;
  readonly format: (time: number) => string;
}

const day = 86_400_000;
const iso =
  /^(\d{4})([-/])(\d\d)\2(\d\d)(?:([T ])(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?\s*(Z|[+-]\d\d:?\d\d)?)?$/i;
const number = /^[+-]?\d+(?:\.\d*)?(?:e[+-]?\d+)?$/i;
const compact = /^(1[89]|20|21)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/;
const yearMonth = /^(\d{4})([-/])(0[1-9]|1[0-2])$/;
const quarter = /^(\d{4})([- ]?)(Q)([1-4])$/i;

/**
 * The form of a time column.
 * @param samples some of its values, trimmed, none missing
 * @throws {DataError} naming the first value that has none of the known forms, or another than the first
 */
export function timeTextOf(samples: readonly string[], where: string): TimeText {
  const [first] = samples;
  if (first === undefined) throw new DataError(`${where} holds no time; expected dates, times or numbers`);
  const forms: readonly (readonly [RegExp, () => TimeText])[] = [
    [iso, () => isoText(samples)],
    [compact, compactText],
    [number, () => numberText(samples)],
    [yearMonth, () => yearMonthText(first)],
    [quarter, () => quarterText(first)],
  ];
  const form = forms.find(([pattern]) => samples.every((sample) => pattern.test(sample)));
  if (form !== undefined) return form[1]();
  const known = forms.find(([pattern]) => pattern.test(first));
  const odd = known === undefined ? first : (samples.find((sample) => !known[0].test(sample)) ?? first);
  throw new DataError(
    `${where} holds ${JSON.stringify(odd)}${known === undefined ? '' : ` beside ${first}`}, expected ISO 8601 dates or times (2026-11-25, 2026-11-25 07:00), 20261125, 2026-11, 2026Q4, or numbers`,
  );
}

function isoText(samples: readonly string[]): TimeText {
  const parts = iso.exec(samples[0])!;
  const [, , dash, , , separator] = parts;
  const withSeconds = samples.some((sample) => iso.exec(sample)?.[8] !== undefined);
  const withFraction = samples.some((sample) => iso.exec(sample)?.[9] !== undefined);
  const zone = parts[10];
  const offset = offsetOf(zone);
  const dateOnly = samples.every((sample) => iso.exec(sample)?.[5] === undefined);
  return {
    isCalendar: true,
    readAs: 'timestamp',
    parse: Number,
    format(time) {
      const local = new Date(time + offset).toISOString();
      const date = local.slice(0, 10).replaceAll('-', dash);
      if (dateOnly && (time + offset) % day === 0) return date;
      const clock = local.slice(11, withFraction ? 23 : withSeconds || dateOnly ? 19 : 16);
      return `${date}${separator === undefined ? ' ' : separator}${clock}${zone ?? ''}`;
    },
  };
}

function offsetOf(zone: string | undefined): number {
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(zone ?? '');
  if (match === null) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000;
}

function compactText(): TimeText {
  return {
    isCalendar: true,
    readAs: 'string',
    parse(value) {
      const text = String(value);
      if (!compact.test(text)) return NaN;
      return Date.UTC(Number(text.slice(0, 4)), Number(text.slice(4, 6)) - 1, Number(text.slice(6)));
    },
    format: (time) => new Date(time).toISOString().slice(0, 10).replaceAll('-', ''),
  };
}

/** Seconds, or milliseconds, since 1970 of the years 2001 to 2096, whole minutes apart; else numbers without a calendar. */
function numberText(samples: readonly string[]): TimeText {
  const values = samples.map(Number);
  const step = values.length > 1 ? values.map((value) => value - values[0]) : [];
  const isEpoch = (unit: number): boolean =>
    values.length > 1 &&
    values.every((value) => Number.isInteger(value) && value * unit >= 1e12 && value * unit < 4e12) &&
    step.every((distance) => (distance * unit) % 60_000 === 0);
  const unit = isEpoch(1) ? 1 : isEpoch(1000) ? 1000 : undefined;
  if (unit !== undefined) {
    return {
      isCalendar: true,
      readAs: 'number',
      parse: (value) => Number(value) * unit,
      format: (time) => String(time / unit),
    };
  }
  return {
    isCalendar: false,
    readAs: 'number',
    parse: Number,
    // Steps such as 0.1 do not add up exactly.
    format: (time) => String(Number(time.toPrecision(15))),
  };
}

function yearMonthText(first: string): TimeText {
  const dash = yearMonth.exec(first)![2];
  return {
    isCalendar: true,
    readAs: 'string',
    parse(value) {
      const match = yearMonth.exec(String(value));
      return match === null ? NaN : Date.UTC(Number(match[1]), Number(match[3]) - 1, 1);
    },
    format: (time) => new Date(time).toISOString().slice(0, 7).replace('-', dash),
  };
}

function quarterText(first: string): TimeText {
  const [, , gap, letter] = quarter.exec(first)!;
  return {
    isCalendar: true,
    readAs: 'string',
    parse(value) {
      const match = quarter.exec(String(value));
      return match === null ? NaN : Date.UTC(Number(match[1]), (Number(match[4]) - 1) * 3, 1);
    },
    format(time) {
      const date = new Date(time);
      return `${date.getUTCFullYear()}${gap}${letter}${Math.floor(date.getUTCMonth() / 3) + 1}`;
    },
  };
}
