import { formatNumber } from '../format-number.js';
import type { ExplainedFeature } from '../report.js';
import { type Chart, tones, shown } from './chart.js';

/** Colours of a feature's own value from low to high, missing apart. */
const levels = ['low', 'below the middle', 'above the middle', 'high', 'missing'] as const;
const levelTones = ['var(--low)', 'var(--lower)', 'var(--higher)', 'var(--high)', 'var(--muted)'];

/** Which of the levels each value has, by its rank among the values that are there. */
function levelOf(values: readonly (number | null)[]): (typeof levels)[number][] {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))];
  const [first, middle, third] = [at(0.25), at(0.5), at(0.75)];
  return values.map((value) => {
    if (value === null) return 'missing';
    return value <= first ? 'low' : value <= middle ? levels[1] : value <= third ? levels[2] : 'high';
  });
}

/** Where each of the points lies beside its line, so that points of like contributions do not hide each other. */
function beside(contributions: readonly number[], spread: number): number[] {
  const bins = 60;
  const counts = new Map<number, number>();
  return contributions.map((value) => {
    const bin = Math.round((value / (spread || 1)) * bins);
    const n = counts.get(bin) ?? 0;
    counts.set(bin, n + 1);
    return (n % 2 === 0 ? 1 : -1) * Math.ceil(n / 2);
  });
}

/** A beeswarm: a line a feature, a point a row, how far it moves the margin. */
export function beeswarmChart(features: readonly ExplainedFeature[], unit: string): Chart {
  const all = features.flatMap(({ contributions }) => contributions);
  const spread = Math.max(...all.map(Math.abs), 0);
  const values = features.flatMap(({ name, values: own, contributions }) => {
    const level = levelOf(own);
    const aside = beside(contributions, spread);
    return contributions.map((contribution, i) => ({
      name,
      contribution,
      aside: Math.max(-9, Math.min(9, aside[i])),
      level: level[i],
      value: own[i],
    }));
  });
  return {
    title: 'What moves single rows',
    description: `A point is a row: to the right, the feature raises its ${unit}; strongest feature first (${features
      .slice(0, 3)
      .map(({ name }) => name)
      .join(', ')}). Colour tells whether the feature itself is low or high.`,
    spec: {
      width: 'container',
      height: { step: 26 },
      data: { values },
      mark: { type: 'circle', size: 14, opacity: 0.75 },
      encoding: {
        y: {
          field: 'name',
          type: 'nominal',
          title: null,
          sort: features.map(({ name }) => name),
          axis: { grid: true, domain: false, ticks: false, labelLimit: 170 },
        },
        yOffset: { field: 'aside', type: 'quantitative', scale: { domain: [-10, 10] } },
        x: {
          field: 'contribution',
          type: 'quantitative',
          title: `Contribution to the ${unit}`,
          axis: { tickCount: 6 },
        },
        color: {
          field: 'level',
          type: 'nominal',
          scale: { domain: [...levels], range: levelTones },
          legend: { title: null, orient: 'top', direction: 'horizontal', columns: 3 },
        },
        tooltip: [
          { field: 'name', title: 'Feature', type: 'nominal' },
          shown('value', 'Value', '.4~g'),
          shown('contribution', 'Contribution', '+.3f'),
        ],
      },
    },
  };
}

/** How one feature's contribution depends on its value. */
export function dependenceChart(
  { name, description, values, contributions }: ExplainedFeature,
  unit: string,
): Chart {
  const points = contributions.flatMap((contribution, i) =>
    values[i] === null ? [] : [{ value: values[i], contribution }],
  );
  const mean =
    contributions.reduce((sum, value) => sum + Math.abs(value), 0) / Math.max(1, contributions.length);
  return {
    title: name,
    description: `${description}. Moves the ${unit} by ${formatNumber(mean)} on average.`,
    spec: {
      width: 'container',
      height: 190,
      data: { values: points },
      mark: { type: 'circle', size: 16, opacity: 0.5, color: tones.first },
      encoding: {
        x: {
          field: 'value',
          type: 'quantitative',
          title: name,
          scale: { zero: false, nice: true },
          axis: { tickCount: 5 },
        },
        y: { field: 'contribution', type: 'quantitative', title: 'Contribution', axis: { tickCount: 5 } },
        tooltip: [shown('value', 'Value', '.4~g'), shown('contribution', 'Contribution', '+.3f')],
      },
    },
  };
}
