/**
 * Distribution function of the standard normal, with a relative error of about 1e-15 down into the lower tail
 * (through erfc by Cody 1969, "Rational Chebyshev approximations for the error function").
 */
export function normalCdf(x: number): number {
  // The fraction in erfc has no limit at infinity: inf / inf.
  if (x === Infinity || x === -Infinity) return x > 0 ? 1 : 0;
  return erfc(-x * Math.SQRT1_2) / 2;
}

/**
 * The x below which the standard normal has probability `p`: -Infinity at 0, Infinity at 1 and NaN outside [0, 1].
 * Algorithm AS 241, PPND16 (Wichura 1988), relative error about 1e-16.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return NaN;
  if (p === 0) return -Infinity;
  if (p === 1) return Infinity;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(r, centreTop)) / polynomial(r, centreBottom);
  }
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const x =
    r <= 5
      ? polynomial(r - 1.6, tailTop) / polynomial(r - 1.6, tailBottom)
      : polynomial(r - 5, farTop) / polynomial(r - 5, farBottom);
  return q < 0 ? -x : x;
}

/** Complementary error function. */
function erfc(x: number): number {
  const size = Math.abs(x);
  if (size <= 0.46875) return 1 - (x * polynomial(x * x, smallTop)) / polynomial(x * x, smallBottom);
  let tail: number;
  if (size <= 4) {
    tail = polynomial(size, middleTop) / polynomial(size, middleBottom);
  } else {
    const z = 1 / (size * size);
    const ratio = (z * polynomial(z, largeTop)) / polynomial(z, largeBottom);
    tail = (inverseRootPi - ratio) / size;
  }
  // exp(-x^2) in two factors: the square of a number rounded to 1/16 is exact.
  const rough = Math.trunc(size * 16) / 16;
  tail *= Math.exp(-rough * rough) * Math.exp(-(size - rough) * (size + rough));
  return x < 0 ? 2 - tail : tail;
}

/** Horner's rule; coefficients from the constant upwards. */
function polynomial(x: number, coefficients: readonly number[]): number {
  let value = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) value = value * x + coefficients[i];
  return value;
}

const inverseRootPi = 0.56418958354775628695;

const smallTop = [
  3.20937758913846947e3, 3.77485237685302021e2, 1.1386415415105015e2, 3.1611237438705656,
  1.85777706184603153e-1,
];
const smallBottom = [
  2.84423683343917062e3, 1.28261652607737228e3, 2.44024637934444173e2, 2.36012909523441209e1, 1,
];

const middleTop = [
  1.23033935479799725e3, 2.05107837782607147e3, 1.71204761263407058e3, 8.8195222124176909e2,
  2.98635138197400131e2, 6.61191906371416295e1, 8.88314979438837594, 5.64188496988670089e-1,
  2.15311535474403846e-8,
];
const middleBottom = [
  1.23033935480374942e3, 3.43936767414372164e3, 4.36261909014324716e3, 3.29079923573345963e3,
  1.62138957456669019e3, 5.37181101862009858e2, 1.17693950891312499e2, 1.57449261107098347e1, 1,
];

const largeTop = [
  6.58749161529837803e-4, 1.60837851487422766e-2, 1.25781726111229246e-1, 3.60344899949804439e-1,
  3.05326634961232344e-1, 1.63153871373020978e-2,
];
const largeBottom = [
  2.33520497626869185e-3, 6.05183413124413191e-2, 5.27905102951428412e-1, 1.87295284992346725,
  2.56852019228982242, 1,
];

const centreTop = [
  3.387132872796366608, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
  4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3,
];
const centreBottom = [
  1, 4.2313330701600911252e1, 6.871870074920579083e2, 5.3941960214247511077e3, 2.1213794301586595867e4,
  3.930789580009271061e4, 2.8729085735721942674e4, 5.226495278852854561e3,
];
const tailTop = [
  1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504,
  1.27045825245236838258, 2.4178072517745061177e-1, 2.27238449892691845833e-2, 7.7454501427834140764e-4,
];
const tailBottom = [
  1, 2.05319162663775882187, 1.6763848301838038494, 6.8976733498510000455e-1, 1.4810397642748007459e-1,
  1.51986665636164571966e-2, 5.475938084995344946e-4, 1.05075007164441684324e-9,
];
const farTop = [
  6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 2.9656057182850489123e-1,
  2.6532189526576123093e-2, 1.2426609473880784386e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
];
const farBottom = [
  1, 5.9983220655588793769e-1, 1.3692988092273580531e-1, 1.48753612908506148525e-2, 7.868691311456132591e-4,
  1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15,
];
