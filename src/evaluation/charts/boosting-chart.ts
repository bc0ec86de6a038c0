import { formatNumber } from '../format-number.js';
import type { BoostingCurve } from '../report.js';
import { type Chart, frame, legend, tones } from './chart.js';

/** The loss of a booster over its rounds, on rows it was fitted on and on rows it never saw. */
export function boostingChart({ base, loss, points }: BoostingCurve): Chart {
  const [seen, unseen] = ['fitted rows', 'held-out rows'];
  const values = points.flatMap(({ rounds, train, heldOut }) => [
    ...(train === null ? [] : [{ rounds, value: train, series: seen }]),
    { rounds, value: heldOut, series: unseen },
  ]);
  const best = points.reduce((least, point) => (point.heldOut < least.heldOut ? point : least));
  const last = points[points.length - 1];
  return {
    title: `${loss} of ${base} by round`,
    description: `Lowest on held-out rows after ${formatNumber(best.rounds)} of ${formatNumber(last.rounds)} rounds: ${formatNumber(best.heldOut)}; at the end ${formatNumber(last.heldOut)}${last.train === null ? '' : `, and ${formatNumber(last.train)} on rows it was fitted on`}.`,
    spec: {
      ...frame,
      data: { values },
      mark: { type: 'line', strokeWidth: 2, point: { size: 18 }, tooltip: true },
      encoding: {
        x: { field: 'rounds', type: 'quantitative', title: 'Boosting rounds', axis: { tickCount: 6 } },
        y: {
          field: 'value',
          type: 'quantitative',
          title: loss,
          scale: { zero: false, nice: true },
          axis: { tickCount: 5 },
        },
        color: { field: 'series', ...legend([unseen, seen], [tones.first, tones.second]) },
      },
    },
  };
}
