import type { Rng } from '../core/rng.js';

/** One thing that is searched over. */
export type Dimension = { readonly name: string } & (
  | { readonly kind: 'real'; readonly low: number; readonly high: number; readonly log?: boolean }
  | { readonly kind: 'integer'; readonly low: number; readonly high: number; readonly log?: boolean }
  | { readonly kind: 'choice'; readonly options: readonly (string | boolean)[] }
);

export type Space = readonly Dimension[];

/** A value for every dimension, by name. */
export type Point = Readonly<Record<string, number | string | boolean>>;

/**
 * The coordinates of a point, `[space]`: [0, 1] along the (logarithmic) range of a number, the index of a choice.
 * Values outside the range go to its end.
 */
export function coordinates(space: Space, point: Point): number[] {
  return space.map((dimension): number => {
    const value = point[dimension.name];
    if (dimension.kind === 'choice') return Math.max(0, dimension.options.indexOf(value as string | boolean));
    const [low, high] = ends(dimension);
    const at = dimension.log ? Math.log(value as number) : (value as number);
    return Math.min(1, Math.max(0, (at - low) / (high - low)));
  });
}

/** The point at some coordinates; numbers with four significant digits, so that they can be read and written. */
export function pointAt(space: Space, at: readonly number[]): Point {
  return Object.fromEntries(
    space.map((dimension, d): [string, Point[string]] => {
      if (dimension.kind === 'choice') return [dimension.name, dimension.options[at[d]]];
      const [low, high] = ends(dimension);
      const raw = low + at[d] * (high - low);
      const value = dimension.log ? Math.exp(raw) : raw;
      const rounded = dimension.kind === 'integer' ? Math.round(value) : Number(value.toPrecision(4));
      return [dimension.name, Math.min(dimension.high, Math.max(dimension.low, rounded))];
    }),
  );
}

/** Coordinates drawn uniformly. */
export function drawUniform(space: Space, rng: Rng): number[] {
  return space.map((dimension) =>
    dimension.kind === 'choice' ? rng.integer(dimension.options.length) : rng.uniform(),
  );
}

/** The ends of the range in which a number is continuous: half a step beyond the least and the largest integer. */
function ends({ kind, low, high, log }: Exclude<Dimension, { kind: 'choice' }>): [number, number] {
  const reach = kind === 'integer' ? 0.5 : 0;
  const [from, to] = [low - reach, high + reach];
  return log ? [Math.log(from), Math.log(to)] : [from, to];
}
