import { describe, expect, it } from 'vitest';
import { DataError } from '../../../../src/core/errors.js';
import { decodeRecord, encodeRecord } from '../../../../src/core/record.js';
import { importLightgbm } from '../../../../src/learners/gbm/foreign/import-lightgbm.js';
import { casesOf, expectSameMargins, modelOf, rowsOf } from './foreign-golden.js';

describe('importLightgbm', () => {
  it.each(casesOf('lightgbm'))('gives the margins of $name', (one) => {
    const model = importLightgbm(one.model);
    expectSameMargins(model, rowsOf(one, model.featureNames), one.margins);
  });

  it.each([
    ['binary', 'binary'],
    ['sigmoid', 'raw'],
    ['multiclass', 'multiclass'],
    ['regression', 'squared-error'],
    ['no-missing', 'huber'],
    ['poisson', 'poisson'],
    ['stumps', 'quantile'],
    ['ranking', 'lambdarank'],
    ['dart', 'raw'],
  ])('names the objective of %s', (name, objective) => {
    const model = importLightgbm(modelOf('lightgbm', name));
    expect(model).toMatchObject({ format: 2, objective, featureNames: ['a', 'b', 'c', 'd', 'e', 'f'] });
    expect(decodeRecord(encodeRecord(model))).toEqual(model);
  });

  it('counts rows as covers', () => {
    const { trees } = importLightgbm(modelOf('lightgbm', 'categorical'));
    expect(Array.from(trees.roots, (root) => trees.cover?.[root])).toEqual(
      Array.from(trees.roots, () => 1200),
    );
  });

  it('reads lines that end as on Windows', () => {
    const text = modelOf('lightgbm', 'binary');
    expect(importLightgbm(text.replaceAll('\n', '\r\n'))).toEqual(importLightgbm(text));
  });

  it.each<[string, string, string | RegExp, string, string]>([
    ['another version', 'binary', 'version=v4', 'version=v5', 'header: version="v5" must be v3 or v4'],
    ['another format', 'binary', 'tree\n', 'bush\n', 'the first line is "bush", expected "tree"'],
    [
      'linear trees',
      'binary',
      'is_linear=0',
      'is_linear=1',
      'tree 0: is_linear=1 must be 0: linear trees cannot be imported',
    ],
    [
      'averages that are not exact',
      'forest',
      /\nTree=7[^]*\nend of trees/,
      '\nend of trees',
      'header: tree_sizes announces 8 trees, the file has 7',
    ],
    [
      'averages of five trees',
      'binary',
      'feature_names=',
      'average_output\nfeature_names=',
      'average_output over 5 iterations cannot be imported exactly',
    ],
    [
      'too few names',
      'binary',
      'feature_names=a ',
      'feature_names=',
      'feature_names has 5 names, expected 6',
    ],
    [
      'equal names',
      'binary',
      'feature_names=a b',
      'feature_names=a a',
      'feature name "a" must not appear twice',
    ],
    [
      'too few trees for its classes',
      'binary',
      'num_tree_per_iteration=1',
      'num_tree_per_iteration=3',
      '5 trees must be a multiple of num_tree_per_iteration=3',
    ],
    ['trees out of order', 'binary', 'Tree=1', 'Tree=2', '"Tree=2" must be Tree=1'],
    ['a circle', 'binary', /left_child=\S+/, 'left_child=0', 'tree 0: node 0 must have one parent only'],
    [
      'a leaf that is no number',
      'binary',
      /leaf_value=\S+/,
      'leaf_value=nan',
      'leaf_value[0]="nan" must be a finite',
    ],
    [
      'an unknown feature',
      'binary',
      /split_feature=\d/,
      'split_feature=6',
      'split_feature[0]="6" must be a whole',
    ],
    ['a missing field', 'binary', /threshold=.*\n/, '', 'tree 0: threshold is missing'],
    ['a doubled field', 'binary', 'is_linear=0', 'shrinkage=1', 'tree 0: "shrinkage" must not appear twice'],
    [
      'category sets that overlap',
      'categorical',
      /cat_boundaries=0 \d+ (\d+)/,
      'cat_boundaries=0 0 $1',
      'cat_boundaries[1]=0 must be above the one before, 0',
    ],
    ['no end', 'binary', 'end of trees', '', 'the line "end of trees" is missing: the file is truncated'],
  ])('refuses %s', (_, name, find, replace, message) => {
    const text = modelOf('lightgbm', name).replace(find, replace);
    expect(text).not.toBe(modelOf('lightgbm', name));
    const read = (): unknown => importLightgbm(text);
    expect(read).toThrow(DataError);
    expect(read).toThrow(message);
  });

  /** One split of one feature. */
  const stump = (threshold: string, decision: number): string =>
    [
      'tree',
      'version=v4',
      'num_class=1',
      'num_tree_per_iteration=1',
      'max_feature_idx=0',
      'objective=regression',
      'feature_names=x',
      'Tree=0',
      'num_leaves=2',
      'num_cat=0',
      'split_feature=0',
      `threshold=${threshold}`,
      `decision_type=${decision}`,
      'left_child=-1',
      'right_child=-2',
      'leaf_value=1 2',
      'end of trees',
    ].join('\n');

  it.each([
    // Not representable in float32: the float32 below it, of either sign.
    ['0.1', 10, Math.fround(0.1) - 2 ** -27, 1],
    ['-0.1', 8, -Math.fround(0.1), 0],
    // What LightGBM takes for zero.
    ['1.0000000180025095e-35', 2, Math.fround(1e-35), 1],
    ['0', 2, Math.fround(1e-35), 1],
    ['-1e-40', 2, -Math.fround(1e-35) - 2 ** -140, 0],
    // Missing is zero, or goes where zero goes.
    ['0.5', 0, 0.5, 1],
    ['-0.5', 2, -0.5, 0],
    ['0.5', 6, 0.5, 1],
    ['-0.5', 4, -0.5, 0],
    // Present values go left, missing ones right.
    ['inf', 8, Infinity, 0],
    ['1e300', 10, 3.4028234663852886e38, 1],
  ])('turns threshold=%s decision_type=%i into x <= %f', (threshold, decision, expected, missingLeft) => {
    const { trees } = importLightgbm(stump(threshold, decision));
    expect([trees.threshold[0], trees.missingLeft[0]]).toEqual([expected, missingLeft]);
    expect(trees.cover).toBeUndefined();
  });

  it.each([
    ['0.5', 4],
    ['-0.5', 6],
  ])('refuses zeros that are missing and go against their order: %s %i', (threshold, decision) => {
    expect(() => importLightgbm(stump(threshold, decision))).toThrow(
      `tree 0: node 0 sends 0 and missing values to the side opposite to threshold=${threshold}`,
    );
  });
});
