/**
 * What stands between a series and the scale on which its parts add up: nothing, the logarithm (parts multiply), or
 * the logit between floor and cap (Verhulst's growth).
 */
export type Link =
  | { readonly kind: 'identity' }
  | { readonly kind: 'log' }
  | { readonly kind: 'logit'; readonly floor: number; readonly cap: number };

/** A value on the cap or the floor counts as this share of their distance inside them. */
const margin = 1e-6;
/** Beyond it the logistic curve is its cap in doubles. */
const farthestLogit = 30;

/** The series on the scale of the link; missing values stay NaN. */
export function linked(link: Link, y: Float64Array): Float64Array {
  switch (link.kind) {
    case 'identity':
      return y;
    case 'log':
      return y.map(Math.log);
    case 'logit': {
      const { floor, cap } = link;
      return y.map((value) => {
        const share = Math.min(Math.max((value - floor) / (cap - floor), margin), 1 - margin);
        return Math.log(share / (1 - share));
      });
    }
  }
}

/** The way back, in place; finite for every finite value. */
export function unlink(link: Link, values: Float64Array): Float64Array {
  switch (link.kind) {
    case 'identity':
      break;
    case 'log':
      for (let i = 0; i < values.length; i++) values[i] = Math.exp(Math.min(values[i], 700));
      break;
    case 'logit': {
      const { floor, cap } = link;
      for (let i = 0; i < values.length; i++) {
        const z = Math.min(Math.max(values[i], -farthestLogit), farthestLogit);
        values[i] = floor + (cap - floor) / (1 + Math.exp(-z));
      }
      break;
    }
  }
  return values;
}
