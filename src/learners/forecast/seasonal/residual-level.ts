/** How far a series stands above its regression, and how soon that fades. */
export interface ResidualLevel {
  /** The level one step after the last point is `decay * level`, j steps after it `decay^j * level`. */
  readonly level: number;
  readonly decay: number;
}

/** What a residual is made of: an AR(1) level of which a share of the variance comes, and white noise. */
export interface ResidualProcess {
  readonly decay: number;
  /** Share of the residuals' variance that the level has, 0 to 1. */
  readonly share: number;
}

const decays = [0.3, 0.5, 0.65, 0.75, 0.83, 0.88, 0.92, 0.95, 0.97, 0.98, 0.99, 0.995];
const mostLags = 20;

/**
 * Reads the process off the autocovariances of the first lags: of an AR(1) level in white noise that of lag k is
 * `share * variance * decay^k`, fitted by least squares over a few decays.
 *
 * @param residuals `[n]`, NaN where missing
 */
export function residualProcess(residuals: Float64Array): ResidualProcess {
  const n = residuals.length;
  const lags = Math.min(mostLags, Math.floor(n / 4));
  const covariances = autocovariances(residuals, lags);
  const none: ResidualProcess = { decay: 0, share: 0 };
  if (lags < 2 || !(covariances[0] > 0)) return none;
  let best = none;
  let bestGain = 0;
  for (const decay of decays) {
    let product = 0;
    let square = 0;
    for (let k = 1; k <= lags; k++) {
      const power = decay ** k;
      product += covariances[k] * power;
      square += power * power;
    }
    // What the fit explains of the sum of squares.
    const gain = product > 0 ? (product * product) / square : 0;
    if (gain > bestGain) {
      bestGain = gain;
      best = { decay, share: Math.min(product / square / covariances[0], 1) };
    }
  }
  return best;
}

/** Mean products of residuals so many steps apart, of the pairs that are there. */
function autocovariances(residuals: Float64Array, lags: number): Float64Array {
  const out = new Float64Array(lags + 1);
  for (let k = 0; k <= lags; k++) {
    let sum = 0;
    let pairs = 0;
    for (let i = k; i < residuals.length; i++) {
      const product = residuals[i] * residuals[i - k];
      if (Number.isNaN(product)) continue;
      sum += product;
      pairs++;
    }
    if (pairs > 0) out[k] = sum / pairs;
  }
  return out;
}

/**
 * The level at the last point by the steady-state Kalman filter of the process (Durbin & Koopman 2012, section 4.3).
 * @param residuals `[n]`, NaN where missing, the last ones of a series
 * @param limit what a residual may differ from the level and still count in full
 */
export function residualLevel(
  residuals: Float64Array,
  { decay, share }: ResidualProcess,
  limit: number,
): ResidualLevel {
  if (!(share > 0)) return { level: 0, decay: 0 };
  // With variance 1: level noise q, measurement noise r; the filter's variance solves p² - p (q - r (1 - decay²)) - q r = 0.
  const q = share * (1 - decay * decay);
  const r = 1 - share;
  const half = (q - r * (1 - decay * decay)) / 2;
  const p = half + Math.sqrt(half * half + q * r);
  const gain = p / (p + r);
  let level = 0;
  for (const residual of residuals) {
    level *= decay;
    if (!Number.isNaN(residual)) level += gain * Math.min(Math.max(residual - level, -limit), limit);
  }
  return { level, decay };
}
