import { describe, expect, it } from 'vitest';
import type { Assessment } from '../../src/champion/assess.js';
import { createRng } from '../../src/core/rng.js';
import { challenge } from '../../src/release/challenge.js';
import type { HeldOut } from '../../src/release/held-out.js';

const n = 1200;
const keys = Array.from({ length: n }, (_, i) => `account ${i}`);
const truth = createRng(1);
const margin = Float64Array.from(keys, () => 2 * truth.normal());
const y = margin.map((z) => (truth.uniform() < 1 / (1 + Math.exp(-z)) ? 1 : 0));

/** Probabilities of a model that sees the truth through noise, at its best knowing how much. */
function probabilities(seed: number, noise: number): Float64Array {
  const rng = createRng(seed);
  const known = 4 / (4 + noise * noise);
  return margin.map((z) => 1 / (1 + Math.exp(-known * (z + noise * rng.normal()))));
}

const challenger = (p: Float64Array, rows = keys.map((_, i) => i)): Assessment =>
  ({
    rows: Uint32Array.from(rows),
    scores: { values: Float64Array.from(rows, (row) => p[row]) },
  }) as unknown as Assessment;

const champion = (p: Float64Array, rows = keys.map((_, i) => i)): HeldOut =>
  new Map(rows.map((row) => [keys[row], { y: y[row], p: p[row] }]));

const decide = (a: Assessment, b: HeldOut | undefined) => challenge(a, y, keys, b, createRng(9));

describe('challenge', () => {
  const good = probabilities(2, 0.5);
  const poor = probabilities(3, 3);

  it('promotes where there was no champion', () => {
    expect(decide(challenger(poor), undefined)).toEqual({
      decision: 'promote',
      reason: 'there was no champion before',
      nRows: 0,
      comparisons: [],
    });
  });

  it('promotes the better one, and holds the worse one, saying in what', () => {
    const better = decide(challenger(good), champion(poor));
    expect(better.decision).toBe('promote');
    expect(better.reason).toMatch(/^better than the champion in .*ROC.*, worse in nothing, on 1200/);
    const worse = decide(challenger(poor), champion(good));
    expect(worse.decision).toBe('hold');
    expect(worse.reason).toMatch(/^worse than the champion in .*ROC/);
    expect(worse.comparisons.map(({ difference }) => difference)).toEqual(
      better.comparisons.map(({ difference }) => expect.closeTo(-difference, 10) as number),
    );
  });

  it('exchanges an equal champion for the fresher one', () => {
    const { decision, reason } = decide(challenger(good), champion(good));
    expect(decision).toBe('promote');
    expect(reason).toBe('as good as the champion on 1200 common held-out rows, and fresher');
  });

  it('holds a model of the same order of scores whose probabilities are distorted', () => {
    const distorted = good.map((p) => p ** 3);
    const { decision, reason } = decide(challenger(distorted), champion(good));
    expect(decision).toBe('hold');
    expect(reason).toMatch(/Brier/);
    expect(reason).not.toMatch(/ROC/);
  });

  it('compares on common rows only, matched by key and of the same label', () => {
    const evens = keys.flatMap((_, i) => (i % 2 === 0 ? [i] : []));
    const former = champion(poor, evens);
    const relabelled: HeldOut = new Map(
      [...former].map(([key, row], i) => [key, i < 100 ? { ...row, y: 1 - row.y } : row]),
    );
    expect(decide(challenger(good), relabelled).nRows).toBe(500);
  });

  it('holds where too few rows, or one class, are common', () => {
    const few = decide(challenger(good), champion(poor, keys.map((_, i) => i).slice(0, 199)));
    expect(few).toMatchObject({ decision: 'hold', nRows: 199, comparisons: [] });
    expect(few.reason).toContain('only 199 rows were held out from both models');
    const positives = keys.flatMap((_, i) => (y[i] === 1 ? [i] : []));
    expect(positives.length).toBeGreaterThan(200);
    expect(decide(challenger(good), champion(poor, positives)).decision).toBe('hold');
  });
});
