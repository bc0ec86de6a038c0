/** Nodes in (0, 1), ascending, and their weights. */
export interface Quadrature {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

const known: Quadrature[] = [{ nodes: new Float64Array(), weights: new Float64Array() }];

/**
 * Gauss-Legendre quadrature on [0, 1]: exact for polynomials of degree 2 n - 1. Only +, -, * and / are used, so that
 * the numbers are the same on every machine.
 * @param n a whole number from 0
 */
export function gaussLegendre(n: number): Quadrature {
  // The roots of the polynomial of one degree less lie between those sought.
  while (known.length <= n) known.push(nextQuadrature(known.length, known[known.length - 1].nodes));
  return known[n];
}

function nextQuadrature(n: number, before: Float64Array): Quadrature {
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let low = i === 0 ? -1 : 2 * before[i - 1] - 1;
    let high = i === n - 1 ? 1 : 2 * before[i] - 1;
    const rises = legendre(n, high).value > legendre(n, low).value;
    for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
      if (legendre(n, middle).value < 0 === rises) low = middle;
      else high = middle;
    }
    const { slope } = legendre(n, low);
    nodes[i] = (low + 1) / 2;
    weights[i] = 1 / ((1 - low * low) * slope * slope);
  }
  return { nodes, weights };
}

/** The Legendre polynomial of degree n and its derivative at x, by the three-term recurrence. */
function legendre(n: number, x: number): { value: number; slope: number } {
  let before = 1;
  let value = x;
  for (let k = 2; k <= n; k++) {
    const next = ((2 * k - 1) * x * value - (k - 1) * before) / k;
    before = value;
    value = next;
  }
  return { value, slope: (n * (x * value - before)) / (x * x - 1) };
}
