import { parse, View } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../../src/core/rng.js';
import { binaryCharts } from '../../../src/evaluation/charts/binary-charts.js';
import type { Chart } from '../../../src/evaluation/charts/chart.js';
import { beeswarmChart, dependenceChart } from '../../../src/evaluation/charts/explanation-charts.js';
import { regressionCharts } from '../../../src/evaluation/charts/regression-charts.js';
import { evaluateBinary, evaluateRegression } from '../../../src/evaluation/evaluate.js';

/** The chart as a browser draws it: without compiled expressions. */
async function draw({ spec }: Chart): Promise<{ svg: string; view: View }> {
  const warnings: string[] = [];
  const note = (...words: readonly unknown[]): void => void warnings.push(words.join(' '));
  const logger = { level: () => logger, error: note, warn: note, info: () => logger, debug: () => logger };
  const { spec: compiled } = compile({ ...spec, width: 400 }, { logger: logger as never });
  const view = new View(parse(compiled, undefined, { ast: true }), {
    expr: expressionInterpreter,
    renderer: 'none',
  } as never);
  const svg = await view.toSVG();
  expect(warnings).toEqual([]);
  return { svg, view };
}

const rng = createRng(5);
const fast = { rng, replicates: 20 };
const p = Array.from({ length: 400 }, () => rng.uniform());
const y: number[] = p.map((q) => (rng.uniform() < q ? 1 : 0));
const feature = {
  name: 'followers',
  description: 'Followers',
  values: [1, 2, null, 4, 5, 1e9],
  contributions: [0.1, 0.2, -0.3, 0, 0, 0.4],
};

const cases: readonly (readonly [string, readonly Chart[]])[] = [
  ['a binary evaluation', binaryCharts(evaluateBinary({ y, p, threshold: 0.5, ...fast }))],
  ['separated classes', binaryCharts(evaluateBinary({ y: [0, 0, 1], p: [0, 0, 1], threshold: 2, ...fast }))],
  [
    'a regression',
    regressionCharts(evaluateRegression({ y: p.map((v) => v * 1e4), prediction: p, ...fast })),
  ],
  ['a constant', regressionCharts(evaluateRegression({ y: [1, 2, 3], prediction: [2, 2, 2], ...fast }))],
  ['an exact fit', regressionCharts(evaluateRegression({ y: [1, 2], prediction: [1, 2], ...fast }))],
  [
    'an explanation',
    [
      beeswarmChart([feature, { ...feature, name: 'Đẹp <b>' }], 'log-odds'),
      dependenceChart(feature, 'log-odds'),
    ],
  ],
];

describe('charts', () => {
  it.each(cases)('draws %s without a warning and without a value that is none', async (_, charts) => {
    for (const chart of charts) {
      const { svg } = await draw(chart);
      expect(svg.slice(0, 4)).toBe('<svg');
      expect(/.{0,80}(NaN|undefined|Infinity).{0,20}/.exec(svg)?.[0]).toBeUndefined();
    }
  });
  it('puts the ROC curve where its points are', async () => {
    const { svg } = await draw(cases[0][1][0]);
    // A line from the lower left corner to the upper right one of a plot 230 high.
    const curve = /<path[^>]*d="(M0,230L[^"]+)"[^>]*stroke="var\(--first\)"/.exec(svg)?.[1] ?? '';
    expect(curve.split('L').length).toBeGreaterThan(100);
    expect(curve).toMatch(/L[\d.]+,0$/);
  });
  it('moves the threshold by its signal', async () => {
    const { view } = await draw(cases[0][1][3]);
    expect(view.signal('threshold')).toBe(0.5);
    const before = await view.toSVG();
    view.signal('threshold', 0.9);
    expect((await view.toSVG()) === before).toBe(false);
  });
});
