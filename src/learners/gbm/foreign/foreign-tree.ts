import { DataError } from '../../../core/errors.js';
import type { TreeBuilder } from '../../tree/trees.js';

/** A node of a foreign tree, in our terms. */
export interface ForeignNode {
  /** Weight of the training rows that reached it; undefined where the file does not say. */
  readonly cover: number | undefined;
  /** What a leaf adds; 0 at a split. */
  readonly value: number;
  /** Left out at a leaf. */
  readonly split?: ForeignSplit;
}

/** How a foreign node parts its rows: as `NodeSplit`, its children known by their number in the file. */
export interface ForeignSplit {
  readonly feature: number;
  readonly threshold: number;
  readonly missingLeft: boolean;
  readonly words?: Uint32Array;
  readonly left: number;
  readonly right: number;
  readonly gain: number;
}

/**
 * Adds one tree, parents before children.
 *
 * @param place the tree in the file, for messages
 * @param read the node of a number; must refuse numbers that the file has no node for
 * @param gains `[nFeatures]` to which the gains of the splits are added
 * @throws {DataError} when a node is reached twice: the file holds no tree then
 */
export function addForeignTree(
  builder: TreeBuilder,
  place: string,
  root: number,
  read: (id: number) => ForeignNode,
  gains: Float64Array,
): void {
  const seen = new Set<number>();
  const open: { node: number; split: ForeignSplit }[] = [];

  function add(id: number): number {
    if (seen.has(id)) throw new DataError(`${place}: node ${id} must have one parent only`);
    seen.add(id);
    const { cover, value, split } = read(id);
    const node = builder.addLeaf(value, cover);
    if (split !== undefined) open.push({ node, split });
    return node;
  }

  builder.beginTree();
  add(root);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, split } = next;
    const left = add(split.left);
    const right = add(split.right);
    builder.setSplit(node, { ...split, left, right });
    gains[split.feature] += split.gain;
  }
}

/**
 * Checks names of features.
 * @throws {DataError} naming the first that repeats
 */
export function checkFeatureNames(place: string, names: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw new DataError(`${place}: feature name ${quote(name)} must not appear twice`);
    seen.add(name);
  }
  return Object.freeze([...names]);
}

/** A value of a file as messages show it: in one line, and not at any length. */
export function quote(value: unknown): string {
  const text = typeof value === 'object' && value !== null ? describe(value) : JSON.stringify(value);
  const shown = text ?? String(value);
  return shown.length > 60 ? `${shown.slice(0, 57)}...` : shown;
}

function describe(value: object): string {
  return Array.isArray(value) ? `an array of ${value.length}` : 'an object';
}

/** Classes, and margins, that a model may have. */
export const mostMargins = 10_000;
