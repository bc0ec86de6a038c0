import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import { isExhausted, largestImprovement } from '../../src/tuning/expected-improvement.js';
import { goesOn, rungs } from '../../src/tuning/halving.js';
import type { Observation } from '../../src/tuning/observation.js';
import { logDensity, parzenEstimator } from '../../src/tuning/parzen.js';
import { propose } from '../../src/tuning/propose.js';
import { selectBoosters } from '../../src/tuning/select-boosters.js';
import { coordinates, pointAt, type Space } from '../../src/tuning/space.js';

const space: Space = [
  { name: 'x', kind: 'real', low: 0.001, high: 1, log: true },
  { name: 'n', kind: 'integer', low: 2, high: 40 },
  { name: 'c', kind: 'choice', options: ['left', 'right'] },
];

/** Least, 0, at x = 0.1, n = 10, c = right. */
function lossAt(point: Record<string, unknown>): number {
  const away = Math.log10(point.x as number) + 1;
  return away ** 2 + (((point.n as number) - 10) / 20) ** 2 + (point.c === 'right' ? 0 : 0.5);
}

function search(nTrials: number, seed: number, blind: boolean): number {
  const known: Observation[] = [];
  for (let t = 0; t < nTrials; t++) {
    const point = propose(space, blind ? [] : known, createRng(seed).split(String(t)));
    known.push({ point, losses: [lossAt(point)], excess: 0 });
  }
  return Math.min(...known.map(({ losses }) => losses[0]));
}

describe('the search', () => {
  it('maps points to coordinates and back', () => {
    const point = { x: 0.02, n: 7, c: 'right' };
    expect(pointAt(space, coordinates(space, point))).toEqual(point);
  });

  it('has densities that integrate to one', () => {
    const plane: Space = [
      { name: 'a', kind: 'real', low: 0, high: 1 },
      { name: 'c', kind: 'choice', options: [true, false] },
    ];
    const estimator = parzenEstimator(plane, [
      [0.02, 0],
      [0.9, 1],
    ]);
    let mass = 0;
    const steps = 2_000;
    for (let i = 0; i < steps; i++)
      for (const option of [0, 1])
        mass += Math.exp(logDensity(estimator, [(i + 0.5) / steps, option])) / steps;
    expect(mass).toBeCloseTo(1, 4);
  });

  it('finds more than blind draws of the same number', () => {
    const seeds = Array.from({ length: 12 }, (_, seed) => seed);
    const mean = (blind: boolean): number =>
      seeds.reduce((sum, seed) => sum + search(60, seed, blind), 0) / seeds.length;
    expect(mean(false)).toBeLessThan(0.5 * mean(true));
  });

  it('proposes the same for the same trials and seed', () => {
    const known = Array.from({ length: 12 }, (_, t): Observation => {
      const point = propose(space, [], createRng(t));
      return { point, losses: [lossAt(point)], excess: 0 };
    });
    expect(propose(space, known, createRng(7))).toEqual(propose(space, known, createRng(7)));
  });

  it('stops a trial that is not among the best third at a rung, and only there', () => {
    expect(rungs(5)).toEqual([1, 3]);
    const rivals = [0.1, 0.2, 0.3, 0.4, 0.5].map((loss) => ({ point: {}, losses: [loss, loss], excess: 0 }));
    expect(goesOn([0.15], rivals, 5)).toBe(true);
    expect(goesOn([0.25], rivals, 5)).toBe(false);
    expect(goesOn([0.9, 0.9], rivals, 5)).toBe(true);
  });

  it('expects improvement where nothing was tried, and none where all is known', () => {
    const X = Array.from({ length: 30 }, (_, i) => [i / 29]);
    const losses = X.map(([x]) => (x - 0.5) ** 2);
    const inside = largestImprovement(X, losses, [[0.51]]);
    const outside = largestImprovement(X.slice(15), losses.slice(15), [[0.3]]);
    expect(outside).toBeGreaterThan(10 * inside);
    const known = Array.from({ length: 60 }, (_, t): Observation => {
      const point = propose(space.slice(0, 1), [], createRng(t));
      const loss = (Math.log10(point.x as number) + 1) ** 2 * 1e-3;
      return { point, losses: [loss, loss + 1], excess: 0 };
    });
    expect(isExhausted(space.slice(0, 1), known, createRng(1))).toBe(true);
    expect(isExhausted(space.slice(0, 1), known.slice(0, 10), createRng(1))).toBe(false);
  });

  it('takes boosters while their mean gains and constraints hold', () => {
    const y = [0, 1, 0, 1];
    const candidate = (base: string, margins: number[], bytes: number) => ({
      base,
      margins: [Float32Array.from(margins)],
      cost: { bytes, milliseconds: 0 },
    });
    const candidates = [
      candidate('first', [-1, 1, -1, -0.5], 5),
      candidate('second', [-1, -0.5, -1, 1.2], 5),
      candidate('bad', [3, -3, 3, -3], 1),
    ];
    const lossOf = ([margin]: readonly Float64Array[]): number =>
      y.reduce((sum, label, i) => sum + Math.log1p(Math.exp(label === 1 ? -margin[i] : margin[i])), 0);
    expect([...selectBoosters(candidates, {}, lossOf).chosen].sort()).toEqual(['first', 'second']);
    expect(selectBoosters(candidates, { bytes: 6 }, lossOf).chosen).toHaveLength(1);
    expect(selectBoosters(candidates, { bytes: 0.5 }, lossOf).chosen).toEqual([]);
  });
});
