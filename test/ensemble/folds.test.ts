import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  groupedFolds,
  groupedHoldOut,
  keepGroupsApart,
  randomHoldOut,
  splitsOf,
  stratifiedFolds,
  timeHoldOut,
  timeSplits,
  type Split,
} from '../../src/ensemble/folds.js';

const seeds = fc.nat({ max: 1000 });
const groupNames = fc.array(fc.constantFrom(...'abcdefghijkl'), { minLength: 30, maxLength: 200 });
const uniqueKeys = (least: number): fc.Arbitrary<string[]> =>
  fc.uniqueArray(fc.string(), { minLength: least, maxLength: 150 });

/** A permutation of 0 to n - 1 that depends on nothing but n. */
const scattered = (n: number): number[] =>
  Array.from({ length: n }, (_, i) => i).sort((a, b) => Math.sin(a + 1) - Math.sin(b + 1));

function expectPartition({ train, test }: Split, nRows: number): void {
  expect([...train, ...test].sort((a, b) => a - b)).toEqual(Array.from({ length: nRows }, (_, i) => i));
  expect([...train]).toEqual([...train].sort((a, b) => a - b));
  expect([...test]).toEqual([...test].sort((a, b) => a - b));
}

describe('stratifiedFolds', () => {
  it('deals every class so that its folds differ by one row at most', () => {
    fc.assert(
      fc.property(uniqueKeys(40), fc.integer({ min: 2, max: 6 }), seeds, (keys, nFolds, seed) => {
        const strata = keys.map((_, i) => (i % 5 === 0 ? 1 : 0));
        const folds = stratifiedFolds(keys, strata, nFolds, seed);
        for (const stratum of [0, 1]) {
          const sizes = new Array<number>(nFolds).fill(0);
          folds.forEach((fold, i) => (sizes[fold] += strata[i] === stratum ? 1 : 0));
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('gives a row the same fold in any order of the rows, whatever rows other classes have', () => {
    fc.assert(
      fc.property(uniqueKeys(40), seeds, (keys, seed) => {
        const strata = keys.map((_, i) => i % 2);
        const folds = stratifiedFolds(keys, strata, 4, seed);
        const order = scattered(keys.length);
        const moved = stratifiedFolds(
          order.map((i) => keys[i]),
          order.map((i) => strata[i]),
          4,
          seed,
        );
        expect([...moved]).toEqual(order.map((i) => folds[i]));

        const others = Array.from({ length: 9 }, (_, i) => `other class ${i}`);
        const joined = stratifiedFolds([...others, ...keys], [...others.map(() => 2), ...strata], 4, seed);
        expect([...joined.slice(others.length)]).toEqual([...folds]);
      }),
    );
  });

  it('lets a row that goes move only the rows of its class behind it in the order of the hash, by one fold', () => {
    fc.assert(
      fc.property(uniqueKeys(40), seeds, fc.nat({ max: 39 }), (keys, seed, gone) => {
        const strata = keys.map((_, i) => i % 2);
        const before = stratifiedFolds(keys, strata, 3, seed);
        const left = keys.map((_, i) => i).filter((i) => i !== gone);
        const after = stratifiedFolds(
          left.map((i) => keys[i]),
          left.map((i) => strata[i]),
          3,
          seed,
        );
        left.forEach((i, at) => {
          const allowed = strata[i] === strata[gone] ? [before[i], (before[i] + 2) % 3] : [before[i]];
          expect(allowed).toContain(after[at]);
        });
      }),
    );
  });

  it('deals another hand under another seed', () => {
    const keys = Array.from({ length: 200 }, (_, i) => `k${i}`);
    const strata = new Uint8Array(200);
    expect(stratifiedFolds(keys, strata, 5, 1)).not.toEqual(stratifiedFolds(keys, strata, 5, 2));
  });

  it('refuses too few folds and too small classes', () => {
    expect(() => stratifiedFolds(['a', 'b'], [0, 0], 1, 1)).toThrow('folds=1 must be a whole number');
    expect(() => stratifiedFolds(['a', 'b', 'c', 'd'], [0, 0, 0, 1], 2, 1)).toThrow(
      'class 1 has 1 rows, too few for 2 folds',
    );
  });
});

describe('groupedFolds', () => {
  it('puts no group on two sides, and balances as well as the largest group lets it', () => {
    fc.assert(
      fc.property(groupNames, seeds, (groups, seed) => {
        fc.pre(new Set(groups).size >= 3);
        const folds = groupedFolds(groups, 3, seed);
        const sizes = [0, 0, 0];
        const foldOf = new Map<string, number>();
        groups.forEach((group, i) => {
          sizes[folds[i]]++;
          expect(foldOf.get(group) ?? folds[i]).toBe(folds[i]);
          foldOf.set(group, folds[i]);
        });
        const largest = Math.max(
          ...[...new Set(groups)].map((group) => groups.filter((other) => other === group).length),
        );
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(largest);
        expect(Math.min(...sizes)).toBeGreaterThan(0);
      }),
    );
  });

  it('refuses fewer groups than folds', () => {
    expect(() => groupedFolds(['a', 'b', 'a'], 3, 1)).toThrow('2 groups are too few for 3 folds');
  });
});

describe('splitsOf', () => {
  it('judges every row once', () => {
    const splits = splitsOf(Uint8Array.of(0, 1, 2, 1, 0));
    for (const split of splits) expectPartition(split, 5);
    expect(splits.map(({ test }) => [...test])).toEqual([[0, 4], [1, 3], [2]]);
  });
});

describe('timeSplits', () => {
  it('trains on nothing newer than the gap before what is judged, and judges no row twice', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 120 }),
        fc.integer({ min: 2, max: 6 }),
        fc.constantFrom(0, 0.5, 7, 30),
        (time, nFolds, gap) => {
          const splits = timeSplits(time, nFolds, gap);
          const judged = splits.flatMap(({ test }) => [...test]);
          expect(new Set(judged).size).toBe(judged.length);
          expect(splits.length).toBeLessThanOrEqual(nFolds);
          for (const { train, test } of splits) {
            const start = Math.min(...Array.from(test, (i) => time[i]));
            for (const i of train) expect(time[i]).toBeLessThan(start - gap);
            // Nothing that may be learned from is left out.
            expect(train.length).toBe(time.filter((at) => at < start - gap).length);
          }
          for (const instant of new Set(time)) {
            const sides = splits.map(({ test }) => test.some((i) => time[i] === instant));
            expect(sides.filter(Boolean).length).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });

  it('cuts distinct times into equal blocks, all but the first judged', () => {
    const splits = timeSplits(
      Array.from({ length: 100 }, (_, i) => i),
      4,
    );
    expect(splits.map(({ train, test }) => [train.length, test.length])).toEqual([
      [20, 20],
      [40, 20],
      [60, 20],
      [80, 20],
    ]);
  });

  it('refuses a negative gap', () => {
    expect(() => timeSplits([1, 2, 3], 2, -1)).toThrow('gap=-1 must be a number of at least 0');
    expect(() => timeSplits([1, 2, 3], 2, NaN)).toThrow('gap=NaN');
  });
});

describe('randomHoldOut', () => {
  it('holds out the share of every stratum, rounded, in any order of the rows', () => {
    fc.assert(
      fc.property(
        uniqueKeys(5),
        fc.double({ min: 0.05, max: 0.5, noNaN: true }),
        seeds,
        (keys, share, seed) => {
          const strata = keys.map((_, i) => i % 3);
          const split = randomHoldOut(keys, strata, share, seed);
          expectPartition(split, keys.length);
          for (const stratum of [0, 1, 2]) {
            const size = strata.filter((other) => other === stratum).length;
            const held = [...split.test].filter((i) => strata[i] === stratum).length;
            expect(held).toBe(Math.round(share * size));
          }
          const order = scattered(keys.length);
          const moved = randomHoldOut(
            order.map((i) => keys[i]),
            order.map((i) => strata[i]),
            share,
            seed,
          );
          expect(new Set(Array.from(moved.test, (i) => keys[order[i]]))).toEqual(
            new Set(Array.from(split.test, (i) => keys[i])),
          );
        },
      ),
    );
  });
});

describe('groupedHoldOut', () => {
  it('holds out whole groups, on either side at least one, close to the share', () => {
    fc.assert(
      fc.property(
        groupNames,
        fc.double({ min: 0.05, max: 0.5, noNaN: true }),
        seeds,
        (groups, share, seed) => {
          fc.pre(new Set(groups).size >= 2);
          const split = groupedHoldOut(groups, share, seed);
          expectPartition(split, groups.length);
          expect(split.train.length).toBeGreaterThan(0);
          expect(split.test.length).toBeGreaterThan(0);
          const judged = new Set(Array.from(split.test, (i) => groups[i]));
          for (const i of split.train) expect(judged.has(groups[i])).toBe(false);
          const sizes = [...new Set(groups)].map((group) => groups.filter((other) => other === group).length);
          expect(Math.abs(split.test.length - share * groups.length)).toBeLessThanOrEqual(Math.max(...sizes));
        },
      ),
    );
  });

  it('does not let a group that outweighs all others empty the training side', () => {
    const groups = [...new Array<string>(90).fill('giant'), 'a', 'b', 'c', 'd', 'e'];
    for (let seed = 0; seed < 20; seed++) {
      const { train, test } = groupedHoldOut(groups, 0.2, seed);
      expect([train.length, test.length]).toEqual([90, 5]);
    }
  });

  it('refuses a single group', () => {
    expect(() => groupedHoldOut(['a', 'a'], 0.2, 1)).toThrow('needs at least 2 groups, found 1');
  });
});

describe('keepGroupsApart', () => {
  it('takes judged groups out of training', () => {
    const split = { train: Uint32Array.of(0, 1, 2), test: Uint32Array.of(3, 4) };
    const apart = keepGroupsApart(split, ['a', 'b', 'c', 'b', 'd']);
    expect([...apart.train]).toEqual([0, 2]);
    expect([...apart.test]).toEqual([3, 4]);
  });
});

describe('timeHoldOut', () => {
  it('never cuts a period, and holds out the newest ones that reach the share', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 11 }), { minLength: 10, maxLength: 100 }),
        fc.double({ min: 0.05, max: 0.5, noNaN: true }),
        (period, share) => {
          const sorted = [...period].sort((a, b) => a - b);
          fc.pre(sorted[period.length - Math.ceil(share * period.length)] > sorted[0]);
          const split = timeHoldOut(period, share);
          expectPartition(split, period.length);
          const first = Math.min(...Array.from(split.test, (i) => period[i]));
          for (const i of split.train) expect(period[i]).toBeLessThan(first);
          expect(split.test.length).toBeGreaterThanOrEqual(share * period.length);
          // Without its oldest period the hold-out would be too small.
          const without = [...split.test].filter((i) => period[i] > first).length;
          expect(without).toBeLessThan(share * period.length);
        },
      ),
    );
  });

  it('keeps rows without a time out of both sides', () => {
    const split = timeHoldOut([1, NaN, 2, 3, NaN, 4], 0.25);
    expect([[...split.train], [...split.test]]).toEqual([[0, 2, 3], [5]]);
  });

  it('refuses times that leave a side empty', () => {
    expect(() => timeHoldOut([5, 5, 5], 0.2)).toThrow('of 3 rows, 3 have a time and 0 are older');
    expect(() => timeHoldOut([NaN, NaN], 0.2)).toThrow('of 2 rows, 0 have a time');
  });
});
