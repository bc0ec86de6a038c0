import type { Fan, ForecastFigures } from '../forecast/figures.js';
import { formatNumber, formatShare } from '../format-number.js';
import { type Chart, frame, legend, referenceLine, shown, tones } from './chart.js';

/** Error and coverage by step ahead. */
export function horizonCharts(figures: ForecastFigures): readonly Chart[] {
  const known = figures.steps.some(({ coverage }) => coverage.some((share) => share !== null));
  return figures.steps.length === 0 ? [] : [errorChart(figures), ...(known ? [coverageChart(figures)] : [])];
}

const stepAxis = { type: 'quantitative' as const, title: 'Steps ahead', axis: { tickCount: 7, format: 'd' } };

function errorChart({ steps, unit }: ForecastFigures): Chart {
  const [first, last] = [steps[0], steps[steps.length - 1]];
  const y = (field: string) => ({
    field,
    type: 'quantitative' as const,
    title: 'Error',
    axis: { tickCount: 5 },
  });
  const [own, naive] = ['forecast', 'seasonal naive'];
  return {
    title: 'Error by step ahead',
    description: `${unit}: from ${formatNumber(first.error)} one step ahead to ${formatNumber(last.error)} at step ${last.step}; the seasonal naive forecast from ${formatNumber(first.naive)} to ${formatNumber(last.naive)}.`,
    spec: {
      ...frame,
      data: { values: steps.map(({ step, error, lower, upper }) => ({ step, error, lower, upper })) },
      layer: [
        {
          mark: { type: 'area', color: tones.first, opacity: 0.16 },
          encoding: { x: { field: 'step', ...stepAxis }, y: y('lower'), y2: { field: 'upper' } },
        },
        {
          data: {
            values: steps.flatMap(({ step, error, naive: before, nValues }) => [
              { step, value: error, nValues, series: own },
              ...(Number.isFinite(before) ? [{ step, value: before, nValues, series: naive }] : []),
            ]),
          },
          mark: { type: 'line', strokeWidth: 2, tooltip: true, point: { size: 18 } },
          encoding: {
            x: { field: 'step', ...stepAxis },
            y: y('value'),
            color: { field: 'series', ...legend([own, naive], [tones.first, tones.second]) },
            tooltip: [
              shown('step', 'Step', 'd'),
              shown('value', 'Error', '.3f'),
              shown('nValues', 'Values judged', ','),
            ],
          },
        },
      ],
    },
  };
}

function coverageChart({ steps, levels }: ForecastFigures): Chart {
  const named = levels.map((level) => `${formatNumber(Math.round(1000 * level) / 10)} % interval`);
  const ranges = [tones.first, tones.second, tones.muted];
  const colour = {
    field: 'series',
    ...legend(
      named,
      named.map((_, l) => ranges[l % ranges.length]),
    ),
  };
  const y = {
    type: 'quantitative' as const,
    title: 'Share of values within',
    scale: { zero: false, nice: true },
    axis: { tickCount: 5, format: '.0%' },
  };
  const mean = levels.map((_, l) => {
    const shares = steps.flatMap(({ coverage }) => coverage[l] ?? []);
    return shares.reduce((sum, share) => sum + share, 0) / shares.length;
  });
  return {
    title: 'Coverage by step ahead',
    description: `Dashed: what each interval promises. Held on average: ${named.map((name, l) => `${formatShare(mean[l])} (${name})`).join(', ')}.`,
    spec: {
      ...frame,
      layer: [
        {
          data: { values: levels.map((level, l) => ({ promised: level, series: named[l] })) },
          mark: { ...referenceLine, type: 'rule' },
          encoding: { y: { field: 'promised', ...y }, color: colour },
        },
        {
          data: {
            values: steps.flatMap(({ step, coverage }) =>
              coverage.flatMap((share, l) => (share === null ? [] : [{ step, share, series: named[l] }])),
            ),
          },
          mark: { type: 'line', strokeWidth: 2, tooltip: true, point: { size: 18 } },
          encoding: { x: { field: 'step', ...stepAxis }, y: { field: 'share', ...y }, color: colour },
        },
      ],
    },
  };
}

/** One series: actual values, what was said of its newest ones, and the intervals. */
export function fanChart({ id, error, naive, points }: Fan, { isCalendar, levels }: ForecastFigures): Chart {
  const x = isCalendar
    ? { field: 'at', type: 'temporal' as const, title: null, axis: { tickCount: 5, labelOverlap: true } }
    : {
        field: 'at',
        type: 'quantitative' as const,
        title: null,
        scale: { zero: false },
        axis: { tickCount: 5 },
      };
  const y = (field: string) => ({
    field,
    type: 'quantitative' as const,
    title: null,
    scale: { zero: false, nice: true },
    axis: { tickCount: 5, format: '~s' },
  });
  const at = (text: string): string | number => (isCalendar ? text : Number(text));
  const series = ['actual', 'forecast', 'seasonal naive'] as const;
  const valueOf = { actual: 'actual', forecast: 'yhat', 'seasonal naive': 'naive' } as const;
  const tonesOf = ['var(--ink)', tones.first, tones.second];
  return {
    title: id === '' ? 'The series' : id,
    description: `Error ${formatNumber(error)}, the seasonal naive forecast ${Number.isFinite(naive) ? formatNumber(naive) : 'none'}; bands: ${levels.map((level) => `${formatNumber(Math.round(1000 * level) / 10)} %`).join(' and ')} intervals.`,
    spec: {
      ...frame,
      layer: [
        ...[...levels.keys()].reverse().map((l) => ({
          data: {
            values: points.flatMap((point) =>
              point.lower[l] === null || point.upper[l] === null
                ? []
                : [{ at: at(point.at), lower: point.lower[l], upper: point.upper[l] }],
            ),
          },
          mark: { type: 'area' as const, color: tones.first, opacity: 0.16 },
          encoding: { x, y: y('lower'), y2: { field: 'upper' } },
        })),
        {
          data: {
            values: series.flatMap((name) =>
              points.flatMap((point) => {
                const value = point[valueOf[name]];
                return value === null ? [] : [{ at: at(point.at), value, series: name }];
              }),
            ),
          },
          mark: { type: 'line' as const, strokeWidth: 1.5, tooltip: true },
          encoding: { x, y: y('value'), color: { field: 'series', ...legend(series, tonesOf) } },
        },
      ],
    },
  };
}
