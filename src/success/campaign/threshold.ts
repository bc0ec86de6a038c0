/** Rows a category needs for a quantile of its own. */
const leastRows = 30;

/** Conversion rates above which a campaign is a success, by category. */
export interface SuccessThresholds {
  readonly byCategory: ReadonlyMap<string, number>;
  /** For a category with fewer than 30 rows. */
  readonly otherwise: number;
}

/**
 * The quantile of the conversion rate in every category, learned from training rows alone.
 * @param rates `[nRows]` conversions per click
 * @param categories `[nRows]`
 * @param rows the rows to learn from
 * @param quantile (0, 1)
 */
export function successThresholds(
  rates: Float64Array,
  categories: readonly string[],
  rows: Uint32Array,
  quantile: number,
): SuccessThresholds {
  const known = new Map<string, number[]>();
  for (const row of rows) {
    const list = known.get(categories[row]) ?? [];
    list.push(rates[row]);
    known.set(categories[row], list);
  }
  const byCategory = new Map(
    [...known].flatMap(([category, list]): [string, number][] =>
      list.length < leastRows ? [] : [[category, quantileOf(list, quantile)]],
    ),
  );
  return {
    byCategory,
    otherwise: quantileOf(
      Array.from(rows, (row) => rates[row]),
      quantile,
    ),
  };
}

/** 1 for every row whose rate is above the threshold of its category. `[nRows]` */
export function successLabels(
  rates: Float64Array,
  categories: readonly string[],
  { byCategory, otherwise }: SuccessThresholds,
): Float64Array {
  return rates.map((rate, i) => Number(rate > (byCategory.get(categories[i]) ?? otherwise)));
}

/** Linear between order statistics (Hyndman & Fan 1996, type 7). */
function quantileOf(values: readonly number[], quantile: number): number {
  const sorted = Float64Array.from(values).sort();
  const at = quantile * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}
