import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lambdarank } from '../../../../src/learners/gbm/objectives/lambdarank.js';
import { meanNdcg } from '../../../../src/learners/gbm/objectives/ndcg.js';
import { queryStarts } from '../../../../src/learners/gbm/objectives/queries.js';

const rowsOf = (max: number): fc.Arbitrary<{ y: number; margin: number; weight: number }[]> =>
  fc.array(
    fc.record({
      y: fc.integer({ min: 0, max: 4 }),
      margin: fc.integer({ min: -3, max: 3 }).map((m) => m / 2),
      weight: fc.constantFrom(0.5, 1, 2),
    }),
    { minLength: 1, maxLength: max },
  );

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

const gainOf = (order: readonly { y: number }[], truncation: number): number =>
  order.slice(0, truncation).reduce((sum, { y }, place) => sum + (2 ** y - 1) / Math.log2(place + 2), 0);

describe('NDCG', () => {
  it('is the mean over all orders that the margins allow', () => {
    fc.assert(
      fc.property(rowsOf(6), fc.integer({ min: 1, max: 7 }), (rows, truncation) => {
        const orders = permutations(rows);
        const ideal = Math.max(...orders.map((order) => gainOf(order, truncation)));
        const allowed = orders.filter((order) =>
          order.every(({ margin }, i) => i === 0 || order[i - 1].margin >= margin),
        );
        const mean = allowed.reduce((sum, order) => sum + gainOf(order, truncation), 0) / allowed.length;
        const actual = meanNdcg(
          rows.map((row) => row.y),
          rows.map((row) => row.weight),
          Float64Array.from(rows, (row) => row.margin),
          Int32Array.of(0, rows.length),
          truncation,
        );
        expect(actual).toBeCloseTo(ideal === 0 ? 1 : mean / ideal, 12);
      }),
      { numRuns: 60 },
    );
  });

  it('weighs queries by the mean weight of their rows', () => {
    // The first query in perfect order, the second turned round.
    const y = [1, 0, 0, 1];
    const margin = Float64Array.of(2, 1, 2, 1);
    const ndcg = meanNdcg(y, [1, 3, 1, 0], margin, Int32Array.of(0, 2, 4), 10);
    expect(ndcg).toBeCloseTo((2 * 1 + 0.5 / Math.log2(3)) / 2.5, 12);
  });
});

/** LightGBM 4's rank_objective.hpp, LambdarankNDCG::GetGradientsForOneQuery, line by line; sigmoid 1, norm on. */
function lightgbm(
  label: readonly number[],
  score: readonly number[],
  truncation: number,
): { lambdas: number[]; hessians: number[] } {
  const cnt = label.length;
  const lambdas = label.map(() => 0);
  const hessians = label.map(() => 0);
  const best = [...label].sort((a, b) => b - a);
  const maxDcg = gainOf(
    best.map((y) => ({ y })),
    truncation,
  );
  const inverseMaxDcg = maxDcg > 0 ? 1 / maxDcg : 0;
  const sorted = label.map((_, i) => i).sort((a, b) => score[b] - score[a]);
  const bestScore = score[sorted[0]];
  const worstScore = score[sorted[cnt - 1]];
  let sumLambdas = 0;
  for (let i = 0; i < cnt - 1 && i < truncation; i++) {
    for (let j = i + 1; j < cnt; j++) {
      if (label[sorted[i]] === label[sorted[j]]) continue;
      const [highRank, lowRank] = label[sorted[i]] > label[sorted[j]] ? [i, j] : [j, i];
      const [high, low] = [sorted[highRank], sorted[lowRank]];
      const deltaScore = score[high] - score[low];
      const dcgGap = 2 ** label[high] - 2 ** label[low];
      const discount = Math.abs(1 / Math.log2(2 + highRank) - 1 / Math.log2(2 + lowRank));
      let deltaNdcg = dcgGap * discount * inverseMaxDcg;
      if (bestScore !== worstScore) deltaNdcg /= 0.01 + Math.abs(deltaScore);
      let pLambda = 1 / (1 + Math.exp(deltaScore));
      const pHessian = pLambda * (1 - pLambda) * deltaNdcg;
      pLambda *= -deltaNdcg;
      lambdas[low] -= pLambda;
      lambdas[high] += pLambda;
      hessians[low] += pHessian;
      hessians[high] += pHessian;
      sumLambdas -= 2 * pLambda;
    }
  }
  if (sumLambdas > 0) {
    const factor = Math.log2(1 + sumLambdas) / sumLambdas;
    for (let i = 0; i < cnt; i++) {
      lambdas[i] *= factor;
      hessians[i] *= factor;
    }
  }
  return { lambdas, hessians };
}

describe('lambdarank', () => {
  it("has LightGBM's derivatives, query by query", () => {
    fc.assert(
      fc.property(rowsOf(9), rowsOf(9), fc.integer({ min: 1, max: 10 }), (a, b, truncation) => {
        const rows = [...a, ...b];
        const [g, h] = [new Float64Array(rows.length), new Float64Array(rows.length)];
        lambdarank(truncation).derivatives(
          rows.map((row) => row.y),
          rows.map((row) => row.weight),
          [Float64Array.from(rows, (row) => row.margin)],
          [g],
          [h],
          Int32Array.of(0, a.length, rows.length),
        );
        const expected = [a, b].map((query) =>
          lightgbm(
            query.map((row) => row.y),
            query.map((row) => row.margin),
            truncation,
          ),
        );
        const lambdas = expected.flatMap((query) => query.lambdas);
        const hessians = expected.flatMap((query) => query.hessians);
        rows.forEach(({ weight }, i) => {
          expect(g[i]).toBeCloseTo(weight * lambdas[i], 10);
          expect(h[i]).toBeCloseTo(weight * hessians[i], 10);
        });
      }),
    );
  });

  it('is finite at margins of any size', () => {
    const [g, h] = [new Float64Array(3), new Float64Array(3)];
    const margin = Float64Array.of(1e30, -1e30, 0);
    lambdarank(30).derivatives([0, 1, 2], [1, 1, 1], [margin], [g], [h], Int32Array.of(0, 3));
    expect([...g, ...h].every(Number.isFinite)).toBe(true);
  });
});

describe('queries', () => {
  it('begin where the id changes', () => {
    expect(queryStarts([4, 4, 1, 9, 9, 9], 6)).toEqual(Int32Array.of(0, 2, 3, 6));
  });

  it.each<[ArrayLike<number> | undefined, string]>([
    [undefined, 'ranking needs group'],
    [[1, 1], 'group has 2 values, expected one for each of 3 rows'],
    [[1, NaN, 1], 'group[1]=NaN must be a finite number'],
    [[1, 2, 1], 'group[2]=1 must stand beside the other rows of query 1'],
  ])('refuse %j', (group, message) => {
    expect(() => queryStarts(group, 3)).toThrow(message);
  });
});
