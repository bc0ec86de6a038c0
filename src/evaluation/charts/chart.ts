import type { TopLevelSpec } from 'vega-lite';

/** A chart of a report, as data. */
export interface Chart {
  readonly title: string;
  /** What the chart shows, for those who cannot see it. */
  readonly description: string;
  readonly spec: TopLevelSpec;
}

/** The colours of the page, by its style sheet: charts follow light, dark and paper without being drawn anew. */
export const tones = {
  first: 'var(--first)',
  second: 'var(--second)',
  muted: 'var(--muted)',
} as const;

/** An axis from 0 to 1. */
export function unitAxis(field: string, title: string) {
  return {
    field,
    title,
    type: 'quantitative' as const,
    scale: { domain: [0, 1], nice: false },
    axis: { values: [0, 0.2, 0.4, 0.6, 0.8, 1], format: '.1f' },
  };
}

/** A legend above the plot: `domain` names the marks, `range` their tones. */
export function legend(domain: readonly string[], range: readonly string[]) {
  return {
    type: 'nominal' as const,
    scale: { domain: [...domain], range: [...range] },
    legend: { title: null, orient: 'top' as const, direction: 'horizontal' as const, columns: 3 },
  };
}

/** A number that is shown where one points at a mark. */
export function shown(field: string, title: string, format: string) {
  return { field, title, format, type: 'quantitative' as const };
}

/** As wide as its place, and high enough to read. */
export const frame = { width: 'container' as const, height: 230 };

/** A line that data is compared with. */
export const referenceLine = { type: 'line' as const, strokeDash: [5, 4], strokeWidth: 1.5 };

/** The threshold as the page's explorer moves it. */
export const thresholdRule = {
  data: { values: [{}] },
  mark: { type: 'rule' as const, color: 'var(--ink)', strokeWidth: 1.5 },
  encoding: { x: { datum: { expr: 'threshold' }, type: 'quantitative' as const } },
};
