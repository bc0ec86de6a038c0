/** The backtest errors of one series' candidates. */
export interface CandidateErrors {
  readonly names: readonly string[];
  /** `[nWindows][nCandidates][steps]` absolute errors, NaN where the truth is missing; no window for too short a series. */
  readonly windows: readonly (readonly Float64Array[])[];
}

/** What all series of a job together say of the candidates. */
export interface CandidateRecord {
  /** Mean error of each candidate relative to the mean candidate of the same series, geometric mean over series. */
  readonly relative: ReadonlyMap<string, number>;
  /** How each candidate's share of the error changes over the steps, around 1; empty where nothing is known. */
  readonly profile: ReadonlyMap<string, Float64Array>;
}

/** What one series' own errors weigh against what all series say of the same candidate. */
const ownShare = 0.5;
/** Weights fall with this power of the error. */
const sharpness = 6;
/** Series that the prior opinion of a candidate counts for. */
const priorSeries = 2;
/** Steps on each side that smooth the profile. */
const smoothing = 3;
/** One wild series must not rule a profile. */
const worstRatio = 10;
const least = 1e-3;

/**
 * Sums up the backtests of a whole job.
 * @param prior relative errors to start from, 1 for candidates it does not name
 */
export function candidateRecord(
  series: readonly CandidateErrors[],
  steps: number,
  prior: Readonly<Record<string, number>> = {},
): CandidateRecord {
  const logs = new Map<string, { sum: number; count: number }>();
  const sums = new Map<string, Float64Array>();
  const totals = new Float64Array(steps);
  const counts = new Map<string, Float64Array>();
  for (const errors of series) {
    const means = meanErrors(errors, errors.windows);
    const typical = mean(means);
    if (!(typical > 0)) continue;
    errors.names.forEach((name, c) => {
      const held = logs.get(name) ?? { sum: priorSeries * Math.log(prior[name] ?? 1), count: priorSeries };
      held.sum += Math.log(Math.min(Math.max(means[c] / typical, least), 1 / least));
      held.count++;
      logs.set(name, held);
      const sum = sums.get(name) ?? new Float64Array(steps);
      const count = counts.get(name) ?? new Float64Array(steps);
      for (const window of errors.windows) {
        window[c].forEach((error, h) => {
          if (Number.isNaN(error)) return;
          sum[h] += Math.min(error / typical, worstRatio);
          count[h]++;
        });
      }
      sums.set(name, sum);
      counts.set(name, count);
    });
  }
  const relative = new Map([...logs].map(([name, { sum, count }]) => [name, Math.exp(sum / count)]));
  for (const [name, sum] of sums) {
    const count = counts.get(name)!;
    sum.forEach((value, h) => (sum[h] = count[h] === 0 ? NaN : value / count[h]));
    sum.forEach((value, h) => (totals[h] += value / sums.size));
  }
  const profile = new Map(
    [...sums].map(([name, sum]) => [name, aroundOne(sum.map((value, h) => value / totals[h]))]),
  );
  return { relative, profile };
}

/**
 * Weights of one series' candidates for every step: the inverse of their expected error, to the sixth power. The
 * error that is expected lies half way between the series' own backtests and what all series say of the candidate,
 * because few backtests of one series tell more of luck than of skill; a hard choice of the best one loses.
 *
 * @param windows the windows to judge by, those of `errors` but one where that one is to be forecast
 * @returns `[nCandidates][steps]`, summing to 1 over the candidates
 */
export function blendWeights(
  errors: CandidateErrors,
  windows: CandidateErrors['windows'],
  record: CandidateRecord,
  prior: Readonly<Record<string, number>>,
  steps: number,
): Float64Array[] {
  const means = meanErrors(errors, windows);
  const typical = mean(means);
  const expected = errors.names.map((name, c) => {
    const said = record.relative.get(name) ?? prior[name] ?? 1;
    return typical > 0 ? ownShare * (means[c] / typical) + (1 - ownShare) * said : said;
  });
  const weights = errors.names.map((name, c) => {
    const profile = record.profile.get(name);
    return Float64Array.from({ length: steps }, (_, h) => {
      // Beyond the steps that were judged, the last one stands for the rest.
      const shape = profile === undefined ? 1 : profile[Math.min(h, profile.length - 1)];
      return (expected[c] * shape + least) ** -sharpness;
    });
  });
  for (let h = 0; h < steps; h++) {
    const total = weights.reduce((sum, weight) => sum + weight[h], 0);
    for (const weight of weights) weight[h] /= total;
  }
  return weights;
}

/**
 * The weighted mean of the candidates' paths; exactly 0 where candidates of at least half of the weight say 0, so
 * that a shop that is closed at night stays closed.
 * @param paths `[nCandidates][>= steps]`
 * @param weights `[nCandidates][>= steps]`, summing to 1 over the candidates
 */
export function blend(
  paths: readonly Float64Array[],
  weights: readonly Float64Array[],
  steps: number,
): Float64Array {
  return Float64Array.from({ length: steps }, (_, h) => {
    let [sum, zeros] = [0, 0];
    for (let c = 0; c < paths.length; c++) {
      sum += weights[c][h] * paths[c][h];
      if (paths[c][h] === 0) zeros += weights[c][h];
    }
    return zeros >= 0.5 ? 0 : sum;
  });
}

function meanErrors(errors: CandidateErrors, windows: CandidateErrors['windows']): number[] {
  return errors.names.map((_, c) => {
    let [sum, count] = [0, 0];
    for (const window of windows) {
      for (const error of window[c]) {
        if (Number.isNaN(error)) continue;
        sum += error;
        count++;
      }
    }
    return count === 0 ? NaN : sum / count;
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Smoothed over neighbouring steps, and divided by its mean; steps that nobody judged take the last known one. */
function aroundOne(ratios: Float64Array): Float64Array {
  const smooth = ratios.map((_, h) => {
    let [sum, count] = [0, 0];
    const reach = Math.min(smoothing, h, ratios.length - 1 - h);
    for (let k = h - reach; k <= h + reach; k++) {
      if (!(ratios[k] > 0)) continue;
      sum += ratios[k];
      count++;
    }
    return count === 0 ? NaN : sum / count;
  });
  const known = smooth.filter((value) => value > 0);
  if (known.length === 0) return smooth.fill(1);
  const centre = mean([...known]);
  let last = 1;
  return smooth.map((value) => (last = value > 0 ? value / centre : last));
}
