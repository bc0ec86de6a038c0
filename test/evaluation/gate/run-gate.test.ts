import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../../src/core/rng.js';
import type { Gate } from '../../../src/evaluation/gate/gate.js';
import { defaultPolicy, type GatePolicy, gatePolicy } from '../../../src/evaluation/gate/policy.js';
import { runGate } from '../../../src/evaluation/gate/run-gate.js';
import type { GateSubject } from '../../../src/evaluation/gate/subject.js';
import { drawRows, inputsOf, subjectOf } from './subjects.js';

const equal = drawRows(6_000, createRng(1));
const judge = (subject: GateSubject, policy: GatePolicy = defaultPolicy): Gate =>
  runGate(subject, policy, createRng(9));
/** Families of the checks that fail, or that hold. */
const families = (gate: Gate, verdict = 'fail'): string[] => [
  ...new Set(gate.checks.filter((check) => check.verdict === verdict).map(({ code }) => code.split('/')[0])),
];

describe('the gate', () => {
  it('lets a fresher model of equal worth replace the champion, and says so', () => {
    const gate = judge(subjectOf(equal));
    expect(gate).toMatchObject({ decision: 'promote', claim: 'non-inferior', nRows: 6_000, look: 1 });
    expect(gate.reason).toBe(
      'as good as the champion within the margins on 6,000 common held-out rows, and fresher',
    );
    expect(gate.comparisons.map(({ metric, method }) => [metric, method])).toEqual([
      ['roc_auc', 'delong'],
      ['brier_score', 'paired bootstrap'],
      ['log_loss', 'paired bootstrap'],
    ]);
    expect(JSON.parse(JSON.stringify(gate))).toEqual(gate);
    expect(judge(subjectOf(equal))).toEqual(gate);
  });

  it('holds that model where the policy asks for a better one, and promotes one that is', () => {
    const policy = gatePolicy.parse({ require: 'better' });
    const held = judge(subjectOf(equal), policy);
    expect(held).toMatchObject({ decision: 'hold', claim: 'none' });
    expect(held.reason).toContain(
      'not shown to be better than the champion in ROC-AUC, which the policy asks for',
    );
    const better = judge(subjectOf(drawRows(6_000, createRng(2), 0.2)), policy);
    expect(better).toMatchObject({ decision: 'promote', claim: 'better' });
    expect(better.reason).toMatch(/^better than the champion in ROC-AUC, worse in nothing/);
  });

  it('judges the first of its name by itself', () => {
    const gate = judge(
      subjectOf(equal, { champion: null, first: { champion: undefined }, contract: undefined }),
    );
    expect(gate).toMatchObject({ decision: 'promote', claim: 'first', comparisons: [], look: 0 });
    expect(gate.reason).toBe('there was no champion before, and every check is passed');
    const noise = { ...equal, challenger: equal.y.map(() => 0.4) };
    const useless = judge(subjectOf(noise, { champion: null, first: { champion: undefined } }));
    expect(useless.decision).toBe('refuse');
    expect(families(useless)).toEqual(['floor']);
    expect(families(useless, 'inconclusive')).toEqual(['baseline']);
  });

  it('holds where too few rows are common', () => {
    const few = equal.champion.map((p, i) => (i < 150 ? p : NaN));
    const gate = judge(subjectOf(equal, { first: { champion: [few] } }));
    expect(gate).toMatchObject({ decision: 'hold', nRows: 150, comparisons: [] });
    expect(gate.reason).toContain('only 150 rows were held out from both models');
  });

  it('compares on the newest rows too, where the champion was judged on such', () => {
    const good = drawRows(3_000, createRng(3));
    const bad = drawRows(3_000, createRng(4), -0.8);
    const side = (rows: typeof good, champion: boolean) => ({
      kind: 'newest' as const,
      title: 'newest rows',
      y: rows.y,
      challenger: [rows.challenger],
      champion: champion ? [rows.champion] : undefined,
    });
    const [random] = subjectOf(equal).rows;
    expect(judge(subjectOf(equal, { rows: [random, side(good, true)] })).decision).toBe('promote');
    expect(judge(subjectOf(equal, { rows: [random, side(bad, false)] })).decision).toBe('promote');
    const worse = judge(subjectOf(equal, { rows: [random, side(bad, true)] }));
    expect(worse.decision).toBe('refuse');
    expect(worse.reason).toMatch(/^worse than the champion in ROC-AUC on the 3,000 newest rows/);
  });

  it('asks for more with every look at the same rows', () => {
    const decisions = [1, 2, 20_000].map((look) => judge(subjectOf(equal, { look })));
    expect(decisions.map(({ decision }) => decision)).toEqual(['promote', 'promote', 'hold']);
    const alphas = decisions.map(({ alpha }) => alpha);
    expect(alphas[0]).toBeCloseTo(0.0304, 4);
    expect(alphas).toEqual([...alphas].sort((a, b) => b - a));
    const spent = judge(
      subjectOf(equal, { look: 3 }),
      gatePolicy.parse({ looks: { spending: 'even', planned: 2 } }),
    );
    expect(spent.decision).toBe('hold');
    expect(families(spent, 'inconclusive')).toEqual(['comparison']);
  });

  it('does not care for the order of the rows, but for the seed alone in the bootstrap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), (seed) => {
        const rows = drawRows(400, createRng(seed));
        const turned = {
          y: rows.y.toReversed(),
          challenger: rows.challenger.toReversed(),
          champion: rows.champion.toReversed(),
        };
        const policy = gatePolicy.parse({ replicates: 200 });
        const [a, b] = [rows, turned].map((drawn) => judge(subjectOf(drawn, { inputs: undefined }), policy));
        const closed = (gate: Gate) =>
          gate.checks
            .filter(({ code }) => !/baseline|brier|log_loss/.test(code))
            .map(({ code, verdict }) => [code, verdict]);
        expect(closed(b)).toEqual(closed(a));
      }),
      { numRuns: 25 },
    );
  });
});

describe('a challenger is refused', () => {
  const refusedFor = (gate: Gate, ...expected: string[]): void => {
    expect(gate.decision).toBe('refuse');
    expect(families(gate)).toEqual(expected);
  };

  it('that is worse', () => {
    const gate = judge(subjectOf(drawRows(6_000, createRng(2), -0.15)));
    refusedFor(gate, 'comparison');
    expect(gate.reason).toMatch(/^worse than the champion in ROC-AUC/);
  });

  it('that is leaky: an input that tells the answer, a name, the time', () => {
    const inputs = inputsOf(equal.y);
    const leaks = {
      paid_out: equal.y.map((label, i) => (i % 400 === 0 ? 1 - label : label)),
      row_number: equal.y.map((_, i) => 70_000 + 3 * i),
      handle: Array.from(equal.y, (_, i) => `user_${i}`),
      registered: equal.y.map((_, i) => 5 * i + 0.3),
    };
    const time = equal.y.map((_, i) => i);
    const gate = judge(
      subjectOf(equal, { inputs: { ...inputs, time, columns: { ...inputs.columns, ...leaks } } }),
    );
    refusedFor(gate, 'leakage');
    const said = Object.fromEntries(gate.checks.map(({ code, words }) => [code, words]));
    expect(said['leakage/single-feature']).toContain('input paid_out alone tells the answer');
    expect(said['leakage/id']).toContain('input row_number, handle names the row');
    expect(said['leakage/time']).toContain('input row_number, registered tells the time');
    const known = gatePolicy.parse({ leakage: { known: Object.keys(leaks) } });
    const excused = judge(
      subjectOf(equal, { inputs: { ...inputs, time, columns: { ...inputs.columns, ...leaks } } }),
      known,
    );
    expect(excused.decision).toBe('promote');
  });

  it('that is miscalibrated although it ranks as well', () => {
    const logit = (p: number): number => Math.log(p / (1 - p));
    const extreme = equal.challenger.map((p) => 1 / (1 + Math.exp(-2.5 * logit(p))));
    const gate = judge(subjectOf({ ...equal, challenger: extreme }));
    expect(gate.decision).toBe('refuse');
    expect(gate.checks.find(({ code }) => code === 'calibration/random/slope')?.verdict).toBe('fail');
    expect(gate.checks.find(({ code }) => code === 'comparison/random/roc_auc')?.verdict).toBe('pass');
    expect(gate.reason).toContain('worse than the champion in Log loss');
    // Without a champion the calibration alone refuses it.
    const alone = judge(
      subjectOf({ ...equal, challenger: extreme }, { champion: null, first: { champion: undefined } }),
    );
    refusedFor(alone, 'calibration');
  });

  it('that harms a slice while the mean stays', () => {
    const groups = Array.from(equal.y, (_, i) =>
      i % 15 === 0 ? 'tiktok' : ['youtube', 'facebook', 'x'][i % 3],
    );
    const rng = createRng(6);
    const harmed = equal.challenger.map((p, i) =>
      groups[i] === 'tiktok' ? equal.challenger[rng.integer(6_000)] : p,
    );
    const policy = gatePolicy.parse({
      slices: { columns: ['platform'] },
      // A tenth of the loss shows in the mean: that the mean may lose it is what is looked through here.
      margins: { roc_auc: 0.2, brier_score: 0.2, log_loss: 0.5 },
    });
    const slices = { platform: groups };
    const gate = judge(subjectOf({ ...equal, challenger: harmed }, { first: { slices } }), policy);
    refusedFor(gate, 'slices');
    expect(gate.reason).toMatch(/^harms the slice platform=tiktok: ROC-AUC −0\.\d+/);
    expect(judge(subjectOf(equal, { first: { slices } }), policy).decision).toBe('promote');
    // A column that is not there is no slice that is well.
    expect(families(judge(subjectOf(equal), policy), 'inconclusive')).toEqual(['slices']);
  });

  it('that is slow', () => {
    const serving = { ...subjectOf(equal).serving!, p95Milliseconds: 180 };
    const gate = judge(subjectOf(equal, { serving }));
    refusedFor(gate, 'budgets');
    expect(gate.reason).toBe('too costly to serve: 95 % of single rows within 180 ms, 50 ms is allowed');
  });

  it('that is drifted: the same ranking, other scores and decisions', () => {
    const policy = gatePolicy.parse({
      calibration: { error: 1, slope: [0, 100], intercept: 50 },
      margins: { brier_score: 1, log_loss: 10 },
    });
    const gate = judge(subjectOf({ ...equal, challenger: equal.champion.map((p) => p ** 4) }), policy);
    expect(gate.decision).toBe('refuse');
    expect(families(gate)).toContain('drift');
    expect(gate.checks.find(({ code }) => code === 'drift/psi')?.verdict).toBe('fail');
    expect(gate.checks.find(({ code }) => code === 'drift/flips')?.verdict).not.toBe('pass');
  });

  it('whose graph says something else than the model', () => {
    const gate = judge(subjectOf(equal, { parity: { maxAbsDifference: 2e-4, nRows: 500 } }));
    refusedFor(gate, 'parity');
    expect(gate.reason).toContain('the graph does not say what the model says: 2.0e-4 apart on 500 rows');
    const infinite = judge(subjectOf(equal, { parity: { maxAbsDifference: Infinity, nRows: 500 } }));
    refusedFor(infinite, 'parity');
    expect(JSON.parse(JSON.stringify(infinite))).toEqual(infinite);
  });

  it('of which nobody knows where it comes from', () => {
    const gate = judge(
      subjectOf(equal, { lineage: { sources: [{ name: 'accounts', id: '' }], rows: 0, seed: 7 } }),
    );
    refusedFor(gate, 'lineage');
    expect(gate.reason).toContain('sources, rows, digest, toolkitVersion missing');
  });

  it('that gives another answer than its callers read; it is held where it asks them for more', () => {
    const contract = subjectOf(equal).contract!;
    const other = { ...contract.challenger, outputs: ['score'] };
    refusedFor(judge(subjectOf(equal, { contract: { ...contract, challenger: other } })), 'contract');
    const more = {
      ...contract.challenger,
      inputs: [...contract.challenger.inputs, { name: 'bio', type: 'string' }],
    };
    const held = judge(subjectOf(equal, { contract: { ...contract, challenger: more } }));
    expect(held.decision).toBe('hold');
    expect(held.reason).toContain('new inputs bio');
  });

  it('that nobody approved, where that is asked for', () => {
    const policy = gatePolicy.parse({ approval: { tag: 'review' } });
    expect(judge(subjectOf(equal), policy).decision).toBe('hold');
    expect(judge(subjectOf(equal, { tags: { review: 'Approved' } }), policy).decision).toBe('promote');
    const withheld = judge(subjectOf(equal, { tags: { review: 'no' } }), policy);
    refusedFor(withheld, 'approval');
  });
});

describe('other tasks', () => {
  it('compare classes, numbers and forecasts', () => {
    const rng = createRng(11);
    const n = 1_500;
    const y = Float64Array.from({ length: n }, () => rng.integer(3));
    const classes = (noise: number): Float64Array[] => {
      const raw = [0, 1, 2].map((k) =>
        y.map((label) => Math.exp(2 * Number(label === k) + noise * rng.normal())),
      );
      return raw.map((column) => column.map((value, i) => value / (raw[0][i] + raw[1][i] + raw[2][i])));
    };
    const champion = classes(0.5);
    const without = { inputs: undefined, thresholds: undefined };
    const several = (challenger: Float64Array[]): Gate =>
      judge(
        subjectOf(equal, {
          ...without,
          task: 'multiclass',
          first: { y, challenger: challenger, champion: [...champion] },
        }),
      );
    expect(several(champion).decision).toBe('promote');
    expect(several(classes(3)).reason).toContain('worse than the champion in Log loss');

    const truth = y.map(() => 100 * rng.normal());
    const noisy = (scale: number): Float64Array => truth.map((value) => value + scale * rng.normal());
    const rival = noisy(10);
    const number = (challenger: Float64Array): Gate =>
      judge(
        subjectOf(equal, {
          ...without,
          task: 'regression',
          first: { y: truth, challenger: [challenger], champion: [rival] },
        }),
      );
    expect(number(rival.map((value) => value + 0.001)).decision).toBe('promote');
    expect(number(noisy(12)).reason).toContain('worse than the champion in MAE');

    const naive = Float64Array.from({ length: 60 }, () => 1 + 0.2 * rng.normal());
    const errors = naive.map((value) => 0.7 * value);
    const forecast = (own: Float64Array, former?: Float64Array): Gate =>
      judge(
        subjectOf(equal, {
          ...without,
          task: 'forecast',
          criterion: 'mase',
          rows: [
            {
              kind: 'newest',
              title: 'KOLs of the newest window',
              y: naive,
              challenger: [own],
              champion: former && [former],
            },
          ],
        }),
      );
    expect(forecast(errors, errors)).toMatchObject({
      decision: 'promote',
      comparisons: [{ method: 'diebold-mariano' }],
    });
    expect(
      forecast(
        errors.map((value) => value * 0.9),
        errors,
      ).claim,
    ).toBe('better');
    expect(
      forecast(
        errors.map((value) => value * 1.1),
        errors,
      ).reason,
    ).toContain('worse than the champion in MASE');
    expect(forecast(errors).decision).toBe('promote');
    expect(families(forecast(naive.map((value) => value * 1.1)))).toEqual(['baseline']);
  });
});
