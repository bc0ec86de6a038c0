import type { Comparison } from '../compare.js';
import { formatDifference, formatNumber, formatShare } from '../format-number.js';
import type { PartFigures } from '../part-figures.js';
import type { ReportDrift } from '../report.js';
import { type Chart, referenceLine, shown, tones } from './chart.js';

interface Row {
  readonly name: string;
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** A forest plot: a line a row, a dot at its value, a bar over its interval, and rules to compare them with. */
function forest(
  rows: readonly Row[],
  axis: { readonly title: string; readonly format: string },
  rules: readonly { readonly at: number; readonly dashed: boolean }[],
): Chart['spec'] {
  const y = {
    field: 'name',
    type: 'nominal' as const,
    title: null,
    sort: null,
    axis: { grid: false, domain: false, ticks: false, labelLimit: 170 },
  };
  const x = (field: string) => ({
    field,
    type: 'quantitative' as const,
    title: axis.title,
    scale: { zero: false, nice: true },
    axis: { tickCount: 5, format: axis.format },
  });
  const bounds = [shown('lower', 'from', axis.format), shown('upper', 'to', axis.format)];
  return {
    width: 'container',
    height: { step: 26 },
    data: { values: [...rows] },
    layer: [
      ...rules.map(({ at, dashed }) => ({
        data: { values: [{ rule: at }] },
        mark: dashed
          ? { ...referenceLine, type: 'rule' as const, color: tones.muted }
          : { type: 'rule' as const, color: tones.muted, strokeWidth: 1.5 },
        encoding: { x: x('rule') },
      })),
      {
        mark: { type: 'rule', color: tones.first, strokeWidth: 2.5 },
        encoding: { y, x: x('lower'), x2: { field: 'upper' } },
      },
      {
        mark: { type: 'point', filled: true, size: 60, opacity: 1, color: tones.first },
        encoding: { y, x: x('value'), tooltip: [shown('value', axis.title, axis.format), ...bounds] },
      },
    ],
  };
}

/** A metric over the parts of the rows; undefined where no part is large enough. */
export function partsChart(figures: PartFigures): Chart | undefined {
  const { by, metric, parts, all, direction } = figures;
  const rows = parts.flatMap(({ name, nRows, estimate }) =>
    estimate === null ? [] : [{ name: `${name} (${formatNumber(nRows)})`, ...estimate }],
  );
  if (rows.length === 0) return undefined;
  const [low, high] = [...rows]
    .sort((a, b) => a.value - b.value)
    .flatMap((row, i, { length }) => (i === 0 || i === length - 1 ? [row] : []));
  const worst = direction === 'higher' ? low : (high ?? low);
  return {
    title: `${metric} by ${by}`,
    description: `${all === null ? '' : `Dashed: all rows, ${formatNumber(all.value)}. `}Weakest: ${worst.name}, ${formatNumber(worst.value)} (${formatNumber(worst.lower)} to ${formatNumber(worst.upper)}). Rows in parentheses.`,
    spec: forest(
      rows,
      { title: metric, format: '~g' },
      all === null ? [] : [{ at: all.value, dashed: true }],
    ),
  };
}

/** What this model wins over the other, metric by metric. */
export function comparisonChart(comparisons: readonly Comparison[]): Chart {
  const rows = comparisons.map(({ label, direction, difference, lower, upper }) =>
    direction === 'higher'
      ? { name: label, value: difference, lower, upper }
      : { name: label, value: -difference, lower: -upper, upper: -lower },
  );
  return {
    title: 'What this model wins over the other',
    description: `To the right of the line it is better, whichever way the metric runs. ${rows
      .map(({ name, value }) => `${name} ${formatDifference(value)}`)
      .join(', ')}.`,
    spec: forest(rows, { title: 'Won, with the interval', format: '~g' }, [{ at: 0, dashed: false }]),
  };
}

/** How far inputs shifted. */
export function driftChart({ inputs, levels }: ReportDrift): Chart {
  const [first] = inputs;
  return {
    title: 'Shift of the inputs',
    description: `Population stability index, less what chance adds; the rules stand at ${levels.join(' and ')}. Largest: ${first.name}, ${formatNumber(first.psi)}.`,
    spec: forest(
      inputs.map(({ name, psi, lower, upper }) => ({ name, value: psi, lower, upper })),
      { title: 'Population stability index', format: '~g' },
      levels.map((at) => ({ at, dashed: true })),
    ),
  };
}

/** A metric over the newest rows as time goes on; undefined where no part is large enough. */
export function decayChart(figures: PartFigures): Chart | undefined {
  const { metric, parts, all, by } = figures;
  const values = parts.flatMap(({ name, nRows, estimate }) =>
    estimate === null ? [] : [{ name, nRows, ...estimate }],
  );
  if (values.length === 0) return undefined;
  const x = {
    field: 'name',
    type: 'nominal' as const,
    sort: null,
    title: by,
    axis: { labelAngle: -35, labelLimit: 130 },
  };
  const y = (field: string) => ({
    field,
    type: 'quantitative' as const,
    title: metric,
    scale: { zero: false, nice: true },
    axis: { tickCount: 5 },
  });
  const [oldest, newest] = [values[0], values[values.length - 1]];
  return {
    title: `${metric} over time`,
    description: `From ${formatNumber(oldest.value)} (${oldest.name}) to ${formatNumber(newest.value)} (${newest.name})${all === null ? '' : `; dashed: all of these rows, ${formatNumber(all.value)}`}.`,
    spec: {
      width: 'container',
      height: 260,
      data: { values },
      layer: [
        ...(all === null
          ? []
          : [
              {
                data: { values: [{ rule: all.value }] },
                mark: { ...referenceLine, type: 'rule' as const, color: tones.muted },
                encoding: { y: y('rule') },
              },
            ]),
        {
          mark: { type: 'line' as const, strokeWidth: 1.5, color: tones.first },
          encoding: { x, y: y('value') },
        },
        {
          mark: { type: 'rule' as const, strokeWidth: 2.5, color: tones.first },
          encoding: { x, y: y('lower'), y2: { field: 'upper' } },
        },
        {
          mark: { type: 'point' as const, filled: true, size: 60, opacity: 1, color: tones.first },
          encoding: {
            x,
            y: y('value'),
            tooltip: [
              shown('value', metric, '.4f'),
              shown('lower', 'from', '.4f'),
              shown('upper', 'to', '.4f'),
              shown('nRows', 'Rows', ','),
            ],
          },
        },
      ],
    },
  };
}

/** A share for a caption. */
export const percent = (level: number): string => formatShare(level).replace('.0 %', ' %');
