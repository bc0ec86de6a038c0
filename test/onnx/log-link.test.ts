import { describe, expect, it } from 'vitest';
import type { ChampionModel } from '../../src/champion/model.js';
import { scoreChampion } from '../../src/champion/predict.js';
import { createRng } from '../../src/core/rng.js';
import type { Table } from '../../src/core/table.js';
import type { GradientBoostingModel } from '../../src/learners/gbm/model.js';
import { exportChampion, exportChampions } from '../../src/onnx/champion.js';
import { feedsOf } from '../../src/onnx/feeds.js';
import { adversarialTable, checkParity } from '../../src/onnx/parity.js';
import { readModelInfo } from '../../src/onnx/proto.js';
import { openSession } from '../../src/onnx/session.js';
import { champion, randomChampion, randomTable } from './random-champion.js';

const rng = createRng(41);
const table = randomTable(300, rng);
const identity = { kind: 'identity', format: 1 } as const;
const base = randomChampion('regression', identity, rng);

function withObjective(objective: GradientBoostingModel['objective'], model = base): ChampionModel {
  return {
    ...model,
    bases: model.bases.map(({ name, model: learner }) => ({
      name,
      model: learner.kind === 'gradient-boosting' ? { ...learner, objective } : learner,
    })),
  };
}

async function differences(
  onnx: Uint8Array,
  model: ChampionModel,
  rows: Table,
  expected: Record<string, Float64Array>,
): Promise<number> {
  const session = await openSession(onnx);
  const { maxAbsDifference } = await checkParity(session, feedsOf(model.inputs, rows), expected);
  await session.close();
  return maxAbsDifference;
}

describe('exportChampion with a log link', () => {
  const model: ChampionModel = { ...withObjective('tweedie'), link: 'log' };
  const plan = { probabilities: [], baseScores: false, prediction: 'expected_orders' };

  it('answers with means, as scoreChampion does, of any rows', async () => {
    const onnx = exportChampion(model, plan);
    for (const rows of [table, adversarialTable(model, table, rng.split('rows'))]) {
      const { values } = scoreChampion(model, rows);
      expect(values.every((value) => value > 0 && Number.isFinite(Math.fround(value)))).toBe(true);
      expect(await differences(onnx, model, rows, { expected_orders: values })).toBeLessThan(1e-5);
    }
    const margins = champion(model, table).margins[0];
    const inside = margins.findIndex((margin) => Math.abs(margin) < 80);
    expect(scoreChampion(model, table).values[inside]).toBeCloseTo(Math.exp(margins[inside]), 10);
  });
});

describe('base scores', () => {
  it.each([
    ['poisson', Math.exp],
    ['tweedie', Math.exp],
    ['squared-error', (margin: number) => margin],
    ['absolute-error', (margin: number) => margin],
    ['huber', (margin: number) => margin],
    ['quantile', (margin: number) => margin],
  ] as const)('of %s are in the unit of the target', async (objective, link) => {
    const model = withObjective(objective);
    const onnx = exportChampion(model, { probabilities: [], baseScores: true });
    const { bases } = champion(model, table);
    const expected = Object.fromEntries(
      model.bases.flatMap(({ name, model: { kind } }, b) =>
        kind === 'gradient-boosting' ? [[`score_${name.replaceAll(' ', '_')}`, bases[b][0].map(link)]] : [],
      ),
    );
    expect(Object.keys(expected)).toEqual(['score_gbm', 'score_few_columns']);
    expect(await differences(onnx, model, table, expected)).toBeLessThan(1e-6);
  });
});

describe('exportChampions', () => {
  const success = randomChampion('binary', { kind: 'platt', format: 1, slope: 1.2, intercept: 0.1 }, rng);
  const orders: ChampionModel = { ...withObjective('poisson'), link: 'log' };
  const targets = [
    {
      model: success,
      plan: { probabilities: [{ name: 'p', of: 'positive' as const, scale: 1 as const }], baseScores: false },
    },
    { model: orders, plan: { probabilities: [], baseScores: false, prediction: 'orders' } },
  ];

  it('answers as its champions do one by one, from one file', async () => {
    const expected = { p: scoreChampion(success, table).values, orders: scoreChampion(orders, table).values };
    const onnx = exportChampions(targets);
    expect(await differences(onnx, success, table, expected)).toBeLessThan(1e-6);
    expect(readModelInfo(onnx).outputs.map(({ name }) => name)).toEqual(['p', 'orders']);
  });

  it('computes features once', () => {
    const count = (onnx: Uint8Array): number => readModelInfo(onnx).operators.length;
    const alone = exportChampion(orders, targets[1].plan);
    const twice = exportChampions([
      targets[1],
      { model: orders, plan: { ...targets[1].plan, prediction: 'again' } },
    ]);
    expect(twice.length).toBeLessThan(1.01 * alone.length);
    // The second output alone is picked once more.
    expect(count(twice)).toBe(count(alone) + 1);
  });

  it('refuses none, other columns, and one name for two outputs', () => {
    expect(() => exportChampions([])).toThrow('no champion to export');
    const other = { ...orders, inputs: orders.inputs.slice(1) };
    expect(() => exportChampions([targets[0], { ...targets[1], model: other }])).toThrow('same columns');
    expect(() => exportChampions([targets[1], targets[1]])).toThrow('output orders has the name of another');
  });
});
