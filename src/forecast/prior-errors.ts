/**
 * Errors of the candidates relative to each other before a job's own backtests have spoken: geometric means over
 * public series of every frequency (Beijing air, electricity, traffic, bicycles, bitcoin, births, FRED housing, US
 * macroeconomics, the M1 competition). They decide for series too short to be judged, and fade with every series
 * that is.
 */
export const priorErrors: Readonly<Record<string, number>> = {
  naive: 1.2,
  drift: 1.15,
  'boosted-lags': 0.85,
  theta: 0.95,
  'exponential-smoothing': 0.85,
  'seasonal-forecaster': 0.9,
  decomposition: 0.95,
  'seasonal-naive': 1,
  smoothing: 0.85,
  'smoothing-log': 0.85,
  'smoothing-level': 0.85,
  'seasonal-autoregression': 0.85,
  'seasonal-autoregression-log': 0.85,
  'seasonal-autoregression-level': 0.85,
  autoregression: 0.85,
  'integrated-autoregression': 0.95,
  'harmonic-regression': 0.8,
};
