import type { ColumnType } from '../../src/core/table.js';
import {
  add,
  and,
  category,
  clip,
  column,
  count,
  dayOfWeek,
  empty,
  entropy,
  equal,
  floor,
  ifMissing,
  indicator,
  length,
  less,
  lessOrEqual,
  log,
  log1p,
  maximum,
  minimum,
  missing,
  modulo,
  multiply,
  not,
  or,
  ratio,
  subtract,
  textPatterns,
  where,
  type Feature,
  type NumericExpression,
  type TextPattern,
} from '../../src/features/expression.js';

/** Columns of the adversarial table whose type matters to SQL. */
export const columnTypes: Record<string, ColumnType> = { created_at: 'timestamp' };

export function feature(expression: NumericExpression, name = 'f'): Feature {
  return { name, expression, description: 'under test', owner: 'test', lookBackDays: 0 };
}

export const patterns = Object.keys(textPatterns) as TextPattern[];
const followers = column('followers');
const following = column('following');

/** One feature or more for every operation and helper. */
export const everyOperation: Record<string, NumericExpression> = {
  number: followers,
  boolean: column('verified'),
  timestamp: column('created_at'),
  constant: { op: 'constant', value: 0.1 },
  huge_constant: { op: 'constant', value: 1e300 },
  add: add(followers, following),
  subtract: subtract(followers, following),
  multiply: multiply(followers, following),
  divide: ratio(followers, following),
  minimum: minimum(followers, following),
  maximum: maximum(followers, following),
  clip: clip(followers, -2, 50),
  floor: floor(followers),
  modulo: modulo(column('age'), 7),
  weekday: dayOfWeek(column('created_at')),
  where: where(less(followers, following), column('posts'), column('age')),
  where_not: where(not(less(followers, following)), column('posts'), column('age')),
  if_missing: ifMissing(followers, -1),
  missing_quotient: indicator(missing(ratio(followers, following))),
  less: indicator(less(followers, following)),
  less_or_equal: indicator(lessOrEqual(followers, following)),
  equal: indicator(equal(followers, following)),
  and: indicator(and(less(followers, 1), equal(column('verified'), 1))),
  or: indicator(or(missing(followers), empty('bio'))),
  empty: indicator(empty('username')),
  // Overflow in between: infinities that cancel, meet zero, divide, and come back below the limit of float32.
  overflow: multiply(multiply(followers, 1e300), 1e300),
  infinity_less_infinity: indicator(
    missing(
      subtract(multiply(multiply(followers, 1e300), 1e300), multiply(multiply(following, 1e300), 1e300)),
    ),
  ),
  zero_times_infinity: indicator(missing(multiply(following, multiply(multiply(followers, 1e300), 1e300)))),
  one_over_infinity: ratio(1, multiply(multiply(followers, 1e300), 1e300)),
  clipped_infinity: clip(multiply(multiply(followers, 1e300), 1e300), -5, 5),
  length: length('bio'),
  category: category('bio', ['en', 'it\'s "quoted"; -- drop table', 'vi', '']),
  ...Object.fromEntries(patterns.map((pattern) => [`count_${pattern}`, count('bio', pattern)])),
};

export const everyLogarithm: Record<string, NumericExpression> = {
  log: log(followers),
  log1p: log1p(followers),
  log_of_quotient: log(ratio(followers, following)),
  log_of_infinity: log(multiply(multiply(followers, 1e300), 1e300)),
  entropy_bio: entropy('bio'),
  entropy_username: entropy('username'),
};

export const featuresOf = (named: Record<string, NumericExpression>): Feature[] =>
  Object.entries(named).map(([name, expression]) => feature(expression, name));

/** Distance in float32 steps, Infinity where only one side is missing. */
export function steps(a: number, b: number): number {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return 0;
  if (Number.isNaN(a) || Number.isNaN(b)) return Infinity;
  const place = (x: number): number => {
    const bits = new Int32Array(Float32Array.of(x).buffer)[0];
    return bits < 0 ? -(bits & 0x7fffffff) : bits;
  };
  return Math.abs(place(a) - place(b));
}
