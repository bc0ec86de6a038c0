import { describe, expect, it } from 'vitest';
import { createRng } from '../../../src/core/rng.js';
import { evaluateBinary } from '../../../src/evaluation/evaluate.js';
import type { GateEvidence, PairedRows } from '../../../src/evaluation/gate/evidence.js';
import { type Gate, judge } from '../../../src/evaluation/gate/gate.js';
import { defaultPolicy, gatePolicy, type GatePolicy } from '../../../src/evaluation/gate/policy.js';

const n = 3_000;
const truth = createRng(1);
const margin = Float64Array.from({ length: n }, () => 2 * truth.normal());
const y = margin.map((z) => (truth.uniform() < 1 / (1 + Math.exp(-z)) ? 1 : 0));

/** Probabilities of a model that sees the margin through noise and knows how much. */
function probabilities(seed: number, noise: number): Float64Array {
  const rng = createRng(seed);
  const known = 4 / (4 + noise * noise);
  return margin.map((z) => 1 / (1 + Math.exp(-known * (z + noise * rng.normal()))));
}

// The same noise, more and less of it: two models that agree on most rows.
const poor = probabilities(2, 1.1);
const good = probabilities(2, 0.8);

/** Evidence of a challenger `a` against a champion `b` on the same rows, all else in order. */
function evidence(a: Float64Array, b: Float64Array | null, more: Partial<GateEvidence> = {}): GateEvidence {
  const threshold = 0.5;
  const rows = (from: number, to: number): PairedRows & { name: string } => ({
    name: `${from}-${to}`,
    y: y.subarray(from, to),
    a: a.subarray(from, to),
    b: (b ?? a).subarray(from, to),
  });
  return {
    random: evaluateBinary({ y, p: a, threshold, rng: createRng(4), replicates: 200 }),
    forward: null,
    champion:
      b === null
        ? null
        : {
            version: 7,
            random: { y, a, b },
            forward: rows(0, 1_500),
            slices: [rows(0, 1_500), rows(1_500, 3_000), rows(0, 100)],
            thresholds: { a: threshold, b: threshold },
            newInputs: [],
            look: 1,
          },
    parity: { maxAbsDifference: 2e-7, nRows: n },
    serving: {
      megabytes: 5,
      loadMilliseconds: 100,
      memoryMegabytes: 50,
      row: { p50: 0.5, p95: 1 },
      batch: { p50: 3, p95: 6 },
    },
    features: [
      { name: 'age', rocAuc: 0.7, looksLikeId: false },
      { name: 'likes', rocAuc: 0.8, looksLikeId: false },
    ],
    lineage: { sources: [{ name: 'kol_gold.t', id: '42' }], rows: n, digest: 'd' },
    ...more,
  };
}

const policyOf = (settings: object = {}): GatePolicy => gatePolicy.parse(settings);
const judged = (given: GateEvidence, policy = defaultPolicy): Gate => judge(given, policy, createRng(5));
const failing = ({ checks }: Gate): string[] =>
  checks.filter(({ verdict }) => verdict === 'fail').map(({ code }) => code);
const open = ({ checks }: Gate): string[] =>
  checks.filter(({ verdict }) => verdict === 'inconclusive').map(({ code }) => code);

describe('judge', () => {
  it('promotes the first champion that is in order', () => {
    const gate = judged(evidence(good, null));
    expect(gate).toMatchObject({
      decision: 'promote',
      reason: 'there was no champion before',
      champion: null,
    });
    expect(failing(gate)).toEqual([]);
  });

  it('promotes a better one, and says by how much at least', () => {
    const gate = judged(evidence(good, poor));
    expect(gate).toMatchObject({ decision: 'promote', champion: 7 });
    expect(gate.reason).toMatch(/^better than the champion in ROC-AUC \(by 0\.0\d+, at least 0\.0\d+\)/);
  });

  it('holds an equal one, and promotes it where fresher is enough', () => {
    const twin = evidence(good, good);
    expect(judged(twin)).toMatchObject({ decision: 'hold' });
    expect(open(judged(twin))).toEqual(['better']);
    expect(judged(twin, policyOf({ require: 'not worse' }))).toMatchObject({ decision: 'promote' });
  });

  it('refuses a worse one, naming the figures, at random and forward in time', () => {
    const gate = judged(evidence(poor, good));
    expect(gate.decision).toBe('refuse');
    expect(failing(gate)).toEqual(expect.arrayContaining(['not-worse', 'not-worse-forward']));
    expect(gate.reason).toMatch(/worse than the champion in ROC-AUC/);
  });

  it('refuses a leaky, an id-like, a miscalibrated, a slow, a drifted and a parity-breaking challenger for that', () => {
    const fine = evidence(good, poor);
    expect(
      failing(
        judged({
          ...fine,
          features: [...fine.features, { name: 'refund', rocAuc: 0.999, looksLikeId: false }],
        }),
      ),
    ).toEqual(['leak']);
    expect(
      failing(
        judged({ ...fine, features: [...fine.features, { name: 'row', rocAuc: 0.7, looksLikeId: true }] }),
      ),
    ).toEqual(['id']);
    expect(failing(judged({ ...fine, parity: { maxAbsDifference: 2e-4, nRows: 10 } }))).toEqual(['parity']);
    expect(failing(judged({ ...fine, parity: { maxAbsDifference: NaN, nRows: 10 } }))).toEqual(['parity']);
    const slow = { ...fine.serving, row: { p50: 30, p95: 60 } } as GateEvidence['serving'];
    expect(failing(judged({ ...fine, serving: slow }))).toEqual(['latency-row']);
    const heavy = { ...fine.serving, megabytes: 400 } as GateEvidence['serving'];
    expect(failing(judged({ ...fine, serving: heavy }))).toEqual(['size']);
    expect(
      failing(judged({ ...fine, lineage: { sources: [{ name: 't', id: '' }], rows: 5, digest: 'd' } })),
    ).toEqual(['lineage']);

    // The same order of scores, far too sure of itself.
    const sure = good.map((p) => 1 / (1 + ((1 - p) / p) ** 3));
    expect(failing(judged(evidence(sure, poor)))).toEqual(expect.arrayContaining(['calibration-slope']));
    // The same order of scores, crowded near 0.
    const shifted = good.map((p) => p / 6);
    const drifted = failing(judged(evidence(shifted, good)));
    expect(drifted).toEqual(expect.arrayContaining(['score-drift', 'calibration-error']));
  });

  it('refuses one that is better on the whole and harms a slice', () => {
    const harming = good.map((p, i) => (i >= 2_500 ? 0.3 + 0.4 * (1 - p) : p));
    const whole = evidence(harming, poor);
    const champion = {
      ...(whole.champion as NonNullable<GateEvidence['champion']>),
      slices: [0, 500, 1_000, 1_500, 2_000, 2_500].map((from) => ({
        name: `from ${from}`,
        y: y.subarray(from, from + 500),
        a: harming.subarray(from, from + 500),
        b: poor.subarray(from, from + 500),
      })),
    };
    const gate = judged({ ...whole, champion });
    expect(failing(gate)).toContain('slices');
    const slices = gate.checks.find(({ code }) => code === 'slices');
    expect(slices?.words).toMatch(/^harms from 2500 \(/);
  });

  it('holds where too few rows are common, where a column is new, and until somebody approves', () => {
    const fine = evidence(good, poor);
    const champion = fine.champion as NonNullable<GateEvidence['champion']>;
    const few = {
      ...champion,
      random: { y: y.subarray(0, 50), a: good.subarray(0, 50), b: poor.subarray(0, 50) },
    };
    expect(judged({ ...fine, champion: few })).toMatchObject({ decision: 'hold' });
    const wider = { ...fine, champion: { ...champion, newInputs: ['bio'] } };
    expect(open(judged(wider))).toEqual(['contract']);
    expect(judged(wider, policyOf({ schemaChange: 'allow' })).decision).toBe('promote');
    const asks = policyOf({ approvalTag: 'kol.approval' });
    expect(open(judged(fine, asks))).toEqual(['approval']);
    expect(judged({ ...fine, approval: 'approved' }, asks).decision).toBe('promote');
  });

  it('asks more of a claim the oftener the same rows were looked at', () => {
    // Slightly better: enough at the first look, not at the tenth.
    const slight = good.map((p, i) => (i % 40 === 0 ? p : (p + probabilities(9, 0.8)[i]) / 2));
    const at = (look: number): Gate => {
      const given = evidence(slight, good);
      return judged({
        ...given,
        champion: { ...(given.champion as NonNullable<GateEvidence['champion']>), look },
      });
    };
    const alphaOf = (gate: Gate): number =>
      gate.checks.find(({ code }) => code === 'better')?.evidence?.['alpha'] as number;
    expect(alphaOf(at(1))).toBeCloseTo((0.025 * 6) / Math.PI ** 2 / 2, 12);
    expect(alphaOf(at(10))).toBeCloseTo(alphaOf(at(1)) / 100, 12);
  });

  it('gives the same verdict for the same evidence and seed', () => {
    expect(judged(evidence(good, poor))).toEqual(judged(evidence(good, poor)));
    expect(JSON.parse(JSON.stringify(judged(evidence(good, poor))))).toEqual(judged(evidence(good, poor)));
  });
});

describe('gatePolicy', () => {
  it('explains every threshold', () => {
    for (const [name, setting] of Object.entries(gatePolicy.shape)) {
      expect(setting.meta()?.description ?? `${name} is not explained`).toMatch(/\w{3}.* \w{2}/);
    }
  });
  it('refuses what it does not know', () => {
    expect(() => policyOf({ alhpa: 0.1 })).toThrow('alhpa');
    expect(() => policyOf({ alpha: 2 })).toThrow('alpha');
  });
});
