interface Vertex {
  readonly x: Float64Array;
  readonly value: number;
}

export interface NelderMeadOptions {
  /** Edge of the first simplex. */
  readonly step: number;
  readonly maxEvaluations: number;
  /** Stop where the values at the corners differ by less. */
  readonly tolerance: number;
}

/**
 * The smallest value of a function on the unit cube that a downhill simplex finds (Nelder & Mead 1965, with their
 * coefficients 1, 2, ½, ½). Outside the cube the function goes on as its mirror image: drawn back to the face instead,
 * the simplex would collapse onto it.
 *
 * @param f may return Infinity where it is not defined
 * @param start `[d]`, in the cube; not changed
 */
export function nelderMead(
  f: (x: Float64Array) => number,
  start: Float64Array,
  { step, maxEvaluations, tolerance }: NelderMeadOptions,
): Vertex {
  const d = start.length;
  let evaluations = 0;
  const inside = new Float64Array(d);
  const evaluate = (x: Float64Array): Vertex => {
    for (let j = 0; j < d; j++) inside[j] = mirror(x[j]);
    evaluations++;
    return { x, value: f(inside) };
  };
  /** The point `t` of the way from `from` to `to`, beyond it when t > 1. */
  const along = (from: Float64Array, to: Float64Array, t: number): Vertex =>
    evaluate(from.map((value, j) => value + t * (to[j] - value)));

  const simplex = [evaluate(start.slice())];
  for (let j = 0; j < d; j++) {
    const x = start.slice();
    x[j] += x[j] + step <= 1 ? step : -step;
    simplex.push(evaluate(x));
  }
  const byValue = (a: Vertex, b: Vertex): number => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0);
  simplex.sort(byValue);
  while (evaluations < maxEvaluations && !(simplex[d].value - simplex[0].value < tolerance)) {
    const worst = simplex[d];
    const centre = new Float64Array(d);
    for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) centre[j] += simplex[i].x[j] / d;
    const reflected = along(worst.x, centre, 2);
    let next = reflected;
    if (reflected.value < simplex[0].value) {
      const expanded = along(worst.x, centre, 3);
      if (expanded.value < reflected.value) next = expanded;
    } else if (!(reflected.value < simplex[d - 1].value)) {
      const better = reflected.value < worst.value ? reflected : worst;
      next = along(better.x, centre, 0.5);
      if (!(next.value < better.value)) {
        for (let i = 1; i <= d; i++) simplex[i] = along(simplex[0].x, simplex[i].x, 0.5);
        simplex.sort(byValue);
        continue;
      }
    }
    simplex[d] = next;
    simplex.sort(byValue);
  }
  const { x, value } = simplex[0];
  return { x: x.map(mirror), value };
}

function mirror(x: number): number {
  const folded = Math.abs(x) % 2;
  return folded > 1 ? 2 - folded : folded;
}
