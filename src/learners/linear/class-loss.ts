/**
 * A weighted log loss of margins `[nRows * K]`, row by row. It remembers the probabilities of the margins it was last
 * asked about.
 */
export interface ClassLoss {
  /** The margins of a model that knows nothing but the classes' shares. */
  startingIntercept(): Float64Array;
  /** The summed loss; writes its derivatives by the margins into `residuals`. */
  evaluate(margins: Float64Array, residuals: Float64Array): number;
  /** Writes the second derivatives, at the margins last evaluated, times a change of the margins. */
  bend(change: Float64Array, out: Float64Array): void;
}

/**
 * Logistic loss, one margin.
 * @param y `[nRows]` 0 or 1
 */
export function binaryLoss(y: Float64Array, weight: Float64Array): ClassLoss {
  const variance = new Float64Array(y.length);
  return {
    startingIntercept() {
      let positive = 0;
      let total = 0;
      for (let i = 0; i < y.length; i++) {
        positive += weight[i] * y[i];
        total += weight[i];
      }
      return Float64Array.of(Math.log(positive) - Math.log(total - positive));
    },
    evaluate(margins, residuals) {
      let loss = 0;
      for (let i = 0; i < y.length; i++) {
        const z = margins[i];
        const w = weight[i];
        // ln(1 + e^z) - y z, in the form that cannot overflow.
        const e = Math.exp(-Math.abs(z));
        loss += w * (Math.max(z, 0) - y[i] * z + Math.log1p(e));
        const large = 1 / (1 + e);
        residuals[i] = w * ((z >= 0 ? large : e * large) - y[i]);
        variance[i] = w * e * large * large;
      }
      return loss;
    },
    bend(change, out) {
      for (let i = 0; i < out.length; i++) out[i] = variance[i] * change[i];
    },
  };
}

/**
 * Softmax loss, one margin a class.
 * @param y `[nRows]` class indices below `K`
 */
export function softmaxLoss(y: Float64Array, weight: Float64Array, K: number): ClassLoss {
  const share = new Float64Array(y.length * K);
  return {
    startingIntercept() {
      const logs = new Float64Array(K);
      for (let i = 0; i < y.length; i++) logs[y[i]] += weight[i];
      for (let k = 0; k < K; k++) logs[k] = Math.log(logs[k]);
      const mean = logs.reduce((sum, log) => sum + log, 0) / K;
      return logs.map((log) => log - mean);
    },
    evaluate(margins, residuals) {
      let loss = 0;
      for (let i = 0, s = 0; i < y.length; i++, s += K) {
        let top = -Infinity;
        for (let k = 0; k < K; k++) top = Math.max(top, margins[s + k]);
        let sum = 0;
        for (let k = 0; k < K; k++) sum += share[s + k] = Math.exp(margins[s + k] - top);
        loss += weight[i] * (top + Math.log(sum) - margins[s + y[i]]);
        for (let k = 0; k < K; k++) {
          share[s + k] /= sum;
          residuals[s + k] = weight[i] * (share[s + k] - (k === y[i] ? 1 : 0));
        }
      }
      return loss;
    },
    bend(change, out) {
      for (let i = 0, s = 0; i < y.length; i++, s += K) {
        let mean = 0;
        for (let k = 0; k < K; k++) mean += share[s + k] * change[s + k];
        for (let k = 0; k < K; k++) out[s + k] = weight[i] * share[s + k] * (change[s + k] - mean);
      }
    },
  };
}
