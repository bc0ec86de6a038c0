import { DataError } from '../../../core/errors.js';
import { quote } from './foreign-tree.js';

/** Some `key=value` lines of a LightGBM file. */
export interface TextBlock {
  /** The part of the file, for messages. */
  readonly place: string;
  /** A line without `=` has the value ''. */
  readonly fields: ReadonlyMap<string, string>;
}

/**
 * Reads lines as fields.
 * @throws {DataError} for a key that appears twice
 */
export function textBlock(place: string, lines: readonly string[]): TextBlock {
  const fields = new Map<string, string>();
  for (const line of lines) {
    if (line === '') continue;
    const at = line.indexOf('=');
    const key = at < 0 ? line : line.slice(0, at);
    if (fields.has(key)) throw new DataError(`lightgbm: ${place}: ${quote(key)} must not appear twice`);
    fields.set(key, at < 0 ? '' : line.slice(at + 1));
  }
  return { place, fields };
}

/** @throws {DataError} for a field that is missing */
export function requiredText({ place, fields }: TextBlock, key: string): string {
  const value = fields.get(key);
  if (value === undefined) throw new DataError(`lightgbm: ${place}: ${key} is missing`);
  return value;
}

/** @throws {DataError} for a field that is missing, or no whole number of `low..high` */
export function wholeNumber(block: TextBlock, key: string, low: number, high: number): number {
  return checkedNumber(block, key, requiredText(block, key), { low, high, whole: true });
}

/** What the values of a field may be. */
export interface NumberRange {
  readonly low: number;
  readonly high: number;
  readonly whole: boolean;
}

/** Any finite number. */
export const anyNumber: NumberRange = { low: -Number.MAX_VALUE, high: Number.MAX_VALUE, whole: false };

/** Any number but NaN: a split of present from missing values has the threshold inf. */
export const anyThreshold: NumberRange = { low: -Infinity, high: Infinity, whole: false };

/**
 * Numbers that blanks part.
 * @throws {DataError} for a field that is missing, has not `length` values, or one outside its range
 */
export function numbers(block: TextBlock, key: string, length: number, range: NumberRange): Float64Array {
  const list = requiredText(block, key);
  // An empty list may end in a blank.
  const words = list.trim() === '' ? [] : list.trim().split(' ');
  if (words.length !== length) {
    throw new DataError(`lightgbm: ${block.place}: ${key} has ${words.length} values, expected ${length}`);
  }
  return Float64Array.from(words, (word, i) => checkedNumber(block, `${key}[${i}]`, word, range));
}

const decimal = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const infinities = new Map([
  ['inf', Infinity],
  ['-inf', -Infinity],
]);

function checkedNumber({ place }: TextBlock, name: string, word: string, range: NumberRange): number {
  const { low, high, whole } = range;
  const value = decimal.test(word) ? Number(word) : (infinities.get(word) ?? NaN);
  if (!(value >= low && value <= high) || (whole && !Number.isInteger(value))) {
    throw new DataError(`lightgbm: ${place}: ${name}=${quote(word)} must be ${inWords(range)}`);
  }
  return value;
}

function inWords({ low, high, whole }: NumberRange): string {
  if (whole) return `a whole number from ${low} to ${high}`;
  return low === -Infinity ? 'a number' : 'a finite number';
}
