/** An invertible scale on which a series is forecast. */
export interface Scale {
  readonly name: 'level' | 'log';
  readonly to: (value: number) => number;
  readonly back: (value: number) => number;
}

const level: Scale = { name: 'level', to: (value) => value, back: (value) => value };
const log: Scale = { name: 'log', to: Math.log, back: Math.exp };

/** What is added before the logarithm where a series holds zeros, as a share of its median positive value. */
const shiftShare = 0.1;

/**
 * The logarithm where all values are positive; of a shifted value where some are zero; undefined where it would say
 * nothing that the level does not: negative values, or hardly any variation.
 */
export function logScale(y: Float64Array): Scale | undefined {
  let [least, most] = [Infinity, -Infinity];
  for (const value of y) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (least > 0) return most < 1.2 * least ? undefined : log;
  if (least < 0 || most <= 0) return undefined;
  const positive = y.filter((value) => value > 0).sort();
  const shift = shiftShare * positive[positive.length >> 1];
  return {
    name: 'log',
    to: (value) => Math.log(value + shift),
    back: (value) => Math.max(Math.exp(value) - shift, 0),
  };
}

export const levelScale = level;

/** Standard deviations beyond the range of the past that a forecast may reach. */
const reach = 2;

/**
 * Brings a forecast on a scale back, held within two standard deviations of the range that was seen: beyond it lie
 * explosions.
 * @param z the past on that scale, of which `z[0 .. origin)` was seen
 */
export function backWithinReach(
  scale: Scale,
  z: Float64Array,
  origin: number,
  forecast: Float64Array,
): Float64Array {
  let [least, most, sum, squares] = [Infinity, -Infinity, 0, 0];
  for (let t = 0; t < origin; t++) {
    const value = z[t];
    if (value < least) least = value;
    if (value > most) most = value;
    sum += value;
  }
  const mean = sum / origin;
  for (let t = 0; t < origin; t++) squares += (z[t] - mean) ** 2;
  const spread = reach * Math.sqrt(squares / origin);
  return forecast.map((value) => scale.back(Math.min(Math.max(value, least - spread), most + spread)));
}
