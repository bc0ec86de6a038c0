import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { floorToFloat32, nextFloat32, previousFloat32 } from '../../src/core/float32.js';

const float32 = fc.float({ noNaN: true });
const anyDouble = fc.double({ noNaN: true });
const largest = 3.4028234663852886e38;
const smallest = 1.401298464324817e-45;

describe('floorToFloat32', () => {
  it('is a float32 not above x, and the next one is above it', () => {
    fc.assert(
      fc.property(anyDouble, (x) => {
        const floor = floorToFloat32(x);
        expect(Math.fround(floor)).toBe(floor);
        expect(floor <= x).toBe(true);
        if (floor !== Infinity) expect(nextFloat32(floor === -Infinity ? -largest : floor) > x).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives every float32 the same answer as the double threshold', () => {
    // Doubles close to a float32 are where rounding to nearest goes wrong.
    const close = fc
      .tuple(float32, fc.double({ min: -2e-7, max: 2e-7, noNaN: true }))
      .map(([v, e]) => v * (1 + e));
    fc.assert(
      fc.property(fc.oneof(close, anyDouble), float32, (x, v) => {
        for (const value of [v, Math.fround(x), floorToFloat32(x)]) {
          expect(value <= x).toBe(value <= floorToFloat32(x));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    [0.1, 0.09999999403953552],
    [-0.1, -0.10000000149011612],
    [1, 1],
    [1e-60, 0],
    [-1e-60, -smallest],
    [3.5e38, largest],
    [-3.5e38, -Infinity],
    [Infinity, Infinity],
    [-Infinity, -Infinity],
    [NaN, NaN],
  ])('%d becomes %d', (x, expected) => {
    expect(floorToFloat32(x)).toBe(expected);
  });
});

describe('previousFloat32 and nextFloat32', () => {
  it('undo each other, with no float32 between', () => {
    fc.assert(
      fc.property(
        float32.filter((v) => Math.abs(v) < largest),
        (v) => {
          const below = previousFloat32(v);
          expect(below).toBeLessThan(v);
          expect(nextFloat32(below) === v).toBe(true);
          const middle = Math.fround((below + v) / 2);
          expect(middle === below || middle === v).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('cross zero and the ends', () => {
    expect(previousFloat32(0)).toBe(-smallest);
    expect(previousFloat32(-0)).toBe(-smallest);
    expect(nextFloat32(0)).toBe(smallest);
    expect(previousFloat32(Infinity)).toBe(largest);
    expect(nextFloat32(-Infinity)).toBe(-largest);
    expect(nextFloat32(largest)).toBe(Infinity);
  });
});
