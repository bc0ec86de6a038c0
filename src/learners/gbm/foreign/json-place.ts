import { DataError } from '../../../core/errors.js';
import { quote } from './foreign-tree.js';

/** A value inside a JSON document, and the path that leads to it. */
export interface JsonPlace {
  readonly path: string;
  readonly value: unknown;
}

/** @throws {DataError} saying what `place` must be instead of what it is */
function refuse({ path: where, value }: JsonPlace, must: string): never {
  const path = where === '' ? 'the file' : where;
  throw new DataError(
    value === undefined
      ? `xgboost: ${path} is missing; it must be ${must}`
      : `xgboost: ${path}=${quote(value)} must be ${must}`,
  );
}

/**
 * The field of an object; its value is undefined where there is none.
 * @throws {DataError} when `place` is no object
 */
export function field(place: JsonPlace, name: string): JsonPlace {
  const { path, value } = place;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(place, 'an object');
  return {
    path: path === '' ? name : `${path}.${name}`,
    value: Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined,
  };
}

/** @throws {DataError} when `place` is no array, or not of that length */
export function array(place: JsonPlace, length?: number): readonly unknown[] {
  const { value } = place;
  if (!Array.isArray(value)) return refuse(place, 'an array');
  if (length !== undefined && value.length !== length) {
    throw new DataError(`xgboost: ${place.path} has ${value.length} values, expected ${length}`);
  }
  return value;
}

/** @throws {DataError} when `place` is no text */
export function text(place: JsonPlace): string {
  return typeof place.value === 'string' ? place.value : refuse(place, 'a text');
}

/**
 * A whole number written as text, the way XGBoost writes its parameters.
 * @param fallback for a field that older versions lack
 * @throws {DataError} when it is none of `low..high`
 */
export function integerText(place: JsonPlace, low: number, high: number, fallback?: number): number {
  if (place.value === undefined && fallback !== undefined) return fallback;
  const number =
    typeof place.value === 'string' && /^-?\d{1,15}$/.test(place.value) ? Number(place.value) : NaN;
  if (!(number >= low && number <= high)) refuse(place, `a whole number from ${low} to ${high}, as text`);
  return number;
}

/** @throws {DataError} when the value is no number that a float32 can hold */
export function float32(place: JsonPlace): number {
  const { value } = place;
  const rounded = typeof value === 'number' ? Math.fround(value) : NaN;
  return Number.isFinite(rounded) ? rounded : refuse(place, 'a number within the range of float32');
}

/** @throws {DataError} when the value is no whole number of `low..high` */
export function integer(place: JsonPlace, low: number, high: number): number {
  const { value } = place;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < low || value > high) {
    return refuse(place, `a whole number from ${low} to ${high}`);
  }
  return value;
}

/** Value i of an array. */
export function item({ path }: JsonPlace, values: readonly unknown[], i: number): JsonPlace {
  return { path: `${path}[${i}]`, value: values[i] };
}
