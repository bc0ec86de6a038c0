import type { Trees } from './trees.js';

/** What the splits of some trees compare with, by feature. */
export interface SplitValues {
  readonly thresholds: Map<number, Set<number>>;
  /** Category codes that are in a set. */
  readonly codes: Map<number, Set<number>>;
}

/** Distinct thresholds or codes of a feature that bytes can tell apart, with room for the unknown and the missing. */
const mostValues = 254;
/** Codes above are not looked up. */
const mostCodes = 2 ** 20;

/** No values. */
export function noSplitValues(): SplitValues {
  return { thresholds: new Map(), codes: new Map() };
}

/** Whether a node splits by category. */
export function splitsByCategory({ categories }: Trees, node: number): boolean {
  return categories !== undefined && categories.starts[node + 1] > categories.starts[node];
}

/** What some splits compare with; null where a code is too large or a threshold is NaN. */
export function splitValues(trees: Trees, splits: readonly number[]): SplitValues | null {
  const found = noSplitValues();
  for (const node of splits) {
    const feature = trees.feature[node];
    if (!splitsByCategory(trees, node)) {
      // An imported NaN has no place among bounds.
      if (Number.isNaN(trees.threshold[node])) return null;
      valuesOf(found.thresholds, feature).add(trees.threshold[node]);
    } else {
      const codes = codesOf(trees, node);
      if (codes.length > 0 && codes[codes.length - 1] >= mostCodes) return null;
      const own = valuesOf(found.codes, feature);
      for (const code of codes) own.add(code);
    }
  }
  return found;
}

/** The codes that go left at a split by category, ascending. */
export function codesOf({ categories }: Trees, node: number): number[] {
  const { starts, words } = categories!;
  const codes: number[] = [];
  for (let w = starts[node]; w < starts[node + 1]; w++) {
    for (let bit = 0; bit < 32; bit++) {
      if ((words[w] >>> bit) & 1) codes.push(32 * (w - starts[node]) + bit);
    }
  }
  return codes;
}

/** Adds `added` to `taken`, unless a feature would have more values than bytes can tell apart. */
export function mergeSplitValues(taken: SplitValues, added: SplitValues): boolean {
  const kinds = ['thresholds', 'codes'] as const;
  for (const kind of kinds) {
    for (const [feature, values] of added[kind]) {
      const before = taken[kind].get(feature);
      let size = before?.size ?? 0;
      for (const value of values) size += Number(before?.has(value) !== true);
      if (size > mostValues) return false;
    }
  }
  for (const kind of kinds) {
    for (const [feature, values] of added[kind]) {
      const own = valuesOf(taken[kind], feature);
      for (const value of values) own.add(value);
    }
  }
  return true;
}

/** A Set holds 0 and -0 as one, as a comparison does. */
function valuesOf(byFeature: Map<number, Set<number>>, feature: number): Set<number> {
  let own = byFeature.get(feature);
  if (own === undefined) byFeature.set(feature, (own = new Set()));
  return own;
}
