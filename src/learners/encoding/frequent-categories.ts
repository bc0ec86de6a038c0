import { sanitizeText } from '../../core/sanitize-text.js';

/** "" stands for a missing category. */
export function categoryOf(value: string | null): string {
  return sanitizeText(value);
}

/**
 * The most frequent categories, of equals those that sort first, in sorted order; missing ones are none.
 * @param values `[nRows]` sanitised
 * @param isCounted whether a row counts, by its number
 * @param leastRows categories in fewer rows are left out
 */
export function frequentCategories(
  values: readonly string[],
  isCounted: (row: number) => boolean,
  { most, leastRows = 1 }: { readonly most: number; readonly leastRows?: number },
): string[] {
  const counts = new Map<string, number>();
  values.forEach((value, i) => {
    if (value !== '' && isCounted(i)) counts.set(value, (counts.get(value) ?? 0) + 1);
  });
  return [...counts.keys()]
    .filter((category) => counts.get(category)! >= leastRows)
    .sort((a, b) => counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1))
    .slice(0, most)
    .sort();
}
