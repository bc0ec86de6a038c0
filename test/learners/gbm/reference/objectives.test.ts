import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Matrix } from '../../../../src/core/matrix.js';
import { gradientBoostingParams, type GradientBoostingParams } from '../../../../src/learners/gbm/params.js';
import { goesLeft } from './candidates.js';
import { referenceFit, type ReferenceNode } from './fit.js';

interface GoldenNode {
  readonly count: number;
  readonly value?: number;
  readonly feature?: number;
  readonly threshold?: number;
  readonly gain?: number;
  readonly left?: number;
  readonly right?: number;
}

interface GoldenCase {
  readonly name: string;
  readonly columns: readonly (readonly number[])[];
  readonly y: readonly number[];
  readonly weight?: readonly number[];
  readonly group?: readonly number[];
  readonly params: Partial<GradientBoostingParams>;
  readonly trees: readonly (readonly GoldenNode[])[];
}

const { cases } = JSON.parse(
  readFileSync(new URL('../../../golden/boosting-objectives.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly GoldenCase[] };

/** Its gradients and hessians are float32; those of `lambdarank` are sums of float32, of a sigmoid read off a table. */
const precisionOf = (name: string): number => (name === 'lambdarank' ? 2e-4 : 2e-5);

/** @param start what LightGBM adds to the leaves of its first trees instead of keeping a base score */
function expectSameNode(
  X: Matrix,
  ours: readonly ReferenceNode[],
  at: number,
  theirs: readonly GoldenNode[],
  there: number,
  start: number,
  relative: number,
  where: string,
): void {
  const { cut, state, value, gain, left, right } = ours[at];
  const golden = theirs[there];
  expect(state.rows.length, where).toBe(golden.count);
  if (golden.feature === undefined) {
    expect(cut, where).toBeUndefined();
    const error = Math.abs(start + value - golden.value!);
    expect(error, `value of ${where}`).toBeLessThan(relative * (Math.abs(value) + Math.abs(start) + 0.01));
    return;
  }
  expect(cut?.feature.index, where).toBe(golden.feature);
  const column = X.columns[golden.feature];
  const theirLeft = state.rows.filter((row) => column[row] <= golden.threshold!);
  expect(state.rows.filter(goesLeft(cut!)), where).toEqual(theirLeft);
  expect(Math.abs(gain / golden.gain! - 1), `gain of ${where}`).toBeLessThan(20 * relative);
  expectSameNode(X, ours, left, theirs, golden.left!, start, relative, `${where} left`);
  expectSameNode(X, ours, right, theirs, golden.right!, start, relative, `${where} right`);
}

describe('the objectives beside LightGBM', () => {
  it.each(cases)('grow the same trees: $name', ({ name, columns, y, weight, group, params, trees }) => {
    const X = Matrix.fromColumns(columns);
    const model = referenceFit(X, y, gradientBoostingParams(params), {
      ...(weight !== undefined && { sampleWeight: weight }),
      ...(group !== undefined && { group }),
    });
    const nMargins = model.baseScore.length;
    expect(model.trees.length).toBe(trees.length);
    trees.forEach((tree, t) => {
      expect(tree.length).toBeGreaterThan(3);
      const start = t < nMargins ? model.baseScore[t] : 0;
      expectSameNode(X, model.trees[t], 0, tree, 0, start, precisionOf(name), `tree ${t} root`);
    });
  });
});
