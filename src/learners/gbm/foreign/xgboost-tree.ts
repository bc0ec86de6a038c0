import { DataError } from '../../../core/errors.js';
import { previousFloat32 } from '../../../core/float32.js';
import type { TreeBuilder } from '../../tree/trees.js';
import { addForeignTree, type ForeignNode } from './foreign-tree.js';
import { array, field, float32, integer, integerText, item, type JsonPlace } from './json-place.js';

/** What the trees of a file share. */
export interface XgboostTreeContext {
  readonly builder: TreeBuilder;
  /** `[nFeatures]` sum of split gains of every feature. */
  readonly gains: Float64Array;
  /** Words that category sets may still take: a short file can name a category that needs many. */
  wordsLeft: number;
}

/** Codes from here on are no categories for XGBoost. */
const mostCategories = 2 ** 24;

/**
 * Adds one tree of a file.
 * @param weight by what its leaves are multiplied, in float32
 * @throws {DataError} naming the field that is malformed
 */
export function addXgboostTree(context: XgboostTreeContext, place: JsonPlace, weight: JsonPlace): void {
  const vector = integerText(field(field(place, 'tree_param'), 'size_leaf_vector'), 0, 2 ** 31, 0);
  if (vector > 1) {
    throw new DataError(
      `xgboost: ${place.path}.tree_param.size_leaf_vector=${vector} must be 0 or 1: trees with vector leaves (multi_strategy=multi_output_tree) cannot be imported; train with one_output_per_tree`,
    );
  }
  const left = field(place, 'left_children');
  const nNodes = array(left).length;
  const column = (name: string): Column => columnOf(field(place, name), nNodes);
  const children = [columnOf(left, nNodes), column('right_children')] as const;
  const conditions = column('split_conditions');
  const features = column('split_indices');
  const defaults = column('default_left');
  const covers = column('sum_hessian');
  const gains = column('loss_changes');
  const nFeatures = context.gains.length;
  const factor = float32(weight);
  const sets = readSets(place, nNodes);

  function read(id: number): ForeignNode {
    const cover = covers === undefined ? undefined : float32(covers(id));
    const condition = required(conditions, place, 'split_conditions')(id);
    const leftChild = integer(required(children[0], place, 'left_children')(id), -1, nNodes - 1);
    if (leftChild === -1) return { cover, value: Math.fround(float32(condition) * factor) };
    const rightChild = integer(required(children[1], place, 'right_children')(id), 0, nNodes - 1);
    const feature = integer(required(features, place, 'split_indices')(id), 0, nFeatures - 1);
    const missingLeft = flag(required(defaults, place, 'default_left')(id));
    const gain = gains === undefined ? 0 : float32(gains(id));
    const set = sets(id);
    if (set === undefined) {
      const threshold = previousFloat32(float32(condition));
      const split = { feature, threshold, missingLeft, left: leftChild, right: rightChild, gain };
      return { cover, value: 0, split };
    }
    // In the set goes right there and left here.
    const words = wordsOf(context, set);
    const swapped = { feature, threshold: 0, words, left: rightChild, right: leftChild, gain };
    return { cover, value: 0, split: { ...swapped, missingLeft: !missingLeft } };
  }

  if (nNodes === 0) throw new DataError(`xgboost: ${left.path} must not be empty`);
  addForeignTree(context.builder, `xgboost: ${place.path}`, 0, read, context.gains);
}

type Column = ((id: number) => JsonPlace) | undefined;

function columnOf(place: JsonPlace, length: number): Column {
  if (place.value === undefined) return undefined;
  const values = array(place, length);
  return (id) => item(place, values, id);
}

function required(column: Column, tree: JsonPlace, name: string): NonNullable<Column> {
  if (column === undefined) throw new DataError(`xgboost: ${tree.path}.${name} is missing`);
  return column;
}

/** Versions before 1.6 write true and false. */
function flag(place: JsonPlace): boolean {
  return typeof place.value === 'boolean' ? place.value : integer(place, 0, 1) === 1;
}

/** The codes of the nodes that split by category, as places in the file. */
interface CategoryRange {
  readonly place: JsonPlace;
  readonly values: readonly unknown[];
  readonly start: number;
  readonly end: number;
}

function readSets(tree: JsonPlace, nNodes: number): (id: number) => CategoryRange | undefined {
  const types = columnOf(field(tree, 'split_type'), nNodes);
  const nodesPlace = field(tree, 'categories_nodes');
  if (types === undefined || nodesPlace.value === undefined) return () => undefined;
  const nodes = array(nodesPlace);
  const segmentsPlace = field(tree, 'categories_segments');
  const sizesPlace = field(tree, 'categories_sizes');
  const segments = array(segmentsPlace, nodes.length);
  const sizes = array(sizesPlace, nodes.length);
  const place = field(tree, 'categories');
  const values = array(place);
  const ranges = new Map<number, CategoryRange>();
  let listed = 0;
  nodes.forEach((_, i) => {
    const node = integer(item(nodesPlace, nodes, i), 0, nNodes - 1);
    const start = integer(item(segmentsPlace, segments, i), 0, values.length);
    const size = integer(item(sizesPlace, sizes, i), 0, values.length - start);
    ranges.set(node, { place, values, start, end: start + size });
    listed += size;
  });
  // Segments that overlap would cost time without end.
  if (listed > values.length) {
    throw new DataError(
      `xgboost: ${sizesPlace.path} add up to ${listed}, but categories has ${values.length} values`,
    );
  }
  return (id) => {
    if (integer(types(id), 0, 1) === 0) return undefined;
    const range = ranges.get(id);
    if (range === undefined) {
      throw new DataError(`xgboost: ${nodesPlace.path} lacks node ${id}, which splits by category`);
    }
    return range;
  };
}

function wordsOf(context: XgboostTreeContext, { place, values, start, end }: CategoryRange): Uint32Array {
  let largest = 0;
  for (let i = start; i < end; i++) {
    largest = Math.max(largest, integer(item(place, values, i), 0, mostCategories - 1));
  }
  const length = (largest >>> 5) + 1;
  context.wordsLeft -= length;
  if (context.wordsLeft < 0) {
    throw new DataError(`xgboost: ${place.path}: category sets of this width take more than 128 MB`);
  }
  const words = new Uint32Array(length);
  for (let i = start; i < end; i++) {
    const code = values[i] as number;
    words[code >>> 5] |= 1 << (code & 31);
  }
  return words;
}
