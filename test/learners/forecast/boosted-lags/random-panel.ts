import type { Rng } from '../../../../src/core/rng.js';
import type { PanelSeries, SeriesPanel } from '../../../../src/learners/forecast/boosted-lags/panel.js';

const day = 86_400_000;

/** Daily series with a weekly pattern, a drift, noise, gaps and a yearly sale day, of different lengths. */
export function randomPanel(nSeries: number, rng: Rng, { noise = 0.1, gaps = 0.03 } = {}): SeriesPanel {
  const series = Array.from({ length: nSeries }, (): PanelSeries => {
    const n = 120 + rng.integer(200);
    const level = Math.exp(2 + 5 * rng.uniform());
    const drift = 0.002 * rng.normal();
    return {
      grid: { frequency: { unit: 'millisecond', step: day }, start: (19_000 - n) * day },
      y: Float64Array.from({ length: n }, (_, i) => {
        if (rng.uniform() < gaps) return NaN;
        const weekly = 0.5 * Math.sin((2 * Math.PI * (19_000 - n + i)) / 7);
        return level * Math.exp(weekly + drift * i + noise * rng.normal());
      }),
    };
  });
  const sale = series.map(({ y, grid }) =>
    Float64Array.from({ length: y.length + 60 }, (_, i) => ((grid.start / day + i) % 30 === 0 ? 1 : 0)),
  );
  return { series, events: { sale }, attributes: { size: series.map((_, s) => s % 3) } };
}

/** The same panel with every value after `until` replaced. */
export function movedAfter(
  panel: SeriesPanel,
  until: number,
  to: (y: number, i: number) => number,
): SeriesPanel {
  return {
    ...panel,
    series: panel.series.map(({ y, grid }) => ({
      grid,
      y: y.map((value, i) => (grid.start + i * day > until ? to(value, i) : value)),
    })),
  };
}
