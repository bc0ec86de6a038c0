import type { ServingCost } from './trial.js';

/** The best trial of a booster. */
export interface Candidate {
  readonly base: string;
  /** Out-of-fold margins `[nMargins][judged rows]`. */
  readonly margins: readonly Float32Array[];
  readonly cost?: ServingCost;
}

/** What all boosters together may cost. */
export interface Constraints {
  readonly bytes?: number;
  readonly milliseconds?: number;
}

/**
 * Which boosters make the consensus: forward selection by the out-of-fold loss of their mean margin (Caruana et al. 2004,
 * "Ensemble Selection from Libraries of Models", without replacement), as long as the next one lowers it and the
 * constraints hold.
 * @param lossOf a mean of margins
 * @returns names in the order in which they were taken, and the loss of their mean; empty where none keeps the constraints
 */
export function selectBoosters(
  candidates: readonly Candidate[],
  constraints: Constraints,
  lossOf: (margins: readonly Float64Array[]) => number,
): { readonly chosen: readonly string[]; readonly loss: number } {
  const chosen: Candidate[] = [];
  let loss = Infinity;
  for (;;) {
    const further = candidates
      .filter((candidate) => !chosen.includes(candidate) && fits([...chosen, candidate], constraints))
      .map((candidate) => ({ candidate, loss: lossOf(meanMargins([...chosen, candidate])) }))
      .sort((a, b) => a.loss - b.loss);
    if (further.length === 0 || !(further[0].loss < loss)) break;
    chosen.push(further[0].candidate);
    ({ loss } = further[0]);
  }
  return { chosen: chosen.map(({ base }) => base), loss };
}

/** By how much costs break the constraints, as a share of each; 0 where they keep them. */
export function excessOf(cost: ServingCost | undefined, { bytes, milliseconds }: Constraints): number {
  if (cost === undefined) return 0;
  const over = (value: number, limit: number | undefined): number =>
    limit === undefined ? 0 : Math.max(0, value / limit - 1);
  return over(cost.bytes, bytes) + over(cost.milliseconds, milliseconds);
}

function fits(taken: readonly Candidate[], constraints: Constraints): boolean {
  const sum = (of: keyof ServingCost): number => taken.reduce((all, { cost }) => all + (cost?.[of] ?? 0), 0);
  return excessOf({ bytes: sum('bytes'), milliseconds: sum('milliseconds') }, constraints) === 0;
}

function meanMargins(taken: readonly Candidate[]): Float64Array[] {
  return taken[0].margins.map((first, k) => {
    const mean = new Float64Array(first.length);
    for (const { margins } of taken)
      for (let i = 0; i < mean.length; i++) mean[i] += margins[k][i] / taken.length;
    return mean;
  });
}
