import type { RegressionEvaluation } from '../evaluate.js';
import { formatNumber } from '../format-number.js';
import { type Chart, frame, legend, referenceLine, shown, tones } from './chart.js';

/** The charts of a regression evaluation. */
export function regressionCharts(evaluation: RegressionEvaluation): readonly Chart[] {
  return [observedChart(evaluation), residualChart(evaluation)];
}

function observedChart({ curves: { calibration }, level }: RegressionEvaluation): Chart {
  const ends = calibration.flatMap((bin) => [bin.predicted, bin.lower, bin.upper]);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const observed = `observed, ${formatNumber(100 * level)} % interval`;
  const axis = (field: string, title: string) => ({
    field,
    type: 'quantitative' as const,
    title,
    // A single value still needs an axis to stand on.
    scale: { domain: low === high ? [low - 1, high + 1] : [low, high], zero: false },
    axis: { tickCount: 5, format: '~s' },
  });
  return {
    title: 'Observed over predicted',
    description: `Mean target over mean prediction in ${calibration.length} bins of equal size.`,
    spec: {
      ...frame,
      data: { values: calibration.map((bin) => ({ ...bin, series: observed })) },
      layer: [
        {
          data: {
            values: [
              { at: low, series: 'perfect' },
              { at: high, series: 'perfect' },
            ],
          },
          mark: referenceLine,
          encoding: {
            x: axis('at', 'Mean prediction'),
            y: axis('at', 'Mean target'),
            color: { field: 'series', ...legend(['perfect', observed], [tones.muted, tones.first]) },
          },
        },
        {
          mark: { type: 'rule', color: tones.first, strokeWidth: 1.5 },
          encoding: {
            x: axis('predicted', 'Mean prediction'),
            y: axis('lower', 'Mean target'),
            y2: { field: 'upper' },
          },
        },
        {
          mark: { type: 'point', filled: true, size: 45, opacity: 1 },
          encoding: {
            x: axis('predicted', 'Mean prediction'),
            y: axis('observed', 'Mean target'),
            color: { field: 'series', type: 'nominal' },
            tooltip: [
              shown('predicted', 'Mean prediction', '.4~s'),
              shown('observed', 'Mean target', '.4~s'),
              shown('lower', 'from', '.4~s'),
              shown('upper', 'to', '.4~s'),
            ],
          },
        },
      ],
    },
  };
}

function residualChart({ nRows, curves: { residuals } }: RegressionEvaluation): Chart {
  const last = residuals[residuals.length - 1];
  const spread = residuals[0].from === last.to ? 0.5 : 0;
  return {
    title: 'Residuals',
    description: `Target minus prediction of ${formatNumber(nRows)} rows, from ${formatNumber(residuals[0].from)} to ${formatNumber(last.to)}.`,
    spec: {
      ...frame,
      data: {
        values: residuals.map((bin) => ({ from: bin.from - spread, to: bin.to + spread, rows: bin.nRows })),
      },
      mark: { type: 'bar', color: tones.first, opacity: 0.7, tooltip: true },
      encoding: {
        x: {
          field: 'from',
          type: 'quantitative',
          bin: 'binned',
          title: 'Target − prediction',
          axis: { tickCount: 5, format: '~s' },
        },
        x2: { field: 'to' },
        y: { field: 'rows', type: 'quantitative', title: 'Rows', axis: { tickCount: 5, format: '~s' } },
      },
    },
  };
}
