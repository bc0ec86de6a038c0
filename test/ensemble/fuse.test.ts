import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuse, reasonCodes, type ReasonRule } from '../../src/ensemble/fuse.js';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const amount = fc.double({ min: 0, max: 1e9, noNaN: true });

describe('fuse', () => {
  it('never falls when success or trust rises', () => {
    fc.assert(
      fc.property(amount, amount, share, share, share, (a, b, p, q, trustThreshold) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const [doubtful, trusted] = [Math.min(p, q), Math.max(p, q)];
        const value = (success: number, trust: number): number =>
          fuse(success, trust, { trustThreshold }).expectedValue;
        expect(value(high, doubtful)).toBeGreaterThanOrEqual(value(low, doubtful));
        expect(value(low, trusted)).toBeGreaterThanOrEqual(value(low, doubtful));
      }),
    );
  });

  it('holds below the threshold and nowhere else', () => {
    fc.assert(
      fc.property(amount, share, share, (success, trust, trustThreshold) => {
        const { state, expectedValue } = fuse(success, trust, { trustThreshold });
        expect(state).toBe(trust < trustThreshold ? 'held' : 'valued');
        expect(expectedValue).toBe(trust < trustThreshold ? 0 : success * trust);
      }),
    );
  });

  it('says so where success or trust is not known', () => {
    expect(fuse(NaN, 0.9, { trustThreshold: 0.5 })).toEqual({ state: 'unjudged', expectedValue: NaN });
    expect(fuse(10, NaN, { trustThreshold: 0.5 })).toEqual({ state: 'unjudged', expectedValue: NaN });
    // Who is not trusted is held, whatever else is known.
    expect(fuse(NaN, 0.1, { trustThreshold: 0.5 })).toEqual({ state: 'held', expectedValue: 0 });
  });

  it('refuses a threshold that is no probability', () => {
    expect(() => fuse(1, 1, { trustThreshold: 1.1 })).toThrow('trustThreshold=1.1');
  });
});

describe('reasonCodes', () => {
  const rule = (code: string, column: string, when: 'below' | 'above', bound: number): ReasonRule => ({
    code,
    column,
    when,
    bound,
    description: '',
  });

  it('gives the codes of the rules that hold, in their order; nothing for what is missing or on the bound', () => {
    const rules = [
      rule('LOW', 'a', 'below', 1),
      rule('HIGH', 'b', 'above', 2),
      rule('GONE', 'c', 'below', 9),
    ];
    const codes = reasonCodes(rules, { a: [0, 1, NaN, 0.5], b: [3, 2, NaN, 2.5] }, 4);
    expect(codes).toEqual([['LOW', 'HIGH'], [], [], ['LOW', 'HIGH']]);
  });
});
