// Pairs of models whose truth is known: normal scores of equal variance in both classes, so that ROC-AUC is
// Φ(shift / √2) and the calibrated probability of a score is a logistic function of it.

/** Share of positives. */
const base = 0.35;
/** Correlation of the two models' scores within a class. */
const correlation = 0.9;

/** The shift between the classes at which a model has this ROC-AUC, by bisection. */
export function shiftOf(auc) {
  let [low, high] = [0, 10];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle / Math.SQRT2) < auc) low = middle;
    else high = middle;
  }
  return low;
}

/** Abramowitz & Stegun 7.1.26 would do for a plot; Simpson's rule is exact enough for a truth. */
function normalCdf(x) {
  const steps = 2_000;
  const h = x / steps;
  const density = (t) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(x);
  for (let i = 1; i < steps; i++) sum += (i % 2 === 1 ? 4 : 2) * density(i * h);
  return 0.5 + (h / 3) * sum;
}

/**
 * Labels and calibrated probabilities of models of the given ROC-AUCs, all correlated alike.
 * @returns {{ y: Float64Array, models: Float64Array[] }}
 */
export function drawModels(rng, nRows, aucs) {
  const shifts = aucs.map(shiftOf);
  const y = new Float64Array(nRows);
  const models = aucs.map(() => new Float64Array(nRows));
  const [shared, own] = [Math.sqrt(correlation), Math.sqrt(1 - correlation)];
  const odds = Math.log(base / (1 - base));
  for (let i = 0; i < nRows; i++) {
    y[i] = Number(rng.uniform() < base);
    const both = shared * rng.normal();
    shifts.forEach((shift, m) => {
      const score = shift * y[i] + both + own * rng.normal();
      models[m][i] = 1 / (1 + Math.exp(-(odds + shift * score - (shift * shift) / 2)));
    });
  }
  return { y, models };
}
