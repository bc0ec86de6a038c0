import { trainingData, type TrainingData } from '../../src/champion/design.js';
import type { ChampionSpec } from '../../src/champion/fit.js';
import { createRng } from '../../src/core/rng.js';
import { Table } from '../../src/core/table.js';
import { column, type Feature } from '../../src/features/expression.js';

/** `n` labelled rows with two numbers (one of them with gaps), a category and a text that a third of the rows lack. */
export function syntheticRows(n: number, seed: number): TrainingData {
  const rng = createRng(seed);
  const a = Float64Array.from({ length: n }, () => rng.normal());
  const b = Float64Array.from({ length: n }, () => (rng.uniform() < 0.1 ? NaN : rng.normal()));
  const city = Array.from({ length: n }, () => ['x', 'y', 'z', null][rng.integer(4)]);
  const y = a.map((value, i) => (1.5 * value + (city[i] === 'x' ? 1 : 0) + rng.normal() > 0.3 ? 1 : 0));
  const bio = Array.from(y, (label) => {
    if (rng.uniform() < 1 / 3) return rng.uniform() < 0.5 ? null : '';
    const words = rng.uniform() < 0.8 === (label === 1) ? ['win', 'free', 'now'] : ['tea', 'cat', 'home'];
    return `${words[rng.integer(3)]} ${words[rng.integer(3)]}`;
  });
  const table = Table.fromColumns({
    a: { type: 'number', values: a },
    b: { type: 'number', values: b },
    city: { type: 'string', values: city },
    bio: { type: 'string', values: bio },
  });
  return trainingData(table, features, {
    keys: Array.from({ length: n }, (_, i) => `k${i}`),
    y,
    weight: new Float64Array(n).fill(1),
  });
}

export const features: readonly Feature[] = ['a', 'b'].map((name) => ({
  name,
  description: name,
  expression: column(name),
  owner: 'test',
  lookBackDays: 0,
}));

/** A small champion of every kind of base model, and of every way to read categories. */
export const spec: ChampionSpec = {
  task: 'binary',
  classes: ['no', 'yes'],
  inputs: [
    { name: 'a', type: 'number' },
    { name: 'b', type: 'number' },
    { name: 'city', type: 'string' },
    { name: 'bio', type: 'string' },
  ],
  features,
  categorical: ['city'],
  text: ['bio'],
  encoderOutputs: 1,
  bases: [
    {
      name: 'leaf_wise',
      kind: 'gradient-boosting',
      categories: 'category-codes',
      params: { nEstimators: 20, subsample: 0.8, colsampleByTree: 0.7, minSamplesLeaf: 5, maxLeafNodes: 8 },
    },
    {
      name: 'random_splits',
      kind: 'gradient-boosting',
      params: { splitter: 'random', nEstimators: 20, minSamplesLeaf: 5, maxLeafNodes: 8 },
    },
    { name: 'forest', kind: 'isolation-forest', trainOn: 'negatives', params: { nEstimators: 20 } },
    {
      name: 'logistic',
      kind: 'logistic-regression',
      categories: 'one-hot',
      params: { l2Regularization: 1 },
    },
    { name: 'text_bio', kind: 'text-classifier', params: { column: 'bio' } },
  ],
  consensus: ['leaf_wise', 'random_splits'],
  keep: ['forest'],
  nFolds: 3,
};
