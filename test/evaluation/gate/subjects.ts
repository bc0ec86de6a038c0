import { createRng, type Rng } from '../../../src/core/rng.js';
import type { GateSubject, HeldOutRows } from '../../../src/evaluation/gate/subject.js';

/** Labels with calibrated probabilities of two models that know the same amount, and what each knows. */
export interface Drawn {
  readonly y: Float64Array;
  readonly challenger: Float64Array;
  readonly champion: Float64Array;
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/**
 * Two calibrated models of equal worth: normal scores `shift` apart in the two classes.
 * @param gain added to the shift of the challenger
 */
export function drawRows(nRows: number, rng: Rng, gain = 0, shift = 1.5): Drawn {
  const y = new Float64Array(nRows);
  const challenger = new Float64Array(nRows);
  const champion = new Float64Array(nRows);
  for (let i = 0; i < nRows; i++) {
    y[i] = Number(rng.uniform() < 0.4);
    const shared = 0.95 * rng.normal();
    for (const [out, own] of [
      [challenger, shift + gain],
      [champion, shift],
    ] as const) {
      const score = own * y[i] + shared + Math.sqrt(1 - 0.95 ** 2) * rng.normal();
      out[i] = logistic(Math.log(0.4 / 0.6) + own * score - (own * own) / 2);
    }
  }
  return { y, challenger, champion };
}

/** A subject with everything in order; what is given takes the place of that. */
export function subjectOf(
  rows: Drawn,
  given: Partial<GateSubject> & { readonly first?: Partial<HeldOutRows> } = {},
): GateSubject {
  const { first, ...rest } = given;
  const { y, challenger, champion } = rows;
  const contract = {
    schemaHash: 'one',
    inputs: [
      { name: 'followers', type: 'number' },
      { name: 'lang', type: 'string' },
    ],
    outputs: ['probability'],
  };
  return {
    challenger: 'version 2',
    champion: 'version 1',
    task: 'binary',
    rows: [{ kind: 'random', title: 'rows', y, challenger: [challenger], champion: [champion], ...first }],
    thresholds: { challenger: 0.5, champion: 0.5 },
    lineage: {
      sources: [{ name: 'accounts', id: '7' }],
      rows: 9_000,
      digest: 'abc',
      seed: 7,
      toolkitVersion: '0.1.0',
    },
    contract: { challenger: contract, champion: contract },
    parity: { maxAbsDifference: 3e-8, nRows: 100 },
    serving: {
      p50Milliseconds: 0.4,
      p95Milliseconds: 0.9,
      loadMilliseconds: 200,
      fileMegabytes: 3,
      memoryMegabytes: 20,
    },
    inputs: inputsOf(y),
    look: 1,
    ...rest,
  };
}

/** Inputs that give nothing away. */
export function inputsOf(y: Float64Array): NonNullable<GateSubject['inputs']> {
  const rng = createRng(5);
  return {
    y,
    columns: {
      followers: y.map((label) => Math.round(1_000_000 * rng.uniform()) + 10_000 * label),
      lang: Array.from(y, () => ['vi', 'en', 'th'][rng.integer(3)]),
      bio: Array.from(y, (_, i) => `hello ${i} world`),
    },
  };
}
