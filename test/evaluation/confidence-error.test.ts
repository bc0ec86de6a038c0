import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import { confidenceError } from '../../src/evaluation/confidence-error.js';

/** By its definition: rows sorted by confidence, cut into 15 bins of equal count. */
function slow(y: readonly number[], P: readonly (readonly number[])[]): number {
  const rows = y.map((label, i) => {
    const shares = P.map((column) => column[i]);
    const p = Math.max(...shares);
    return { p, right: shares.indexOf(p) === label ? 1 : 0 };
  });
  rows.sort((a, b) => a.p - b.p);
  const size = rows.length / 15;
  let sum = 0;
  for (let bin = 0; bin < 15; bin++) {
    const inside = rows.slice(bin * size, (bin + 1) * size);
    sum += Math.abs(inside.reduce((total, { p, right }) => total + p - right, 0));
  }
  return sum / rows.length;
}

describe('confidenceError', () => {
  it('is what its definition says', () => {
    const rng = createRng(5);
    const y = Array.from({ length: 1500 }, () => rng.integer(3));
    const raw = y.map((label) => [0, 1, 2].map((k) => Math.exp(rng.normal() + (k === label ? 1 : 0))));
    const P = [0, 1, 2].map((k) => raw.map((row) => row[k] / row.reduce((a, b) => a + b)));
    expect(confidenceError(y, P)).toBeCloseTo(slow(y, P), 12);
  });

  it('is 0 for certainty that is right, 1 for certainty that is wrong', () => {
    const P = [
      [1, 0],
      [0, 1],
    ];
    expect(confidenceError([0, 1], P)).toBe(0);
    expect(confidenceError([1, 0], P)).toBe(1);
  });
});
