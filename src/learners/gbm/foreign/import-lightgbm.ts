import { DataError } from '../../../core/errors.js';
import { treeBuilder } from '../../tree/trees.js';
import type { GradientBoostingModel } from '../model.js';
import { checkFeatureNames, mostMargins, quote } from './foreign-tree.js';
import { addLightgbmTree, type LightgbmTreeContext } from './lightgbm-tree.js';
import { requiredText, textBlock, wholeNumber, type TextBlock } from './text-block.js';

/**
 * A boosted ensemble of LightGBM 3 or 4 from its text (`save_model('model.txt')`). For features that are float32, as
 * ours are, its margins are those of `predict(raw_score=True)` to the bit: a double threshold parts float32 values as
 * the largest float32 not above it does, sums are double, in the order of the file.
 *
 * A random forest (`boosting=rf`) has the mean of its trees for a margin, which `predict` takes too; `raw_score=True`
 * gives their sum. A categorical column holds the codes that LightGBM was given. Objectives that boosting here does not know, and a
 * sigmoid other than 1, come as `raw`. Covers are numbers of rows.
 *
 * @throws {DataError} naming tree and field, for what is malformed, truncated, or cannot be imported exactly: linear
 *   trees, forests whose number of trees is no power of two (a mean is no exact sum of parts then), zeros that are
 *   missing and go against their order (`zero_as_missing`)
 * @example
 * const model = importLightgbm(await readFile('model.txt', 'utf8'));
 * boostingMargins(model, X)[0]; // Booster.predict(X, raw_score=True)
 */
export function importLightgbm(text: string): GradientBoostingModel {
  const { header, trees } = blocksOf(text);
  const version = requiredText(header, 'version');
  if (version !== 'v3' && version !== 'v4') {
    throw new DataError(`lightgbm: header: version=${quote(version)} must be v3 or v4`);
  }
  const nMargins = wholeNumber(header, 'num_tree_per_iteration', 1, mostMargins);
  if (trees.length % nMargins !== 0) {
    throw new DataError(
      `lightgbm: ${trees.length} trees must be a multiple of num_tree_per_iteration=${nMargins}`,
    );
  }
  const featureNames = namesOf(header);
  const context: LightgbmTreeContext = {
    builder: treeBuilder(),
    gains: new Float64Array(featureNames.length),
    factor: header.fields.has('average_output') ? averageFactor(trees.length / nMargins) : 1,
  };
  for (const tree of trees) addLightgbmTree(context, tree);
  return Object.freeze({
    kind: 'gradient-boosting',
    format: 2,
    objective: objectiveOf(header.fields.get('objective') ?? '', nMargins),
    featureNames,
    nMargins,
    baseScore: new Float64Array(nMargins),
    trees: context.builder.finish(),
    gains: context.gains,
  });
}

/** Header and trees; the parameters behind them do not matter. */
function blocksOf(text: string): { header: TextBlock; trees: TextBlock[] } {
  const lines = text.split(/\r?\n/);
  if (lines[0] !== 'tree') {
    throw new DataError(
      `lightgbm: the first line is ${quote(lines[0])}, expected "tree": not a model in LightGBM's text format`,
    );
  }
  const end = lines.indexOf('end of trees');
  if (end < 0) throw new DataError('lightgbm: the line "end of trees" is missing: the file is truncated');
  const starts: number[] = [];
  for (let i = 1; i < end; i++) if (lines[i].startsWith('Tree=')) starts.push(i);
  const header = textBlock('header', lines.slice(1, starts[0] ?? end));
  const trees = starts.map((start, t) => {
    if (lines[start] !== `Tree=${t}`) {
      throw new DataError(`lightgbm: ${quote(lines[start])} must be Tree=${t}: trees count from 0`);
    }
    return textBlock(`tree ${t}`, lines.slice(start + 1, starts[t + 1] ?? end));
  });
  const sizes = header.fields.get('tree_sizes')?.trim();
  const announced = sizes === undefined || sizes === '' ? 0 : sizes.split(' ').length;
  if (sizes !== undefined && announced !== trees.length) {
    throw new DataError(
      `lightgbm: header: tree_sizes announces ${announced} trees, the file has ${trees.length}`,
    );
  }
  return { header, trees };
}

function namesOf(header: TextBlock): readonly string[] {
  const nFeatures = wholeNumber(header, 'max_feature_idx', 0, 2 ** 30) + 1;
  const names = requiredText(header, 'feature_names').split(' ');
  if (names.length !== nFeatures) {
    throw new DataError(
      `lightgbm: header: feature_names has ${names.length} names, expected ${nFeatures} (max_feature_idx + 1)`,
    );
  }
  return checkFeatureNames('lightgbm: header', names);
}

/** The mean of n trees is the sum of their n-ths only where dividing by n is exact. */
function averageFactor(nIterations: number): number {
  if (nIterations === 0) return 1;
  if (!Number.isInteger(Math.log2(nIterations))) {
    throw new DataError(
      `lightgbm: average_output over ${nIterations} iterations cannot be imported exactly: their number must be a power of two (boosting=rf)`,
    );
  }
  return 1 / nIterations;
}

const objectives: Readonly<Record<string, GradientBoostingModel['objective']>> = {
  'binary sigmoid:1': 'binary',
  regression: 'squared-error',
  regression_l1: 'absolute-error',
  huber: 'huber',
  quantile: 'quantile',
  poisson: 'poisson',
  tweedie: 'tweedie',
  lambdarank: 'lambdarank',
};

function objectiveOf(line: string, nMargins: number): GradientBoostingModel['objective'] {
  if (line === `multiclass num_class:${nMargins}`) return 'multiclass';
  return nMargins === 1 && Object.hasOwn(objectives, line) ? objectives[line] : 'raw';
}
