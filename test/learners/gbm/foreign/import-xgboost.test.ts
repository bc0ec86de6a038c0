import { describe, expect, it } from 'vitest';
import { DataError } from '../../../../src/core/errors.js';
import { decodeRecord, encodeRecord } from '../../../../src/core/record.js';
import { importXgboost } from '../../../../src/learners/gbm/foreign/import-xgboost.js';
import { casesOf, expectSameMargins, modelOf, oldXgboost, rowsOf } from './foreign-golden.js';

interface Tree {
  left_children: number[];
  right_children: number[];
  split_conditions: unknown[];
  split_indices: number[];
  categories: number[];
  categories_nodes: number[];
  categories_sizes: number[];
  tree_param: Record<string, string>;
  default_left: unknown[];
}
interface File {
  version: unknown[];
  learner: {
    attributes: Record<string, string>;
    feature_names: string[];
    objective: { name: string };
    learner_model_param: Record<string, string>;
    gradient_booster: { name: string; model: { trees: Tree[]; tree_info: number[] } };
  };
}

/** A golden file, altered. */
function altered(name: string, alter: (file: File) => void): File {
  const file = JSON.parse(modelOf('xgboost', name)) as File;
  alter(file);
  return file;
}

const treesOf = (file: File): Tree[] => file.learner.gradient_booster.model.trees;

describe('importXgboost', () => {
  it.each([...casesOf('xgboost'), ...oldXgboost])('gives the margins of $name', (one) => {
    const model = importXgboost(one.model);
    expectSameMargins(model, rowsOf(one, model.featureNames), one.margins);
  });

  it('takes the text and what JSON.parse makes of it', () => {
    const text = modelOf('xgboost', 'binary');
    expect(importXgboost(JSON.parse(text) as object)).toEqual(importXgboost(text));
  });

  it('takes all trees when told to', () => {
    const one = casesOf('xgboost').find(({ name }) => name === 'early-stopping')!;
    const model = importXgboost(one.model, { iterations: 'all' });
    expect(one.allMargins).not.toEqual(one.margins);
    expectSameMargins(model, rowsOf(one, model.featureNames), one.allMargins!);
  });

  it.each([
    ['binary', 'binary'],
    ['multiclass', 'multiclass'],
    ['regression', 'squared-error'],
    ['poisson', 'poisson'],
    ['ranking', 'lambdarank'],
    ['targets', 'raw'],
  ])('names the objective of %s', (name, objective) => {
    const model = importXgboost(modelOf('xgboost', name));
    expect(model).toMatchObject({ format: 2, objective, sums: 'float32' });
    expect(decodeRecord(encodeRecord(model))).toEqual(model);
  });

  it('keeps covers and gains', () => {
    const file = JSON.parse(modelOf('xgboost', 'binary')) as File & object;
    const { trees, gains } = importXgboost(file);
    const first = treesOf(file)[0] as unknown as { sum_hessian: number[]; loss_changes: number[] };
    expect(trees.cover?.[trees.roots[0]]).toBe(Math.fround(first.sum_hessian[0]));
    const total = treesOf(file).reduce(
      (sum, tree) =>
        sum +
        (tree as unknown as { loss_changes: number[] }).loss_changes.reduce((a, b) => a + Math.fround(b), 0),
      0,
    );
    expect(gains.reduce((a, b) => a + b, 0)).toBeCloseTo(total, 6);
  });

  it('names features as told, else as the file, else f0, f1, …', () => {
    const unnamed = altered('binary', ({ learner }) => (learner.feature_names = []));
    expect(importXgboost(unnamed).featureNames).toEqual(['f0', 'f1', 'f2', 'f3', 'f4', 'f5']);
    const featureNames = ['u', 'v', 'w', 'x', 'y', 'z'];
    expect(importXgboost(unnamed, { featureNames }).featureNames).toEqual(featureNames);
    expect(() => importXgboost(unnamed, { featureNames: ['u'] })).toThrow(
      'xgboost: featureNames has 1 names, expected 6 (num_feature)',
    );
    expect(() => importXgboost(unnamed, { featureNames: ['u', 'u', 'w', 'x', 'y', 'z'] })).toThrow(
      'feature name "u" must not appear twice',
    );
  });

  it('reads base_score bare and in an array', () => {
    const bare = altered('binary', ({ learner }) => (learner.learner_model_param['base_score'] = '3.712E-1'));
    expect(importXgboost(bare)).toEqual(importXgboost(modelOf('xgboost', 'binary')));
    const many = altered('multiclass', ({ learner }) => (learner.learner_model_param['base_score'] = '5E-1'));
    expect([...importXgboost(many).baseScore]).toEqual([0.5, 0.5, 0.5]);
  });

  it('reads the booleans of the first versions', () => {
    const file = altered('binary', (f) => {
      for (const tree of treesOf(f)) tree.default_left = tree.default_left.map((flag) => flag === 1);
    });
    expect(importXgboost(file)).toEqual(importXgboost(modelOf('xgboost', 'binary')));
  });

  it.each<[string, string, (file: File) => void, string]>([
    [
      'a later version',
      'binary',
      (f) => (f.version = [4, 0, 0]),
      'version[0]=4 must be a whole number from 1 to 3',
    ],
    [
      'a linear booster',
      'binary',
      (f) => (f.learner.gradient_booster.name = 'gblinear'),
      'learner.gradient_booster.name="gblinear" must be gbtree or dart',
    ],
    [
      'vector leaves',
      'targets',
      (f) => (treesOf(f)[1].tree_param['size_leaf_vector'] = '2'),
      'trees[1].tree_param.size_leaf_vector=2 must be 0 or 1: trees with vector leaves',
    ],
    [
      'an unknown objective',
      'binary',
      (f) => (f.learner.objective.name = 'my:loss'),
      'learner.objective.name="my:loss" is not known',
    ],
    [
      'a base score outside (0, 1)',
      'binary',
      (f) => (f.learner.learner_model_param['base_score'] = '1E0'),
      'learner.learner_model_param.base_score=1 must be between 0 and 1 for binary:logistic',
    ],
    [
      'no base score',
      'binary',
      (f) => delete f.learner.learner_model_param['base_score'],
      'learner.learner_model_param.base_score is missing; it must be a text',
    ],
    [
      'a child that does not exist',
      'binary',
      (f) => (treesOf(f)[2].left_children[0] = 99),
      'learner.gradient_booster.model.trees[2].left_children[0]=99 must be a whole number from -1 to',
    ],
    [
      'a circle',
      'binary',
      (f) => (treesOf(f)[2].right_children[1] = 0),
      'learner.gradient_booster.model.trees[2]: node 0 must have one parent only',
    ],
    [
      'an unknown feature',
      'binary',
      (f) => (treesOf(f)[0].split_indices[0] = 6),
      'trees[0].split_indices[0]=6 must be a whole number from 0 to 5',
    ],
    [
      'a threshold that is no number',
      'binary',
      (f) => (treesOf(f)[0].split_conditions[0] = null),
      'trees[0].split_conditions[0]=null must be a number within the range of float32',
    ],
    [
      'arrays of different length',
      'binary',
      (f) => treesOf(f)[0].split_conditions.push(0),
      'trees[0].split_conditions has 16 values, expected 15',
    ],
    [
      'no trees for a class',
      'multiclass',
      (f) => f.learner.gradient_booster.model.tree_info.fill(1),
      'gives 30 trees to class 1 and 0 to class 0; all must have as many',
    ],
    [
      'a node without its categories',
      'categorical',
      (f) => (treesOf(f)[0].categories_nodes[0] = 14),
      'categories_nodes lacks node 0, which splits by category',
    ],
    [
      'a negative category',
      'categorical',
      (f) => (treesOf(f)[0].categories[0] = -1),
      'trees[0].categories[0]=-1 must be a whole number from 0 to 16777215',
    ],
    [
      'sets that overlap',
      'categorical',
      (f) => (treesOf(f)[0].categories_sizes[1] += 1),
      'but categories has',
    ],
  ])('refuses %s', (_, name, alter, message) => {
    const read = (): unknown => importXgboost(altered(name, alter));
    expect(read).toThrow(DataError);
    expect(read).toThrow(message);
  });

  it('refuses sets that would take too much memory', () => {
    const file = altered('categorical', (f) => {
      for (const tree of treesOf(f)) {
        tree.categories = tree.categories.map(() => 2 ** 24 - 1);
        f.learner.gradient_booster.model.trees = Array<Tree>(20).fill(tree);
      }
      f.learner.gradient_booster.model.tree_info = Array<number>(20).fill(0);
    });
    expect(() => importXgboost(file)).toThrow('category sets of this width take more than 128 MB');
  });

  it('says so when the text is no JSON', () => {
    expect(() => importXgboost('tree\nversion=v4')).toThrow(/^xgboost: the text is not JSON/);
    expect(() => importXgboost('[]')).toThrow('xgboost: the file=an array of 0 must be an object');
  });
});
