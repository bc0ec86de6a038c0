import { DataError } from '../../../core/errors.js';
import { treeBuilder } from '../../tree/trees.js';
import type { GradientBoostingModel } from '../model.js';
import { checkFeatureNames, mostMargins, quote } from './foreign-tree.js';
import { array, field, integer, integerText, item, text, type JsonPlace } from './json-place.js';
import { baseMargins, xgboostObjective } from './xgboost-base-score.js';
import { addXgboostTree, type XgboostTreeContext } from './xgboost-tree.js';

/** How to read a model of XGBoost. */
export interface XgboostImportOptions {
  /**
   * `[nFeatures]` names of the columns, for files that lack them (XGBoost4J writes none) or name them otherwise;
   * without any they are f0, f1, …
   */
  readonly featureNames?: readonly string[];
  /**
   * After early stopping, `best` takes the trees up to the best iteration, as XGBoost's scikit-learn classes predict;
   * `all` takes every tree, as `Booster.predict` does when it is given no `iteration_range`. Default `best`.
   */
  readonly iterations?: 'best' | 'all';
}

/** Features that a file without feature names may claim to have. */
const mostUnnamed = 1_000_000;

/**
 * A boosted ensemble of XGBoost 1 to 3 from its JSON (`save_model('model.json')`): `gbtree` and `dart`. Its margins
 * are those of `predict(output_margin=True)` to the bit: `x < c` becomes `x <= the float32 below c`, sums are float32
 * with the base first, and the base is the same function of `base_score`.
 *
 * A categorical column holds codes, as XGBoost numbers them: for a data frame, positions in the list of categories.
 * In such a column a number between -1 and 0, which is no code, counts as code 0 here and as no category there.
 * Objectives that boosting here does not know come as `raw`. Covers are sums of hessians.
 *
 * @param json the text of the file, or what `JSON.parse` made of it
 * @throws {DataError} naming the place in the file, for what is malformed or cannot be imported exactly: `gblinear`,
 *   vector leaves (`multi_output_tree`), objectives whose link is unknown
 * @example
 * const model = importXgboost(await readFile('model.json', 'utf8'));
 * boostingMargins(model, X)[0]; // Booster.predict(X, output_margin=True)
 */
export function importXgboost(
  json: string | object,
  options: XgboostImportOptions = {},
): GradientBoostingModel {
  const root: JsonPlace = { path: '', value: typeof json === 'string' ? parse(json) : json };
  integer(majorVersion(field(root, 'version')), 1, 3);
  const learner = field(root, 'learner');
  const { model, weights } = booster(field(learner, 'gradient_booster'));
  const shape = field(learner, 'learner_model_param');
  const objectiveName = text(field(field(learner, 'objective'), 'name'));
  const nMargins = Math.max(
    1,
    integerText(field(shape, 'num_class'), 0, mostMargins, 0),
    integerText(field(shape, 'num_target'), 1, mostMargins, 1),
  );
  const featureNames = namesOf(learner, shape, options.featureNames);

  const treesPlace = field(model, 'trees');
  const trees = array(treesPlace);
  const order = treeOrder(model, trees.length, nMargins, keptIterations(learner, options));
  const context: XgboostTreeContext = {
    builder: treeBuilder(),
    gains: new Float64Array(featureNames.length),
    wordsLeft: 2 ** 25,
  };
  for (const t of order) addXgboostTree(context, item(treesPlace, trees, t), weights(t));

  return Object.freeze({
    kind: 'gradient-boosting',
    format: 2,
    objective: xgboostObjective(objectiveName, nMargins),
    featureNames,
    nMargins,
    baseScore: baseMargins(field(shape, 'base_score'), objectiveName, nMargins),
    trees: context.builder.finish(),
    gains: context.gains,
    sums: 'float32',
  });
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch (error) {
    const mended = nullForNonFinite(json);
    try {
      if (mended !== json) return JSON.parse(mended) as unknown;
    } catch {
      // The first reason is about the text as it is.
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError(
      `xgboost: the text is not JSON (${quote(reason)}); write it by save_model with a name that ends in .json`,
      { cause: error },
    );
  }
}

/** XGBoost before version 3 writes the bare word NaN for the threshold of a node that splits by category. */
function nullForNonFinite(json: string): string {
  let inText = false;
  return json.replace(/"|\\.|-?(?:NaN|Infinity)/gs, (token) => {
    if (token === '"') inText = !inText;
    return inText || token === '"' || token.startsWith('\\') ? token : 'null';
  });
}

function majorVersion(place: JsonPlace): JsonPlace {
  return item(place, array(place), 0);
}

/** The trees of the booster, and by what each of them is multiplied. */
function booster(place: JsonPlace): { model: JsonPlace; weights: (tree: number) => JsonPlace } {
  const name = text(field(place, 'name'));
  if (name === 'gbtree') {
    return { model: field(place, 'model'), weights: () => ({ path: 'the weight of a tree', value: 1 }) };
  }
  if (name === 'dart') {
    const model = field(field(place, 'gbtree'), 'model');
    const weightPlace = field(place, 'weight_drop');
    const weights = array(weightPlace, array(field(model, 'trees')).length);
    return { model, weights: (t) => item(weightPlace, weights, t) };
  }
  throw new DataError(
    `xgboost: learner.gradient_booster.name=${quote(name)} must be gbtree or dart; others have no trees`,
  );
}

function namesOf(
  learner: JsonPlace,
  shape: JsonPlace,
  given: readonly string[] | undefined,
): readonly string[] {
  const place = field(learner, 'feature_names');
  const listed = place.value === undefined ? [] : array(place);
  const named = given ?? listed.map((_, j) => text(item(place, listed, j)));
  const nFeatures = integerText(
    field(shape, 'num_feature'),
    0,
    named.length > 0 ? Number.MAX_SAFE_INTEGER : mostUnnamed,
  );
  if (named.length === 0 && given === undefined) {
    return Object.freeze(Array.from({ length: nFeatures }, (_, j) => `f${j}`));
  }
  if (named.length !== nFeatures) {
    const source = given === undefined ? place.path : 'featureNames';
    throw new DataError(`xgboost: ${source} has ${named.length} names, expected ${nFeatures} (num_feature)`);
  }
  return checkFeatureNames('xgboost', named);
}

/** Iterations to keep, Infinity for all. */
function keptIterations(learner: JsonPlace, { iterations = 'best' }: XgboostImportOptions): number {
  const attributes = field(learner, 'attributes');
  if (iterations === 'all' || attributes.value === undefined) return Infinity;
  return integerText(field(attributes, 'best_iteration'), 0, Number.MAX_SAFE_INTEGER - 1, Infinity) + 1;
}

/** The trees in the order in which tree t adds to margin t mod nMargins; those of a margin keep theirs. */
function treeOrder(model: JsonPlace, nTrees: number, nMargins: number, iterations: number): number[] {
  const infoPlace = field(model, 'tree_info');
  const info = array(infoPlace, nTrees);
  const params = field(model, 'gbtree_model_param');
  const perIteration = integerText(field(params, 'num_parallel_tree'), 0, Number.MAX_SAFE_INTEGER, 1) || 1;
  const groups: number[][] = Array.from({ length: nMargins }, () => []);
  for (let t = 0; t < nTrees; t++) groups[integer(item(infoPlace, info, t), 0, nMargins - 1)].push(t);
  const length = groups[0].length;
  groups.forEach((group, k) => {
    if (group.length !== length) {
      throw new DataError(
        `xgboost: ${infoPlace.path} gives ${group.length} trees to class ${k} and ${length} to class 0; all must have as many`,
      );
    }
  });
  const kept = Math.min(length, iterations * perIteration);
  return Array.from({ length: kept * nMargins }, (_, at) => groups[at % nMargins][Math.floor(at / nMargins)]);
}
