import type { Column } from '../../core/table.js';
import { binCounts, quantileEdges } from './quantile-bins.js';
import type { BinnedReference, CategoricalReference, ColumnReference } from './reference.js';

/** Fine bins, so that a distribution function can be read off them to within a hundredth. */
const fineBins = 100;
/** A text with more different values is no category. */
const mostCategories = 200;

/** What a training column looked like: bins of its numbers, its categories, or the lengths of its texts. */
export function columnReference(name: string, column: Column): ColumnReference {
  if (column.type !== 'string') {
    const kind = column.type === 'timestamp' ? 'time' : 'number';
    return binnedReference(name, kind, column.values);
  }
  return (
    categoryReference(name, column.values) ?? binnedReference(name, 'text-length', textLengths(column.values))
  );
}

/** Bins of the scores of a model, in the float32 that its graph answers with. */
export function scoreReference(name: string, scores: Float64Array): BinnedReference {
  return binnedReference(name, 'number', scores.map(Math.fround));
}

/** The numbers that are binned of a column: a length of a text in code points, NaN where it is missing. */
export function textLengths(texts: readonly (string | null)[]): Float64Array {
  return Float64Array.from(texts, (text) => {
    if (text === null || text === '') return NaN;
    let length = 0;
    for (const point of text) length += point === '' ? 0 : 1;
    return length;
  });
}

function binnedReference(name: string, kind: BinnedReference['kind'], values: Float64Array): BinnedReference {
  const finite = values.map(toFinite);
  const missing = values.reduce((sum, value) => sum + (Number.isNaN(value) ? 1 : 0), 0);
  if (missing === values.length) return { name, kind, edges: [], counts: [0], missing };
  const edges = edgesOf(finite);
  return { name, kind, edges, counts: [...binCounts(edges, finite)], missing };
}

/** JSON knows no infinities. */
export function toFinite(value: number): number {
  return value === Infinity ? Number.MAX_VALUE : value === -Infinity ? -Number.MAX_VALUE : value;
}

/** Few different values are a bin each; quantiles would lose the rare ones. */
function edgesOf(values: Float64Array): readonly number[] {
  const different = new Set<number>();
  for (const value of values) {
    if (!Number.isNaN(value)) different.add(value);
    if (different.size > fineBins) return quantileEdges(values, fineBins);
  }
  return [...different].sort((a, b) => a - b).slice(0, -1);
}

function categoryReference(
  name: string,
  values: readonly (string | null)[],
): CategoricalReference | undefined {
  const counts = new Map<string, number>();
  let missing = 0;
  for (const value of values) {
    if (value === null || value === '') missing++;
    else counts.set(value, (counts.get(value) ?? 0) + 1);
    if (counts.size > mostCategories) return undefined;
  }
  const categories = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return { name, kind: 'category', categories, missing };
}
